"""Sorting anew: a person says what kind of case it is, or how serious; what they correct is what the model learns from."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from cases.access import second
from cases.access.policy import Action
from cases.access.second import Kind
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.correcting import Mask, keep
from cases.handling.hand import Hand, record
from cases.handling.levels import Change
from cases.handling.speaking import add_note
from cases.model.decision import Deadline, Decision, Rung
from cases.model.lifecycle import ENDED
from cases.model.risk import is_grave
from cases.model.words import Access
from cases.promising import promise_anew
from cases.store import tables
from cases.store.dossier import open_decision
from cases.store.sight import SeenCase, require

Promised = Callable[[str, Decision | None, datetime], tuple[Sequence[Deadline], Sequence[Rung]]]
"""Deadlines and ladder of the new category, from the old one's name, the decision (None where it does not open), receipt."""


def set_category(
    connection: Connection,
    reference: str,
    hand: Hand,
    category: str,
    access: Access,
    known: Collection[str],
    mask: Mask,
    *,
    promised: Promised,
    ruleset: str,
) -> None:
    """Give a case another category. Its access becomes the stricter of what it is and `access`, the category's; its deadlines
    and ladder become what `promised` says, and keep the time that they were paused; its steps are those of `ruleset`, the
    version that it is sorted by now.

    Raises `Refused` for a category that is not `known`, or one whose cases are sealed: that takes keys of people.
    """
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    if category not in known:
        raise Refused(f"“{category[:40]}” is no category: {', '.join(sorted(known))}")
    if access is Access.SEALED and seen.access is not Access.SEALED:
        raise Refused(f"cases of {category.replace('_', ' ')} are sealed: have it opened anew as one")
    if category == seen.row.category:
        return
    stricter = max(seen.access, access, key=lambda one: one.strictness)
    values = {"category": category, "access": stricter.value, "ruleset": ruleset}
    learned = _learned(connection, seen, hand, category, seen.row.risk, mask)
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(**values))
    _promise_anew(connection, seen, hand, promised)
    facts: dict[str, Json] = {"from": seen.row.category, "to": category, "access": stricter.value, "ruleset": ruleset}
    record(connection, seen, hand, "category.changed", facts | learned)


def _promise_anew(connection: Connection, seen: SeenCase, hand: Hand, promised: Promised) -> None:
    """Nothing that ended begins again, and a deadline never moves in silence."""
    if seen.status in ENDED:
        return
    decision, at = open_decision(seen, hand.keys(connection, seen)), seen.moment(hand.now)
    deadlines, ladder = promised(seen.row.category, decision, seen.row.received_at)
    if not deadlines:
        return
    promise_anew(connection, seen.id, deadlines, ladder, at, by=hand.address)


def set_risk(
    connection: Connection,
    reference: str,
    hand: Hand,
    risk: str,
    levels: Sequence[str],
    mask: Mask,
    *,
    reason: str,
    once: str,
) -> Change:
    """Say how serious a case is. Lowering takes a reason, kept as a note; from a high risk on it only asks a second person.

    `once` is the id of the note, as of the form it was written in. Raises `Refused` for what is no level of the ruleset,
    or for no reason.
    """
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    if risk not in levels:
        raise Refused(f"“{risk[:40]}” is no level of risk: {', '.join(levels)}")
    if risk == seen.row.risk:
        return Change(waits=False)
    if not _lower(risk, seen.row.risk, levels):
        _set(connection, seen, hand, risk, mask)
        return Change(waits=False)
    if not reason.strip():
        raise Refused(f"say why its risk is {risk} and no longer {seen.row.risk}: the reason is kept as a note")
    add_note(connection, reference, hand, f"Risk to be lowered from {seen.row.risk} to {risk}: {reason.strip()}", once)
    if is_grave(seen.row.risk, levels):
        second.ask(connection, Kind.RISK, by=hand.address, now=hand.now, case_id=seen.id, value=risk)
        record(connection, seen, hand, "risk.lowering_asked", {"from": seen.row.risk, "to": risk})
        return Change(waits=True)
    _set(connection, seen, hand, risk, mask)
    return Change(waits=False)


def agree_to_risk(
    connection: Connection, reference: str, hand: Hand, levels: Sequence[str], mask: Mask, *, agreed: bool
) -> None:
    """Answer, as the second person, a colleague who asked to lower the risk. Raises `Refused` for who asked it."""
    seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
    waits = second.about_case(connection, seen.id, Kind.RISK)
    if waits is None:
        raise Refused(second.DECIDED)
    second.decide(connection, waits.id, hand.viewer.person, hand.now, agreed=agreed)
    if not agreed:
        record(connection, seen, hand, "risk.lowering_refused", {"to": waits.value})
    elif waits.value in levels and _lower(waits.value, seen.row.risk, levels):
        _set(connection, seen, hand, waits.value, mask)


def _set(connection: Connection, seen: SeenCase, hand: Hand, risk: str, mask: Mask) -> None:
    learned = _learned(connection, seen, hand, seen.row.category, risk, mask)
    connection.execute(update(tables.case).where(tables.case.c.id == seen.id).values(risk=risk))
    record(connection, seen, hand, "risk.changed", {"from": seen.row.risk, "to": risk, **learned})


def _lower(risk: str, than: str, levels: Sequence[str]) -> bool:
    """Whether it is a lower level; a risk that the ruleset does not know counts as the highest."""
    return than not in levels or levels.index(risk) < levels.index(than)


def _learned(
    connection: Connection, seen: SeenCase, hand: Hand, category: str, risk: str, mask: Mask
) -> dict[str, Json]:
    """Keep it as a correction where that may be; for the trail its id."""
    made = keep(connection, seen, hand, category, risk, mask)
    return {"correction": made} if made else {}
