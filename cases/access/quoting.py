"""Quoting: whether a notice by mail may carry what was said, to whom; decided when the notice leaves."""

from collections.abc import Sequence

from cases.model.risk import is_grave
from cases.model.words import Access


def may_quote(
    access: Access,
    risk: str,
    levels: Sequence[str],
    *,
    category_says: bool,
    same_organisation: bool,
    needs_look: bool = False,
) -> bool:
    """Whether the owner's working notice may quote the new text.

    On managed cases below high risk; on restricted ones only where the category says `quote: true`; on sealed ones never;
    never to another organisation, nor before a triager has looked where the classifier asks for that. `levels` are
    the ruleset's, lowest first; an unknown risk counts as the highest.
    """
    if not same_organisation or needs_look:
        return False
    if access is Access.MANAGED:
        return not is_grave(risk, levels)
    return access is Access.RESTRICTED and category_says
