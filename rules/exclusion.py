"""Conflict of interest: who must not see a case. Built in, and widened by rules; applied last, to every recipient."""

import re
from dataclasses import dataclass, field

from cases.model.context import Person
from cases.model.decision import Exclusion
from cases.model.words import Access
from rules.effects import Effects
from rules.facts import Facts
from rules.ruleset import Category
from rules.text.words import WORD, fold

COMPLAINTS = (
    "complain",
    "grievance",
    "accus",
    "allegation",
    "beschwer",
    "vorwurf",
    "plainte",
    "plaindre",
    "queja",
    "denunci",
)
ABOUT = frozenset(["about", "against", "over", "uber", "gegen", "contre", "contra", "sobre", "de"])


@dataclass
class Exclusions:
    """Addresses in lower case with the first reason found."""

    reasons: dict[str, str] = field(default_factory=dict)

    def add(self, address: str, reason: str) -> None:
        """Excludes an address."""
        if address:
            self.reasons.setdefault(address.strip().lower(), reason)

    def add_person(self, person: Person, reason: str) -> None:
        """Excludes a person under every address."""
        for address in (person.address, *person.aliases):
            self.add(address, reason)

    def __contains__(self, address: str) -> bool:
        return address.lower() in self.reasons

    def listed(self) -> tuple[Exclusion, ...]:
        """Everyone excluded, in the order found."""
        return tuple(Exclusion(address, reason) for address, reason in self.reasons.items())


def find_exclusions(facts: Facts, effects: Effects, category: Category) -> Exclusions:
    """Everyone with a conflict of interest.

    Whoever is named, and whoever of the staff reports to them; members of a team that a form names; the sender, where the
    sender is staff; whom rules exclude. In a case of the lowest risk, open to its team, a name is often just a name ("my
    manager approved it"): there only staff who are named step aside.
    """
    found = Exclusions()
    staff = frozenset(address.lower() for address in facts.ruleset.staff)
    routine = facts.ruleset.risk_rank(effects.risk) == 0 and effects.access is Access.MANAGED
    if facts.sender_address:
        own = {facts.sender_address, *([facts.sender.address.lower(), *facts.sender.aliases] if facts.sender else [])}
        for address in sorted(own & staff):
            found.add(address, "their own case")
    for party in facts.parties:
        if party.person and (party.how == "form" or not routine or party.person.address.lower() in staff):
            found.add_person(party.person, f"named in the case ({party.how})")
            _add_reports(party.person, facts, found, staff)
    _add_named_teams(facts, found)
    for who, rule in effects.exclude:
        _add_by_rule(who, f"rule {rule}", facts, found, staff)
    return found


def _add_reports(person: Person, facts: Facts, found: Exclusions, staff: frozenset[str]) -> None:
    """Staff who report to someone named. Others see no cases, and a director's reports are the whole company."""
    for report in facts.context.directory.reports_of(person.address):
        if staff & {report.address.lower(), *(alias.lower() for alias in report.aliases)}:
            found.add_person(report, "reports to someone named in the case")


def _add_named_teams(facts: Facts, found: Exclusions) -> None:
    """Members of a team that a form names as concerned, by its name or label, or that the text complains about."""
    named = {_plain(name) for name in facts.context.named_parties if "@" not in name}
    accused = _accused(facts)
    for team in facts.ruleset.teams.values() if named or accused else ():
        titles = {_plain(title) for title in (team.name, *(label for _, label in team.label))}
        if titles & named or any(_names_team(words, title) for words in accused for title in titles):
            for address in (*team.members, team.lead):
                found.add(address, "in a team named in the case")


def _plain(title: str) -> str:
    return " ".join(WORD.findall(fold(title).replace("_", " ")))


def _accused(facts: Facts) -> tuple[str, ...]:
    """What follows "about" or "against" in sentences that complain, folded: only there a team's name is an accusation."""
    found = []
    for tokens in facts.index.tokens:
        said = " ".join(tokens.folded)
        if not any(complaint in said for complaint in COMPLAINTS):
            continue
        sentences: dict[int, list[str]] = {}
        for sentence, word in zip(tokens.sentences, tokens.folded, strict=True):
            sentences.setdefault(sentence, []).append(word)
        for words in sentences.values():
            if any(word.startswith(COMPLAINTS) for word in words):
                found += [" ".join(words[place + 1 : place + 8]) for place, word in enumerate(words) if word in ABOUT]
    return tuple(found)


def _names_team(words: str, title: str) -> bool:
    """Whether these words begin with a team of this title: "the payroll team", "das Team Payroll"."""
    kinds = r"(team|department|dept|abteilung|equipe|service|equipo|departamento)"
    articles = r"((the|our|your|my|whole|entire|das|die|der|unser|unsere|l|le|la|notre|el|nuestro) )*"
    return (
        re.match(rf"{articles}({re.escape(title)} {kinds}|{kinds} (de )?(la )?{re.escape(title)})\b", words) is not None
    )


def _add_by_rule(who: str, reason: str, facts: Facts, found: Exclusions, staff: frozenset[str]) -> None:
    ruleset = facts.ruleset
    people = [party.person for party in facts.parties if party.person]
    if who == "named_people":
        for person in people:
            found.add_person(person, reason)
    elif who == "their_reports":
        for person in people:
            _add_reports(person, facts, found, staff)
    elif who == "senders_manager":
        manager = facts.sender.manager if facts.sender else ""
        known = facts.context.directory.find(manager) if manager else None
        if known:
            found.add_person(known, reason)
        found.add(manager, reason)
    elif who == "sender":
        found.add(facts.sender_address, reason)
    else:
        group = ruleset.people.get(who) or ruleset.teams.get(who)
        for address in group.members if group else (who,):
            found.add(address, reason)
