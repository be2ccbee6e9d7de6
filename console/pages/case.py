"""The page of one case: what was said and done, its deadlines, why it came here, and what can be done now."""

from dataclasses import dataclass

from flask import Flask, g, make_response, render_template
from werkzeug.wrappers import Response

from cases.access.policy import WORKS_ON_CASES, Action
from cases.model.demands import Demands
from cases.model.lifecycle import AT_WORK, ENDED, Outcome, may_move
from cases.model.words import Access, Channel, ClockKind, ClockState, Status
from cases.store import people
from cases.store.dossier import Dossier, open_dossier
from cases.store.engine import writing
from cases.store.people import Person
from cases.store.sight import SeenCase
from console import policy
from console.forms import NoteForm, ReplyForm
from console.rooms import Room, vault, viewer
from console.timeline import readings, timeline
from console.trace import fired, origin, silent

OUTCOMES = {
    Outcome.ANSWERED: "Answered",
    Outcome.DONE: "Done as asked",
    Outcome.DECLINED: "Declined",
    Outcome.NO_ACTION: "No action needed",
    Outcome.SUBSTANTIATED: "Substantiated",
    Outcome.PARTLY_SUBSTANTIATED: "Partly substantiated",
    Outcome.NOT_SUBSTANTIATED: "Not substantiated",
    Outcome.INCONCLUSIVE: "Inconclusive",
    Outcome.DUPLICATE: "Duplicate",
    Outcome.SPAM: "Spam",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be done with the case now, and by whom."""

    actions: frozenset[str]
    moves: tuple[Status, ...]
    people: tuple[Person, ...]
    readers: tuple[Person, ...]
    may_close: bool
    second_person: bool
    may_reopen: bool


def add_to(app: Flask, room: Room) -> None:
    """The case."""

    @app.get("/cases/<reference>")
    @policy.allowed(policy.on_case(Action.READ))
    def case(reference: str) -> Response:
        return show(room, g.reference)


def show(
    room: Room, reference: str, *, reply: ReplyForm | None = None, note: NoteForm | None = None, status: int = 200
) -> Response:
    """The page. The reading is committed to the trail before anything is rendered."""
    desk = room.desk
    with writing(desk.record) as connection:
        dossier = open_dossier(connection, reference, viewer(), vault(), desk.service, desk.now())
        staff = people.everyone(connection)
    moments = timeline(dossier, room.rulebook)
    first = next((one.said for one in dossier.entries if one.said is not None), None)
    page = render_template(
        "case.html",
        dossier=dossier,
        case=dossier.row,
        first=first,
        subject=(first.subject if first else "") or "No subject",
        moments=moments,
        readings=readings(dossier),
        fired=fired(dossier.decision, f"{first.subject} {first.text}" if first else "") if dossier.decision else [],
        origin=origin(dossier.decision, room.rulebook.category) if dossier.decision else "",
        silent=silent(dossier.decision) if dossier.decision else 0,
        choices=_choices(dossier, staff, room.rulebook.demands(dossier.row.category, dossier.decision)),
        outcomes=OUTCOMES,
        anonymous=dossier.row.channel == Channel.ANONYMOUS,
        sealed=dossier.seen.access is Access.SEALED,
        by_mail=bool(first and first.sender.address and first.channel is not Channel.ANONYMOUS),
        awaits_feedback=_awaits_feedback(dossier),
        last_number=max((one.number for one in dossier.entries), default=0),
        reply=reply or ReplyForm(formdata=None, once=desk.random_bytes(16).hex()),
        note=note or NoteForm(formdata=None, once=desk.random_bytes(16).hex()),
    )
    return make_response(page, status)


def _choices(dossier: Dossier, staff: list[Person], demands: Demands) -> Choices:
    seen = dossier.seen
    away = {person for person, _ in dossier.excluded}
    may = frozenset(action.value for action in Action if seen.may(action))
    able = [one for one in staff if set(one.roles) & WORKS_ON_CASES and one.address not in away]
    return Choices(
        actions=may,
        moves=tuple(one for one in (*AT_WORK, Status.RESOLVED) if _may_set(seen, one)),
        people=tuple(one for one in able if one.address != seen.row.owner),
        readers=tuple(one for one in staff if one.id in dossier.readers),
        may_close="close" in may and may_move(seen.status, Status.CLOSED) and seen.status not in ENDED,
        second_person=seen.row.owner == viewer().person.address and demands.second_person,
        may_reopen="reopen" in may and may_move(seen.status, Status.REOPENED),
    )


def _may_set(seen: SeenCase, to: Status) -> bool:
    action = Action.INVESTIGATE if to is Status.INVESTIGATING else Action.MOVE
    return seen.may(action) and may_move(seen.status, to)


def _awaits_feedback(dossier: Dossier) -> bool:
    return any(
        one.kind == ClockKind.FEEDBACK and one.ended_at is None and one.state != ClockState.CANCELLED
        for one in dossier.clocks
    )
