"""True when someone is named: by a form, or in the text by name, title or relation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.errors import Refused
from rules.conditions.support import matches, members_of
from rules.expressions import FALSE, UNKNOWN, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Field, ListOf, Name, Record, Text, Truth
from rules.language.tree import Node
from rules.parties import NamedParty
from rules.registry import Definition, Example

ATTRIBUTES = ("department", "location", "country", "grade", "job_title", "organisation")


@dataclass(frozen=True, slots=True)
class Party:
    """What must hold of one and the same person named."""

    in_team: tuple[str, ...] = ()
    in_people: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    known: bool | None = None
    senders_manager: bool | None = None

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the words that name them; unknown when the only candidates lack a tested attribute."""
        results = [(self._fits(party, facts), party) for party in facts.parties]
        true = [party for fits, party in results if fits]
        if true:
            evidence = tuple(dict.fromkeys(f"{party.words} ({party.how})" for party in true))
            return holds(evidence, "form" if true[0].how == "form" else "text")
        return UNKNOWN if any(fits is None for fits, _ in results) else FALSE

    def _fits(self, party: NamedParty, facts: Facts) -> bool | None:
        if self.known is not None and (party.person is not None) != self.known:
            return False
        if self.senders_manager is not None and self._is_manager(party, facts) != self.senders_manager:
            return False
        if party.person is None:
            return None if self.in_team or self.in_people or self.attributes else True
        wanted = members_of(facts.ruleset, self.in_team, self.in_people)
        own = {address.lower() for address in (party.person.address, *party.person.aliases)}
        if (self.in_team or self.in_people) and not own & wanted:
            return False
        return self._attributes(party)

    def _attributes(self, party: NamedParty) -> bool | None:
        unknown = False
        for name, patterns in self.attributes:
            value = str(getattr(party.person, name, "") or "")
            unknown = unknown or not value
            if value and not any(matches(value, pattern) for pattern in patterns):
                return False
        return None if unknown else True

    @staticmethod
    def _is_manager(party: NamedParty, facts: Facts) -> bool:
        manager = facts.sender.manager.lower() if facts.sender else ""
        return party.how == "manager" or (party.person is not None and party.person.address.lower() == manager != "")

    def words(self) -> str:
        """In words."""
        parts = [f"in team {' or '.join(self.in_team)}"] if self.in_team else []
        parts += [f"among {' or '.join(self.in_people)}"] if self.in_people else []
        parts += [f"{name} is {' or '.join(values)}" for name, values in self.attributes]
        parts += [] if self.known is None else ["in the directory" if self.known else "whom nobody knows"]
        if self.senders_manager is not None:
            parts.append("the sender's manager" if self.senders_manager else "not the sender's manager")
        return f"names someone {' and '.join(parts)}".rstrip()


def _make(value: Party, options: Mapping[str, Any], reader: Reader, node: Node) -> Party:
    for name in ATTRIBUTES:
        reader.ask(f"person.{name}", node.get(name))
    return value


def _record(**values: Any) -> Party:
    if not values:
        raise Refused("say who must be named, as in {in_team: er} or {known: true}")
    attributes = tuple((name, values.pop(name)) for name in ATTRIBUTES if name in values)
    return Party(attributes=attributes, **values)


DEFINITION = Definition(
    name="party",
    about="Someone is named, by a form or in the text: by address, name, nickname, initials with surname, a job title that "
    "one person has, or as `my manager`. Who is only greeted or thanked is not named.",
    shape=Record(
        _record,
        {
            "in_team": Field(ListOf(Name("teams")), "a member of this team"),
            "in_people": Field(ListOf(Name("people")), "one of these people"),
            **{name: Field(ListOf(Text()), f"their {name.replace('_', ' ')} in the directory") for name in ATTRIBUTES},
            "known": Field(Truth(), "false: a name that the directory does not know"),
            "senders_manager": Field(Truth(), "the sender's manager"),
        },
        "the test of a party",
    ),
    make=_make,
    example=Example(
        yaml="{party: {grade: executive}}",
        given="{text: Dana Cole shouted at me., directory: [{address: dana@acme.example, name: Dana Cole, grade: executive}]}",
        otherwise="{text: Somebody shouted at me., directory: [{address: dana@acme.example, name: Dana Cole, grade: executive}]}",
    ),
)
