"""Tests of who sent it: address, and what the directory says of that person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.conditions.support import matches, members_of
from rules.expressions import FALSE, UNKNOWN, Outcome, holds
from rules.facts import Facts
from rules.language import doubts
from rules.language.doubts import Doubted
from rules.language.reader import Reader
from rules.language.shapes import Field, ListOf, Name, Record, Text, Truth
from rules.language.tree import Node
from rules.registry import Definition, Example

ATTRIBUTES = ("department", "location", "country", "grade", "job_title", "organisation", "language")


@dataclass(frozen=True, slots=True)
class Sender:
    """What must hold of the sender, every part of it."""

    address: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    known: bool | None = None
    in_team: tuple[str, ...] = ()
    in_people: tuple[str, ...] = ()

    def evaluate(self, facts: Facts) -> Outcome:
        """Unknown when an attribute that it tests is unknown; nothing is known of a sender who is not believed."""
        address = facts.sender_address
        if self.known is not None and (facts.sender is not None) != self.known:
            return FALSE
        if not address and (self.address or self.attributes or self.in_team or self.in_people):
            return UNKNOWN
        if self.address and not any(matches(address, pattern) for pattern in self.address):
            return FALSE
        if self.in_team or self.in_people:
            own = {address, *((facts.sender.address.lower(), *facts.sender.aliases) if facts.sender else ())}
            if not own & members_of(facts.ruleset, self.in_team, self.in_people):
                return FALSE
        return self._attributes(facts)

    def _attributes(self, facts: Facts) -> Outcome:
        evidence = []
        unknown = False
        for name, wanted in self.attributes:
            value = str(getattr(facts.sender, name, "") or "")
            unknown = unknown or not value
            if value and not any(matches(value, pattern) for pattern in wanted):
                return FALSE
            evidence.append(f"{name} {value}")
        verified = "" if facts.submission.authenticity == "pass" else "unverified sender"
        return UNKNOWN if unknown else holds(tuple(evidence), verified or "sender")

    def words(self) -> str:
        """In words."""
        parts = [f"{name} is {' or '.join(values)}" for name, values in self.attributes]
        parts += [f"address is {' or '.join(self.address)}"] if self.address else []
        parts += [f"in team {' or '.join(self.in_team)}"] if self.in_team else []
        parts += [f"among {' or '.join(self.in_people)}"] if self.in_people else []
        parts += [] if self.known is None else ["in the directory" if self.known else "not in the directory"]
        return f"sender {' and '.join(parts)}"


def _make(value: Sender, options: Mapping[str, Any], reader: Reader, node: Node) -> Sender:
    for name in ATTRIBUTES:
        reader.ask(f"person.{name}", node.get(name))
    return value


def _record(**values: Any) -> Sender:
    attributes = tuple((name, values.pop(name)) for name in ATTRIBUTES if name in values)
    return Sender(attributes=attributes, **values)


_FIELDS = {
    "address": Field(
        ListOf(Doubted(Text("an address"), doubts.address)),
        "the address; `*` stands for anything, as in `*@acme.example`",
    ),
    **{name: Field(ListOf(Text()), f"the {name.replace('_', ' ')} in the directory") for name in ATTRIBUTES},
    "country": Field(ListOf(Doubted(Text(), doubts.country_pattern)), "the country in the directory"),
    "known": Field(Truth(), "whether the directory has this person"),
    "in_team": Field(ListOf(Name("teams")), "a member of this team"),
    "in_people": Field(ListOf(Name("people")), "one of these people"),
}

DEFINITION = Definition(
    name="sender",
    about="Who sent it. An attribute that the directory does not know, or of a sender who failed the check of "
    "authenticity, is *unknown*: it satisfies neither this test nor its negation.",
    shape=Record(_record, _FIELDS, "the test of a sender"),
    make=_make,
    example=Example(
        yaml="{sender: {grade: [executive, director]}}",
        given="{from: cleo@acme.example, directory: [{address: cleo@acme.example, grade: executive}]}",
        otherwise="{from: cleo@acme.example}",
    ),
)
