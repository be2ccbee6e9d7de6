"""Sight: which cases exist for a person, as one condition in SQL and as one look at one case; and the keys they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, false, or_, select

from cases.access.policy import (
    PROVIDER,
    READS_EVERY_MANAGED,
    READS_RESTRICTED,
    WORKS_ON_CASES,
    Action,
    Relation,
    may,
    may_see,
)
from cases.errors import Refused
from cases.keys.sealing import KeyPair, unseal
from cases.keys.wraps import wrap_place
from cases.model.words import Access, Channel, Compartment, Status
from cases.store import tables
from cases.store.people import Person

NO_SUCH_CASE = "no such case"
"""The one answer for a case that does not exist and for one that does not exist for you."""

Teams = Mapping[str, frozenset[str]]
"""Addresses of each team's members, in lower case; from the published ruleset."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of staff who looks, with the teams as they are now."""

    person: Person
    teams: Teams = field(repr=False)
    closed: frozenset[Access] = frozenset()
    """Levels of access that are closed to them for now (see `cases.access.training`)."""

    @property
    def roles(self) -> frozenset[str]:
        """Their roles."""
        return frozenset(self.person.roles)

    @property
    def own_teams(self) -> tuple[str, ...]:
        """The teams they are in."""
        return tuple(name for name, members in self.teams.items() if self.person.address in members)


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case that exists for a viewer: its row and what they are to it."""

    row: Row[Any] = field(repr=False)
    relation: Relation

    @property
    def id(self) -> str:
        """The case's id."""
        return str(self.row.id)

    @property
    def access(self) -> Access:
        """Who can read it."""
        return Access(self.row.access)

    @property
    def status(self) -> Status:
        """Where it stands."""
        return Status(self.row.status)

    def moment(self, now: datetime) -> datetime:
        """The time to write down for what happens to it: to the day where the reporter is anonymous."""
        if self.row.channel != Channel.ANONYMOUS.value:
            return now
        return now.replace(hour=0, minute=0, second=0, microsecond=0)

    def may(self, action: Action) -> bool:
        """Whether the viewer may do this with it."""
        return may(self.relation, self.access, action)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """`may_see` as a condition on `tables.case`: for lists and counts, so that nothing unseen is ever fetched."""
    case, address, roles = tables.case, viewer.person.address, viewer.roles
    managed = case.c.access == Access.MANAGED.value
    exclusion = tables.exclusion
    kept_from = select(exclusion.c.case_id).where(exclusion.c.person == address)  # asked once, not for each case
    seen = and_(case.c.id.not_in(kept_from), case.c.access.not_in(sorted(viewer.closed)), case.c.erased_at.is_(None))
    if not roles & WORKS_ON_CASES:
        return false()
    if PROVIDER in roles:
        return and_(seen, managed, case.c.team.in_(viewer.own_teams))
    ways: list[ColumnElement[bool]] = [and_(case.c.access != Access.SEALED.value, _is_named(address))]
    ways.append(and_(case.c.access == Access.SEALED.value, _holds_wrap(viewer)))
    if roles & READS_RESTRICTED:
        ways.append(case.c.access == Access.RESTRICTED.value)
    if roles & READS_EVERY_MANAGED:
        ways.append(managed)
    ways.append(and_(managed, case.c.team.in_(viewer.own_teams)) if "handler" in roles else false())
    return and_(seen, or_(*ways))


def _excluded(viewer: Viewer) -> ColumnElement[bool]:
    exclusion = tables.exclusion
    return exists().where(exclusion.c.case_id == tables.case.c.id, exclusion.c.person == viewer.person.address)


def _holds_wrap(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the person has a wrap of the case's present key."""
    wrap, case = tables.wrap, tables.case
    return exists().where(
        wrap.c.case_id == case.c.id,
        wrap.c.epoch == case.c.epoch,
        wrap.c.compartment == Compartment.CONTENT.value,
        wrap.c.reader_kind == "staff",
        wrap.c.reader == viewer.person.id,
    )


def _is_named(address: str) -> ColumnElement[bool]:
    return or_(tables.case.c.owner == address, tables.case.c.backup == address)


def find_case(connection: Connection, reference: str, viewer: Viewer, *, lock: bool = False) -> SeenCase | None:
    """The case with this reference if it exists for the viewer, else None. `lock` keeps others from writing to it.

    One statement in either case, so that a case that is not theirs takes as long as one that does not exist.
    """
    case = tables.case
    columns = (case, _excluded(viewer).label("viewer_excluded"), _holds_wrap(viewer).label("viewer_holds_wrap"))
    query = select(*columns).where(case.c.reference == reference, visible_to(viewer))
    row = connection.execute(query.with_for_update(of=case) if lock else query).first()
    if row is None:
        return None
    relation = _relation(row, viewer, excluded=row.viewer_excluded, holds_wrap=row.viewer_holds_wrap)
    return SeenCase(row, relation) if may_see(relation, Access(row.access)) else None


def require(connection: Connection, reference: str, viewer: Viewer, action: Action, *, lock: bool = False) -> SeenCase:
    """The case, if the viewer may do this with it. Raises `Refused` with the same words for every reason."""
    seen = find_case(connection, reference, viewer, lock=lock)
    if seen is None or not seen.may(action):
        raise Refused(NO_SUCH_CASE)
    return seen


def relation_of(connection: Connection, seen: SeenCase, person: Person, teams: Teams) -> Relation:
    """What somebody else is to a case that the viewer sees."""
    other = Viewer(person, teams)
    query = select(_excluded(other).label("excluded"), _holds_wrap(other).label("holds_wrap"))
    row = connection.execute(query.where(tables.case.c.id == seen.id)).one()
    return _relation(seen.row, other, excluded=row.excluded, holds_wrap=row.holds_wrap)


def relation_beside(seen: SeenCase, person: Person, teams: Teams, *, excluded: bool, holds_wrap: bool) -> Relation:
    """What somebody is to a case, where the caller knows already who is kept away and who holds its key."""
    return _relation(seen.row, Viewer(person, teams), excluded=excluded, holds_wrap=holds_wrap)


def _relation(row: Row[Any], viewer: Viewer, *, excluded: bool, holds_wrap: bool) -> Relation:
    address = viewer.person.address
    return Relation(
        address=address,
        roles=viewer.roles,
        in_team=address in viewer.teams.get(row.team, frozenset()),
        is_named=address in {row.owner, row.backup},
        is_excluded=bool(excluded),
        holds_wrap=bool(holds_wrap),
        closed=viewer.closed,
    )


def case_keys(
    connection: Connection, seen: SeenCase, person: Person, vault: KeyPair | None, service: KeyPair
) -> dict[int, KeyPair]:
    """The case's key pair of each epoch that this person's vault opens, or else the service key; by epoch.

    Without a vault (who acts by mail has none at hand) only the service key opens.
    Raises `Refused` when not even the current epoch opens.
    """
    wrap = tables.wrap
    rows = connection.execute(
        select(wrap.c.epoch, wrap.c.reader_kind, wrap.c.reader, wrap.c.sealed).where(
            wrap.c.case_id == seen.id, wrap.c.compartment == Compartment.CONTENT.value
        )
    ).all()
    openers = {("service", "service"): service}
    if vault is not None:
        openers["staff", person.id] = vault
    keys: dict[int, KeyPair] = {}
    for row in sorted(rows, key=lambda one: one.reader_kind == "staff"):
        opener = openers.get((row.reader_kind, row.reader))
        if opener is not None:
            place = wrap_place(seen.id, row.epoch, Compartment.CONTENT.value, row.reader_kind, row.reader)
            keys[row.epoch] = KeyPair.of_private(unseal(opener, row.sealed, place))
    if seen.row.epoch not in keys:
        raise Refused(NO_SUCH_CASE)
    return keys
