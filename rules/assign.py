"""Who gets the case: team, owner, backup, guardian, and everyone who is told. Nobody excluded is ever among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from cases.model.decision import Notice, Where
from cases.model.risk import is_grave
from cases.model.words import Access, AutomaticKind, Channel
from rules.effects import Effects
from rules.exclusion import Exclusions, may_take, usual_team
from rules.facts import Facts
from rules.ruleset import GUARDIAN, Category, Team

HELD = "everyone who could see this case is in conflict with it, the guardians too"
LOOK = "look_today"
"""The tag by which a rule asks for a triager's look."""
MOST_BACKUPS = 5
"""Backups followed from one group to the next."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who handles the case. `category` is the category with its variations applied."""

    category: Category
    team: str
    owner: str
    backup: str
    guardian: tuple[str, ...]
    escalated_to: tuple[str, ...]
    notices: tuple[Notice, ...]
    alarms: tuple[str, ...] = ()
    held_because: str = ""
    needs_look: bool = False
    meant_for: str = ""


class Roster:
    """Answers who stands for a name in this case: present before absent, backups where needed, excluded never."""

    def __init__(self, facts: Facts, exclusions: Exclusions) -> None:
        self._facts = facts
        self._exclusions = exclusions
        self._absent = {address.lower() for address in facts.context.absent}
        self._signs_in = cache(partial(signs_in, facts))
        self.team = ""
        self.owner = ""

    @property
    def guardian(self) -> tuple[str, ...]:
        """The guardians who are not excluded; empty when all are."""
        return self.signing_in(self.allowed(self._facts.ruleset.people[GUARDIAN].members))

    def signing_in(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """These people by the addresses that they sign in with, nobody twice."""
        return tuple(dict.fromkeys(self._signs_in(one) for one in addresses if one))

    def allowed(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Those who are not excluded and have not left."""
        return tuple(one for one in addresses if one and self._may(one) and self._may(self._signs_in(one)))

    def _may(self, address: str) -> bool:
        return address not in self._exclusions and address.lower() not in self._facts.context.gone

    def present(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Those who are neither excluded nor away."""
        here = self.allowed(addresses)
        return tuple(one for one in here if not self._absent & {one.lower(), self._signs_in(one).lower()})

    def stand_for(self, name: str) -> tuple[str, ...]:
        """Who is meant by the name of a group, a team, a role or an address; the guardian where nobody is left."""
        return self.signing_in(self._stand_for(name, 0)) or self.guardian

    def _stand_for(self, name: str, depth: int) -> tuple[str, ...]:
        members, backup = self._members(name)
        here = self.present(members)
        if here or not members:
            return here
        stand_in = self._stand_for(backup, depth + 1) if backup and depth < MOST_BACKUPS else ()
        return stand_in or self.allowed(members)

    def _members(self, name: str) -> tuple[tuple[str, ...], str]:
        """Members and backup of a name."""
        ruleset = self._facts.ruleset
        if name in ruleset.people:
            return ruleset.people[name].members, ruleset.people[name].backup
        if name in ruleset.teams:
            return ruleset.teams[name].members, ruleset.teams[name].backup
        team = ruleset.teams.get(self.team)
        backup = team.backup if team else ""
        if name == "owner":
            return ((self.owner,) if self.owner else ()), ""
        if name == "team":
            return self._members(self.team) if self.team else ((), "")
        if name == "team_lead":
            members, other = self._members(self.team) if self.team else ((), "")
            return ((team.lead,) if team else members[:1]), backup or other
        if name == "on_call":
            return (on_call(team, self._facts) if team else ()), backup
        if name == "senders_manager":
            manager = self._facts.sender.manager.lower() if self._facts.sender else ""
            return ((manager,) if manager else ()), ""
        return (name,), ""


def signs_in(facts: Facts, address: str) -> str:
    """The address that a person signs in with, where the ruleset names them by another that the directory knows as theirs."""
    staff = facts.context.staff
    if not staff or not address or address.lower() in staff:
        return address
    person = facts.context.directory.find(address)
    own = (person.address, *person.aliases) if person else ()
    return next((one.lower() for one in own if one.lower() in staff), address)


def on_call(team: Team, facts: Facts) -> tuple[str, ...]:
    """The member whose week it is, then the others in turn. Weeks change at midnight of the ruleset's zone."""
    start = team.on_call_from
    if start is None:
        return team.members
    today = facts.now.astimezone(ZoneInfo(facts.ruleset.settings.timezone)).date()
    turn = ((today - start) // timedelta(weeks=1)) % len(team.members)
    return (*team.members[turn:], *team.members[:turn])


def assign(
    facts: Facts, effects: Effects, category: Category, exclusions: Exclusions, before: dict[str, str]
) -> Assignment:
    """Chooses team, owner and backup, and resolves everyone to be told. A reply keeps its owner unless excluded."""
    roster = Roster(facts, exclusions)
    varied = facts.ruleset.category_in(category.name, where_of(facts, category.team))
    look = needs_look(facts, effects)
    team = _team(facts, effects, varied, before, outside=not look)
    meant = _team(facts, effects, varied, before, outside=True) if look and not before else team
    roster.team = team
    kept = before.get("owner", "")
    owner = kept if kept and roster.allowed((kept,)) else signs_in(facts, _owner(facts, effects, roster))
    roster.owner = owner
    guardian = roster.guardian
    members = roster.stand_for(team)
    stand_ins = [one for one in roster.signing_in((*_backups(facts, team), *members, *guardian)) if one != owner]
    backup = next(iter((*roster.present(stand_ins), *roster.allowed(stand_ins))), "")
    escalated = _resolved(roster, effects.escalate_to)
    alarms = () if not kept or owner == kept else ("the owner is in conflict with this case and was replaced",)
    return Assignment(
        category=varied,
        team=team,
        owner=owner,
        backup=backup,
        guardian=guardian,
        escalated_to=tuple(dict.fromkeys(address for _, addresses in escalated for address in addresses)),
        notices=_notices(facts, effects, roster, escalated, is_new=not before),
        alarms=alarms if owner else (*alarms, HELD),
        held_because="" if owner else HELD,
        needs_look=look,
        meant_for=meant if meant != team else "",
    )


def needs_look(facts: Facts, effects: Effects) -> bool:
    """Whether a triager looks before anything is quoted or goes outside: the classifier or a rule's tag asks for it, and
    nothing has made the case one of those that are kept close anyway.
    """
    written = facts.submission.automatic.kind is AutomaticKind.NONE
    calm = not is_grave(effects.risk, facts.ruleset.risk_levels) and effects.access is not Access.SEALED
    return written and calm and (facts.assessment.caution or LOOK in effects.tags)


def where_of(facts: Facts, team: str) -> Where:
    """What entries vary by: the sender's country and site as far as they are known, and the team's organisation."""
    sender, handler = facts.sender, facts.ruleset.teams.get(team)
    country, site = (sender.country, sender.location) if sender else ("", "")
    through = facts.alias.organisation if facts.alias else ""
    return Where(country, site, (handler.organisation if handler else "") or through)


def _team(facts: Facts, effects: Effects, category: Category, before: dict[str, str], *, outside: bool) -> str:
    """Rule before category; a reply stays where it is; an outside team hands over what it may not take (now)."""
    ruleset = facts.ruleset
    name = before.get("team") or effects.value("route_to") or usual_team(facts, effects, category)
    if name not in ruleset.teams and name not in ruleset.people:
        name = category.team
    for _ in ruleset.teams:
        team = ruleset.teams.get(name)
        if team is None or not team.organisation or (outside and may_take(team, category, facts, effects)):
            return name
        name = team.hand_over or GUARDIAN
    return GUARDIAN


def _owner(facts: Facts, effects: Effects, roster: Roster) -> str:
    """The owner by the team's way of choosing; then its backup; then the guardian; "" when all are excluded."""
    team = facts.ruleset.teams.get(roster.team)
    if team is None:
        return next(iter(roster.stand_for(roster.team)), "")
    candidates = roster.present(on_call(team, facts) if team.assign == "on_call" else team.members)
    if not candidates:
        return next(iter(roster.stand_for(team.name)), "")
    skill = effects.value("assign_to_skill")
    skill = facts.language if skill == "language" else skill
    skilled = dict(team.skills).get(skill, ())
    candidates = tuple(address for address in candidates if address in skilled) or candidates
    return _chosen(team, candidates, facts)


def _chosen(team: Team, candidates: tuple[str, ...], facts: Facts) -> str:
    open_cases = {address.lower(): count for address, count in facts.context.history.open_by_owner().items()}
    most = dict(team.load)
    has = {one: open_cases.get(signs_in(facts, one).lower(), 0) for one in candidates}
    free = [one for one in candidates if has[one] < most.get(one, 1_000_000)] or list(candidates)
    if team.assign == "least_open":
        return min(free, key=lambda address: has[address])
    if team.assign == "round_robin" and len(free) > 1:
        return free[facts.context.history.turn(team.name) % len(free)]
    return free[0]


def _backups(facts: Facts, team: str) -> tuple[str, ...]:
    """Who stands in for the owner, before the rest of the team."""
    found = facts.ruleset.teams.get(team)
    return (found.backup, found.lead) if found else ()


Resolved = tuple[tuple[str, tuple[str, ...]], ...]
"""(rule id, addresses) pairs."""


def _resolved(roster: Roster, wanted: Iterable[tuple[str, str]]) -> Resolved:
    """Who is told because of which rule; nobody twice."""
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for name, rule in wanted:
        for address in roster.stand_for(name):
            if address not in seen:
                seen.add(address)
                found.setdefault(rule, []).append(address)
    return tuple((rule, tuple(addresses)) for rule, addresses in found.items())


def _notices(
    facts: Facts, effects: Effects, roster: Roster, escalated: Resolved, *, is_new: bool
) -> tuple[Notice, ...]:
    """Escalations first, then the owner of a new case, then who else is told."""
    # Of an anonymous report nobody hears at once only because it is grave: when a notice came would say when it did.
    gravest = facts.ruleset.risk_rank(effects.risk) == len(facts.ruleset.risk_levels) - 1
    top = gravest and facts.submission.channel is not Channel.ANONYMOUS
    notices = [Notice("escalation", who, rule, urgent=top or rule in effects.urgent) for rule, who in escalated]
    if is_new and roster.owner:
        notices.append(Notice("owner", (roster.owner,), "", urgent=top))
    told = {address for notice in notices for address in notice.recipients}
    for rule, who in _resolved(roster, effects.notify):
        others = tuple(address for address in who if address not in told)
        if others:
            notices.append(Notice("notify", others, rule, urgent=rule in effects.urgent))
    return tuple(notices)
