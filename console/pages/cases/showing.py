"""The three pages of one case: its story, its people, its inquiry; and what can be done there now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Flask, flash, g, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from cases.access import second
from cases.access.policy import WORKS_ON_CASES, Action, may_see
from cases.access.second import Pending
from cases.errors import Refused
from cases.handling.hand import Hand
from cases.model.acts import BY_RECEIPT, UNCONFIRMED
from cases.model.demands import Demands, missing
from cases.model.lifecycle import AT_WORK, ENDED, Outcome, may_move
from cases.model.veil import PROTECTED
from cases.model.words import Access, Channel, ClockKind, ClockState, PartyRole, Status
from cases.model.work import ConclusionKind, Result, RootCause
from cases.store import people
from cases.store.dossier import Dossier, open_dossier
from cases.store.engine import writing
from cases.store.people import Person
from cases.store.sight import NO_SUCH_CASE, SeenCase, find_case, relation_beside
from console import policy
from console.forms import NoteForm, ReplyForm
from console.rooms import Room, vault, viewer
from console.timeline import readings, timeline
from console.trace import fired, origin, silent
from console.words import OUTCOMES, PARTY_ROLES, RESULTS, ROOT_CAUSES

STORY, PEOPLE, INQUIRY = "story", "people", "inquiry"
PAGES = {STORY: "", PEOPLE: "/people", INQUIRY: "/inquiry"}
"""The pages of a case, and how their addresses end."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A form that was refused: which, why, and what was typed, so that nobody's words are lost."""

    form: str
    words: str
    given: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be done with the case now, and by whom. `people` may be given the case, `doers` an action of it."""

    actions: frozenset[str]
    moves: tuple[Status, ...]
    people: tuple[Person, ...]
    doers: tuple[Person, ...]
    readers: tuple[Person, ...]
    may_close: bool
    lacking: tuple[str, ...]
    may_withdraw: bool
    may_reopen: bool
    hand_over_to: str
    categories: tuple[str, ...]
    levels: tuple[str, ...]
    asked_risk: Pending | None


def add_to(app: Flask, room: Room) -> None:
    """The case."""

    @app.get("/cases/<reference>")
    @policy.allowed(policy.on_case(Action.READ))
    def case(reference: str) -> Response:
        return show(room, STORY)

    @app.get("/cases/<reference>/people")
    @policy.allowed(policy.on_case(Action.READ))
    def case_people(reference: str) -> Response:
        return show(room, PEOPLE)

    @app.get("/cases/<reference>/inquiry")
    @policy.allowed(policy.on_case(Action.READ))
    def case_inquiry(reference: str) -> Response:
        return show(room, INQUIRY)


def act(room: Room, form: str, page: str, work: Callable[[Connection, Hand], str]) -> Response:
    """Do something with the case in one transaction, say so, and show the page again.

    What is refused is said beside its form, with the words that were typed. Whoever lost sight goes to the list.
    """
    try:
        with writing(room.desk.record) as connection:
            said = work(connection, room.hand())
            still = find_case(connection, g.reference, viewer()) is not None
    except Refused as error:
        if str(error) == NO_SUCH_CASE:
            raise
        return refused(room, form, page, error)
    flash(said)
    return redirect(f"/cases/{g.reference}{PAGES[page]}#{form}" if still else "/cases", 303)


def refused(room: Room, form: str, page: str, error: Refused) -> Response:
    """The page again, with why beside the form, and what was typed in it."""
    return show(room, page, slip=Slip(form, sentence(error), request.form), status=409)


def sentence(error: Refused) -> str:
    """Why something was refused, as a sentence."""
    words = str(error)
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def show(
    room: Room,
    page: str,
    *,
    reply: ReplyForm | None = None,
    note: NoteForm | None = None,
    slip: Slip | None = None,
    status: int = 200,
) -> Response:
    """One page of the case. The reading is committed to the trail before anything is rendered."""
    desk, reference = room.desk, g.reference
    with writing(desk.record) as connection:
        dossier = open_dossier(connection, reference, viewer(), vault(), desk.service, desk.now())
        staff = people.everyone(connection)
        asked_risk = second.about_case(connection, dossier.row.id, second.Kind.RISK)
        demands = room.rulebook.demands(connection, dossier.row, dossier.decision)
    first = next((one.said for one in dossier.entries if one.said is not None and not one.party), None)
    return make_response(
        render_template(
            f"case/{page}.html",
            page=page,
            slip=slip,
            once=lambda form: slip.given.get("once", "") if slip and slip.form == form else desk.random_bytes(16).hex(),
            dossier=dossier,
            work=dossier.work,
            case=dossier.row,
            demands=demands,
            first=first,
            subject=(first.subject if first else "") or "No subject",
            choices=_choices(room, dossier, staff, demands, asked_risk),
            outcomes=OUTCOMES,
            anonymous=dossier.row.channel == Channel.ANONYMOUS,
            sealed=dossier.seen.access is Access.SEALED,
            reporter=dossier.reporter,
            by_mail=_by_mail(dossier),
            protected=PROTECTED in dossier.row.tags.split(),
            unconfirmed=UNCONFIRMED in dossier.row.tags.split(),
            by_receipt=BY_RECEIPT in dossier.row.tags.split(),
            **_of_page(room, page, dossier),
            reply=reply or ReplyForm(formdata=None, once=desk.random_bytes(16).hex()),
            note=note or NoteForm(formdata=None, once=desk.random_bytes(16).hex()),
        ),
        status,
    )


def _by_mail(dossier: Dossier) -> bool:
    """Whether an answer leaves as a mail; else it stands at the page behind the reporter's link."""
    tags, first = dossier.row.tags.split(), dossier.reporter
    if first is None or first.channel is Channel.ANONYMOUS or BY_RECEIPT in tags:
        return False
    return PROTECTED in tags or bool(first.sender.address)


def _of_page(room: Room, page: str, dossier: Dossier) -> dict[str, object]:
    """What one of the pages needs beside the rest."""
    parties = {one.id: one for one in dossier.work.parties}
    if page == PEOPLE:
        away = {person for person, _ in dossier.excluded}
        return {"roles": PARTY_ROLES, "PartyRole": PartyRole, "away": away}
    if page == INQUIRY:
        return {
            "results": RESULTS,
            "root_causes": ROOT_CAUSES,
            "Result": Result,
            "RootCause": RootCause,
            "findings": dossier.work.of_kind(ConclusionKind.FINDING),
            "decisions": dossier.work.of_kind(ConclusionKind.DECISION),
            "causes": dossier.work.of_kind(ConclusionKind.ROOT_CAUSE),
            "marked": {one.words: one for one in dossier.work.steps},
            "today": room.desk.now().date(),
            "parties": parties,
        }
    first = next((one.said for one in dossier.entries if one.said is not None), None)
    return {
        "moments": timeline(dossier, room.rulebook),
        "readings": readings(dossier),
        "fired": fired(dossier.decision, f"{first.subject} {first.text}" if first else "") if dossier.decision else [],
        "origin": origin(dossier.decision, room.rulebook.category) if dossier.decision else "",
        "silent": silent(dossier.decision) if dossier.decision else 0,
        "awaits_feedback": _awaits_feedback(dossier),
        "last_number": max((one.number for one in dossier.entries), default=0),
        "parties": parties,
        "roles": PARTY_ROLES,
    }


def _doers(dossier: Dossier, staff: list[Person]) -> tuple[Person, ...]:
    """Who sees the case and works on cases: whom an action can be given to."""
    away, seen, teams = {person for person, _ in dossier.excluded}, dossier.seen, viewer().teams
    found = []
    for one in staff:
        holds = one.id in dossier.readers
        relation = relation_beside(seen, one, teams, excluded=one.address in away, holds_wrap=holds)
        if relation.roles & WORKS_ON_CASES and may_see(relation, seen.access):
            found.append(one)
    return tuple(found)


def _choices(
    room: Room, dossier: Dossier, staff: list[Person], demands: Demands, asked_risk: Pending | None
) -> Choices:
    seen = dossier.seen
    away = {person for person, _ in dossier.excluded}
    may = frozenset(action.value for action in Action if seen.may(action))
    able = [one for one in staff if set(one.roles) & WORKS_ON_CASES and one.address not in away]
    mine, closes = seen.row.owner == viewer().person.address, "close" in may
    return Choices(
        actions=may,
        moves=tuple(one for one in (*AT_WORK, Status.RESOLVED) if _may_set(seen, one)),
        people=tuple(one for one in able if one.address != seen.row.owner),
        doers=_doers(dossier, staff),
        readers=tuple(one for one in staff if one.id in dossier.readers),
        may_close=closes and may_move(seen.status, Status.CLOSED) and seen.status not in ENDED,
        lacking=missing(demands, dossier.work.standing, Outcome.DONE, by_owner=mine),
        may_withdraw=closes and may_move(seen.status, Status.WITHDRAWN) and not (mine and demands.grave),
        may_reopen="reopen" in may and may_move(seen.status, Status.REOPENED),
        hand_over_to=room.rulebook.inside_of(seen.row.team) if "hand_over" in may else "",
        categories=tuple(sorted(room.rulebook.sortable(), key=room.rulebook.category)),
        levels=room.rulebook.risk_levels,
        asked_risk=asked_risk,
    )


def _may_set(seen: SeenCase, to: Status) -> bool:
    action = Action.INVESTIGATE if to is Status.INVESTIGATING else Action.MOVE
    return seen.may(action) and may_move(seen.status, to)


def _awaits_feedback(dossier: Dossier) -> bool:
    return any(
        one.kind == ClockKind.FEEDBACK and one.ended_at is None and one.state != ClockState.CANCELLED
        for one in dossier.clocks
    )
