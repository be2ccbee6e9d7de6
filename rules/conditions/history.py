"""True when enough earlier cases share something with this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cases.model.context import Alike
from rules.expressions import FALSE, UNKNOWN, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Choice, Field, ListOf, Number, Record, Written
from rules.language.spans import read_duration
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class History:
    """What earlier cases must share, how many, within what time. This case is counted too."""

    same: tuple[str, ...]
    at_least: int
    within: timedelta

    def evaluate(self, facts: Facts) -> Outcome:
        """Unknown where what should be the same is unknown: an anonymous sender has no earlier cases."""
        parties = [party.person.address for party in facts.parties if party.person] if "party" in self.same else [""]
        known = {"sender": facts.sender_address, "category": facts.decided.category, "team": facts.decided.team,
                 "party": parties[0] if parties else ""}  # fmt: skip
        if any(not known[name] for name in self.same):
            return UNKNOWN
        count = 1 + max(self._earlier(facts, party) for party in parties)
        if count < self.at_least:
            return FALSE
        return holds((f"{count} in {self.within.days} days",), "history")

    def _earlier(self, facts: Facts, party: str) -> int:
        return facts.context.history.count(
            Alike(
                same=self.same,
                within=self.within,
                sender=facts.sender_address,
                category=facts.decided.category,
                team=facts.decided.team,
                party=party,
                besides=facts.context.case_id,
            )
        )

    def words(self) -> str:
        """In words."""
        return f"at least {self.at_least} cases of the same {' and '.join(self.same)} in {self.within.days} days"


def _make(value: History, options: Mapping[str, Any], reader: Reader, node: Node) -> History:
    return value


_FIELDS = {
    "same": Field(ListOf(Choice(("sender", "category", "party", "team"))), "what the cases share", required=True),
    "at_least": Field(Number(2, 1000, whole=True), "how many cases, this one among them", required=True),
    "within": Field(Written(lambda text, _: read_duration(text), "a time like 90 days"), "how far back", required=True),
}

DEFINITION = Definition(
    name="history",
    about="How many cases share the sender, the category, a party or the team, this one counted. In phase `assess` or "
    "later, since only then the category is decided. Unknown for an anonymous sender.",
    shape=Record(History, _FIELDS, "the test of what came before"),
    make=_make,
    example=Example(
        yaml="{history: {same: [sender], at_least: 3, within: 90 days}}",
        given="{from: bob@acme.example, history: 2}",
        otherwise="{from: bob@acme.example, history: 1}",
    ),
)
