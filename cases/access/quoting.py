"""Quoting: whether a notice by mail may carry what was said, to whom; decided when the notice leaves."""

from collections.abc import Sequence

from cases.model.words import Access

HIGH = "high"
"""From this level on nothing is quoted in a managed case; a ruleset without a level of that name: from its second highest."""


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
        return not is_high(risk, levels)
    return access is Access.RESTRICTED and category_says


def is_high(risk: str, levels: Sequence[str]) -> bool:
    """Whether a risk is one of those of which nothing is quoted; an unknown one is."""
    return risk not in levels or list(levels).index(risk) >= _high(levels)


def _high(levels: Sequence[str]) -> int:
    return list(levels).index(HIGH) if HIGH in levels else max(len(levels) - 2, 0)
