"""The inquiry of a case: evidence, findings, root cause, decision, actions, steps."""

from datetime import date

from flask import Flask, g, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling.hand import Hand, checked
from cases.handling.inquiry import actions, conclusions, evidence, steps
from cases.model.work import ActionState, Result, RootCause
from cases.store import people
from console import policy
from console.pages.cases.showing import INQUIRY, act, refused
from console.rooms import Room
from console.uploads import MOST_FORM, stored


def add_to(app: Flask, room: Room) -> None:
    """What is worked out about a case."""
    _evidence(app, room)
    _conclusions(app, room)
    _actions(app, room)
    _steps(app, room)


def _evidence(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/evidence")
    @policy.allowed(policy.on_case(Action.RECORD, most_bytes=MOST_FORM))
    def add_evidence(reference: str) -> Response:
        given = request.form
        words, once = given.get("text", ""), given.get("once", "")
        try:
            checked(words, what="the description")
            uploads = stored(room, request.files.getlist("file")[:1])
        except Refused as error:
            return refused(room, "evidence", INQUIRY, error)

        def work(connection: Connection, hand: Hand) -> str:
            if uploads:
                evidence.add_upload(connection, g.reference, hand, uploads[0], words, once)
            else:
                number, which = _message(given.get("message", ""))
                evidence.add_message(connection, g.reference, hand, number, which, words, once)
            return "It is in the evidence log. Nothing is ever taken out of it."

        return act(room, "evidence", INQUIRY, work)


def _message(chosen: str) -> tuple[int, int]:
    """Which message, and which of its files (-1: its words), from `3` or `3/0`."""
    number, _, file = chosen.partition("/")
    if not number.isascii() or not number.isdigit() or (file and not (file.isascii() and file.isdigit())):
        raise Refused("choose a file to upload, or something that was said")
    return int(number[:9]), int(file[:4]) if file else evidence.WORDS


def _conclusions(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/findings")
    @policy.allowed(policy.on_case(Action.RECORD))
    def add_finding(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            conclusions.add_finding(connection, g.reference, hand, *_written())
            return "The finding is written down."

        return act(room, "finding", INQUIRY, work)

    @app.post("/cases/<reference>/root-cause")
    @policy.allowed(policy.on_case(Action.RECORD))
    def set_cause(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            chosen = request.form.get("choice", "")
            if chosen not in set(RootCause):
                raise Refused("choose a root cause")
            conclusions.set_root_cause(connection, g.reference, hand, RootCause(chosen), *_written())
            return "The root cause is set."

        return act(room, "cause", INQUIRY, work)

    @app.post("/cases/<reference>/decision")
    @policy.allowed(policy.on_case(Action.DECIDE))
    def decide(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            chosen = request.form.get("choice", "")
            if chosen not in set(Result):
                raise Refused("choose how the case is decided")
            demands = room.demands(connection, g.reference)
            conclusions.decide(connection, g.reference, hand, Result(chosen), *_written(), demands)
            return "The case is decided."

        return act(room, "decision", INQUIRY, work)


def _actions(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/actions")
    @policy.allowed(policy.on_case(Action.RECORD))
    def add_action(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            owner = people.get(connection, request.form.get("owner", "")[:32])
            if owner is None:
                raise Refused("choose who is to do it")
            text, once = _written()
            new = actions.NewAction(text, owner, _day(request.form.get("due", "")), once)
            actions.add_action(connection, g.reference, hand, new)
            return "The action is written down."

        return act(room, "action", INQUIRY, work)

    @app.post("/cases/<reference>/actions/<action>")
    @policy.allowed(policy.on_case(Action.RECORD))
    def change_action(reference: str, action: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            wanted = request.form.get("state", "")
            if wanted not in set(ActionState):
                raise Refused("choose whether it is done or dropped")
            actions.end_action(connection, g.reference, hand, action, ActionState(wanted))
            return "The action is up to date."

        return act(room, "action", INQUIRY, work)


def _steps(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/steps")
    @policy.allowed(policy.on_case(Action.RECORD))
    def mark_steps(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            demands, chosen = room.demands(connection, g.reference), request.form.getlist("step")
            if not chosen:
                raise Refused("choose a step")
            if request.form.get("do") == "skip":
                steps.skip_steps(connection, g.reference, hand, chosen, request.form.get("reason", ""), demands)
                return "Skipped, with your reason."
            for one in chosen:
                steps.finish_step(connection, g.reference, hand, one, demands)
            return "Done, and written down."

        return act(room, "steps", INQUIRY, work)


def _written() -> tuple[str, str]:
    """What was written, and the id of the form."""
    return request.form.get("text", ""), request.form.get("once", "")


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("write the date as year-month-day, like 2026-12-31") from None
