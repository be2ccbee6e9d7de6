"""True when a machine wrote it: an absence notice, a bounce, a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.model.words import AutomaticKind
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Choice, ListOf, OneOf, Truth
from rules.language.tree import Node
from rules.registry import Definition, Example

KINDS = tuple(str(kind) for kind in AutomaticKind if kind is not AutomaticKind.NONE)


@dataclass(frozen=True, slots=True)
class Automatic:
    """Kinds of automatic mail, one of which it must be; none for a person's own."""

    kinds: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the reason the normaliser gave."""
        automatic = facts.submission.automatic
        kind = str(automatic.kind)
        if kind == AutomaticKind.NONE:
            return FALSE if self.kinds else holds((), "headers")
        return holds((automatic.reason or kind,), "headers") if kind in self.kinds else FALSE

    def words(self) -> str:
        """In words."""
        return f"automatic mail ({' or '.join(self.kinds)})" if self.kinds else "written by a person"


def _make(value: Any, options: Mapping[str, Any], reader: Reader, node: Node) -> Automatic:
    if isinstance(value, bool):
        return Automatic(KINDS if value else ())
    return Automatic(tuple(value))


_KIND = ListOf(Choice(KINDS))

DEFINITION = Definition(
    name="automatic",
    about="Whether a machine wrote it (RFC 3834): true, false, or which kind.",
    shape=OneOf((("truth", Truth()), ("text", _KIND), ("list", _KIND))),
    make=_make,
    example=Example(yaml="{automatic: auto-reply}", given="{automatic: auto-reply}", otherwise="{automatic: none}"),
)
