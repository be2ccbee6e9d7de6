"""The steps of a case's checklist: done, or skipped with a reason; both are audited, and neither is taken back."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.hand import Hand, checked, record, sealed_words
from cases.model.demands import Demands
from cases.store import tables
from cases.store.sight import SeenCase, require


def finish_step(connection: Connection, reference: str, hand: Hand, words: str, demands: Demands) -> None:
    """A step is done. Raises `Refused` for one that is not on the case's checklist."""
    seen = require(connection, reference, hand.viewer, Action.RECORD, lock=True)
    _mark(connection, seen, hand, demands, [words], reason="")


def skip_steps(
    connection: Connection, reference: str, hand: Hand, words: Sequence[str], reason: str, demands: Demands
) -> None:
    """Steps that are not taken in this case, and why. Raises `Refused` without a reason."""
    seen = require(connection, reference, hand.viewer, Action.RECORD, lock=True)
    _mark(connection, seen, hand, demands, words, reason=checked(reason, what="the reason for skipping"))


def _mark(
    connection: Connection, seen: SeenCase, hand: Hand, demands: Demands, words: Sequence[str], *, reason: str
) -> None:
    table = tables.step
    before = set(connection.execute(select(table.c.words).where(table.c.case_id == seen.id)).scalars())
    for one in words:
        if one not in demands.steps:
            raise Refused("that step is not on this case's checklist; load the page again")
        if one in before:
            continue
        place = f"{seen.id}/{demands.steps.index(one)}"
        why = sealed_words(seen, "step", place, "reason", reason) if reason else None
        connection.execute(
            insert(table).values(
                case_id=seen.id,
                words=one,
                place=demands.steps.index(one),
                skipped=bool(reason),
                epoch=seen.row.epoch,
                reason=why.value if why else None,
                digest=why.digest if why else "",
                author=hand.address,
                at=seen.moment(hand.now),
            )
        )
        data: dict[str, Json] = {"step": demands.steps.index(one) + 1, "words": one}
        if why:
            data["digest"] = why.digest
        record(connection, seen, hand, "step.skipped" if reason else "step.done", data)
