"""Findings, the root cause, and the decision, which is somebody else's than the investigator's where the category asks."""

from sqlalchemy import Connection, func, insert, select

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.hand import Hand, check_once, checked, record, sealed_words
from cases.model.demands import Demands
from cases.model.words import Status
from cases.model.work import ConclusionKind, Result, RootCause
from cases.store import tables
from cases.store.sight import SeenCase, require


def add_finding(connection: Connection, reference: str, hand: Hand, text: str, once: str) -> None:
    """Write down what was found. Findings are added, never changed: a later one corrects an earlier one."""
    seen = require(connection, reference, hand.viewer, Action.RECORD, lock=True)
    _conclude(connection, seen, hand, ConclusionKind.FINDING, "", text, once)


def set_root_cause(connection: Connection, reference: str, hand: Hand, cause: RootCause, text: str, once: str) -> None:
    """Say why it came to this; the last one counts, and earlier ones stay."""
    seen = require(connection, reference, hand.viewer, Action.RECORD, lock=True)
    _conclude(connection, seen, hand, ConclusionKind.ROOT_CAUSE, cause.value, text, once)


def decide(
    connection: Connection, reference: str, hand: Hand, result: Result, reasons: str, once: str, demands: Demands
) -> None:
    """Decide the case formally, with reasons; the last decision counts, and earlier ones stay.

    Raises `Refused` for who investigated it, where the category asks for another decider.
    """
    seen = require(connection, reference, hand.viewer, Action.DECIDE, lock=True)
    if demands.other_decider and hand.address in investigators(connection, seen.id):
        raise Refused("whoever investigated a case does not decide it: ask somebody else")
    _conclude(connection, seen, hand, ConclusionKind.DECISION, result.value, reasons, once)


def investigators(connection: Connection, case_id: str) -> frozenset[str]:
    """Who investigated: who began it, and who wrote findings."""
    event, conclusion = tables.event, tables.conclusion
    began = connection.execute(
        select(event.c.actor).where(
            event.c.stream_id == case_id,
            event.c.verb == "status.changed",
            event.c.data.contains(f'"to":"{Status.INVESTIGATING.value}"', autoescape=True),
        )
    ).scalars()
    found = connection.execute(
        select(conclusion.c.author).where(
            conclusion.c.case_id == case_id, conclusion.c.kind == ConclusionKind.FINDING.value
        )
    ).scalars()
    return frozenset(began) | frozenset(found)


def _conclude(
    connection: Connection, seen: SeenCase, hand: Hand, kind: ConclusionKind, choice: str, text: str, once: str
) -> None:
    table = tables.conclusion
    if connection.execute(select(table.c.id).where(table.c.id == check_once(once))).first() is not None:
        return
    highest = connection.execute(select(func.max(table.c.number)).where(table.c.case_id == seen.id)).scalar()
    content = sealed_words(seen, "conclusion", once, "content", checked(text))
    connection.execute(
        insert(table).values(
            id=once,
            case_id=seen.id,
            number=(highest or 0) + 1,
            kind=kind.value,
            choice=choice,
            epoch=seen.row.epoch,
            content=content.value,
            digest=content.digest,
            author=hand.address,
            at=seen.moment(hand.now),
        )
    )
    verbs = {
        ConclusionKind.FINDING: "finding.added",
        ConclusionKind.DECISION: "decision.made",
        ConclusionKind.ROOT_CAUSE: "root_cause.set",
    }
    data: dict[str, Json] = {"conclusion": once, "digest": content.digest, **({"choice": choice} if choice else {})}
    record(connection, seen, hand, verbs[kind], data)
