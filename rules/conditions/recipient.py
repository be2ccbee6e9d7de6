"""True when the mail went to an address: which alias people chose says what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.conditions.support import matches
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language import doubts
from rules.language.doubts import Doubted
from rules.language.reader import Reader
from rules.language.shapes import ListOf, Text
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Recipient:
    """Addresses, one of which must be among the recipients of the mail or of its envelope."""

    addresses: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the address found."""
        submission = facts.submission
        stated = (entry.address for entry in (*submission.to, *submission.cc))
        for address in (*submission.envelope_recipients, *stated):
            if any(matches(address, pattern) for pattern in self.addresses):
                return holds((address,), "recipients")
        return FALSE

    def words(self) -> str:
        """In words."""
        return f"sent to {' or '.join(self.addresses)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Recipient:
    for one in node.items or (node,):
        if "*" not in str(one.value):
            reader.ask("recipient", one)
    return Recipient(value)


DEFINITION = Definition(
    name="recipient",
    about="The address it was sent to (To, Cc, or the envelope). `*` stands for anything.",
    shape=ListOf(Doubted(Text("an address"), doubts.address)),
    make=_make,
    example=Example(
        yaml="{recipient: payroll@acme.example}",
        given="{to: payroll@acme.example}",
        otherwise="{to: hr@acme.example}",
    ),
)
