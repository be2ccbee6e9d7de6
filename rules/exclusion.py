"""Conflict of interest: who must not see a case. Built in, and widened by rules; applied last, to every recipient."""

import re
from dataclasses import dataclass, field

from cases.model.context import Person
from cases.model.decision import NAMED, Exclusion
from cases.model.risk import is_grave
from cases.model.words import Access
from rules.effects import Effects
from rules.facts import Facts
from rules.parties import NamedParty, plain, titles_of
from rules.ruleset import Category, Team

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
    outsiders: frozenset[str] = frozenset()
    """Whom another organisation employs, in a case that it may not take: no recipients either, without being in conflict."""

    def add(self, address: str, reason: str) -> None:
        """Excludes an address."""
        if address:
            self.reasons.setdefault(address.strip().lower(), reason)

    def add_person(self, person: Person, reason: str) -> None:
        """Excludes a person under every address."""
        for address in (person.address, *person.aliases):
            self.add(address, reason)

    def __contains__(self, address: str) -> bool:
        return address.lower() in self.reasons or address.lower() in self.outsiders

    def listed(self) -> tuple[Exclusion, ...]:
        """Everyone excluded, in the order found."""
        return tuple(Exclusion(address, reason) for address, reason in self.reasons.items())


def find_exclusions(facts: Facts, effects: Effects, category: Category) -> Exclusions:
    """Everyone with a conflict of interest.

    Whoever is named, and whoever of the staff reports to them; members of a team or department that a form names; whomever
    the reporter reports to, when they ask for it; the sender, where the sender is staff; whom rules exclude; whoever was
    kept away from the case before. In a case of the lowest risk, open to its team, a name is often just a name ("my manager
    approved it"): there only staff who are named step aside.
    """
    found = Exclusions(outsiders=_outsiders(facts, effects, category))
    for address in facts.context.excluded:
        found.add(address, "kept away from this case before")
    if facts.sender_address:
        own = {facts.sender_address, *([facts.sender.address.lower(), *facts.sender.aliases] if facts.sender else [])}
        for address in sorted(own & facts.staff):
            found.add(address, "their own case")
    _add_parties(facts, effects, found)
    _add_named_teams(facts, found)
    if facts.submission.keep_from_managers:
        _add_chain(facts, found, "the reporter reports to them")
    for who, rule in effects.exclude:
        _add_by_rule(who, f"rule {rule}", facts, found)
    for address, reason in tuple(found.reasons.items()):  # whoever is kept away is so under each address they have
        if person := facts.context.directory.find(address):
            found.add_person(person, reason)
    return found


def may_take(team: Team, category: Category, facts: Facts, effects: Effects) -> bool:
    """Whether an outside team may handle it: a family it lists, open access, and below high risk."""
    return team.lists(category) and _is_open(facts, effects)


def usual_team(facts: Facts, effects: Effects, category: Category) -> str:
    """Who handles it when no rule says: the team of the alias it was written to, as far as it may, else the category's."""
    alias = facts.alias
    team = facts.ruleset.teams.get(alias.team) if alias else None
    if team is None:
        return category.team
    fitting = may_take(team, category, facts, effects) if team.organisation else _is_open(facts, effects)
    return team.name if fitting else category.team


def _is_open(facts: Facts, effects: Effects) -> bool:
    """Open access, and below high risk."""
    return effects.access is Access.MANAGED and not is_grave(effects.risk, facts.ruleset.risk_levels)


def _outsiders(facts: Facts, effects: Effects, category: Category) -> frozenset[str]:
    """Members of outside teams that may not take this case, and of no other team or group."""
    teams = facts.ruleset.teams.values()
    outside = [team for team in teams if team.organisation and not may_take(team, category, facts, effects)]
    if not outside:
        return frozenset()
    groups = [team.members for team in teams if team not in outside]
    groups += [group.members for group in facts.ruleset.people.values()]
    known = {address.lower() for members in groups for address in members}
    return frozenset(address.lower() for team in outside for address in team.members) - known


def is_routine(facts: Facts, effects: Effects) -> bool:
    """Of the lowest risk and open to its team: there a name is often just a name."""
    return facts.ruleset.risk_rank(effects.risk) == 0 and effects.access is Access.MANAGED


def _add_parties(facts: Facts, effects: Effects, found: Exclusions) -> None:
    routine = is_routine(facts, effects)
    for party in facts.parties:
        if knows_from_answers(party, facts):
            continue
        if party.person and (party.how == "form" or not routine or _is_staff(party.person, facts)):
            found.add_person(party.person, f"{NAMED} ({party.how})")
            _add_reports(party.person, facts, found)
        elif party.how == "manager" and not party.person:
            _add_chain(facts, found, f"{NAMED} (manager)", levels=1)


def knows_from_answers(party: NamedParty, facts: Facts) -> bool:
    """Whether the text names somebody who has answered its writer in this case: "as Erin told me" accuses nobody, and must
    not take an investigation from its investigator. A form's field does, and the tag `handler_named` lets a lead look.
    """
    answered = facts.context.answered_by
    return party.how != "form" and party.person is not None and bool(answered & _addresses(party.person))


def _addresses(person: Person) -> set[str]:
    return {address.lower() for address in (person.address, *person.aliases)}


def _is_staff(person: Person, facts: Facts) -> bool:
    return bool(facts.staff & _addresses(person))


def _add_reports(person: Person, facts: Facts, found: Exclusions) -> None:
    """Staff who report to someone named. Others see no cases, and a director's reports are the whole company."""
    for report in facts.context.directory.reports_of(person.address):
        if _is_staff(report, facts):
            found.add_person(report, "reports to someone named in the case")


def _add_chain(facts: Facts, found: Exclusions, reason: str, levels: int | None = None) -> None:
    """Whomever the stated sender reports to, so many levels up; in doubt about the sender too: it only keeps away."""
    directory, sender = facts.context.directory, facts.stated_sender
    for address in directory.chain_of(sender)[:levels] if sender else ():
        person = directory.find(address)
        found.add_person(person, reason) if person else found.add(address, reason)


def _add_named_teams(facts: Facts, found: Exclusions) -> None:
    """Members of a team that a form names as concerned, by its name or label, or that the text complains about; and staff
    of a department of the directory that a form names.
    """
    named = {plain(name) for name in facts.named if "@" not in name}
    accused = _accused(facts)
    for team in facts.ruleset.teams.values() if named or accused else ():
        titles = titles_of(team)
        if titles & named or any(_names_team(words, title) for words in accused for title in titles):
            for address in (*team.members, team.lead):
                found.add(address, "in a team named in the case")
    for address in sorted(facts.staff) if named else ():
        person = facts.context.directory.find(address)
        if person and person.department and plain(person.department) in named:
            found.add_person(person, "in a department named in the case")


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


def _add_by_rule(who: str, reason: str, facts: Facts, found: Exclusions) -> None:
    ruleset = facts.ruleset
    people = [party.person for party in facts.parties if party.person]
    if who == "named_people":
        for person in people:
            found.add_person(person, reason)
    elif who == "their_reports":
        for person in people:
            _add_reports(person, facts, found)
    elif who in {"senders_manager", "senders_chain"}:
        _add_chain(facts, found, reason, levels=1 if who == "senders_manager" else None)
    elif who == "sender":
        found.add(facts.submission.sender.address, reason)
    else:
        group = ruleset.people.get(who) or ruleset.teams.get(who)
        for address in group.members if group else (who,):
            found.add(address, reason)
