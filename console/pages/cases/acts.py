"""What is done with a case: reply, note, assign, confirm, move, close, reopen. Each posts, changes, and shows the case again."""

from flask import Flask, flash, g, redirect, request
from sqlalchemy import Connection
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling import assigning, confirming, moving, speaking
from cases.handling.hand import Hand
from cases.handling.words import Words
from cases.model.lifecycle import Outcome
from cases.model.words import Status
from cases.store import people
from cases.store.engine import writing
from cases.store.sight import find_case
from console import policy
from console.forms import NoteForm, ReplyForm
from console.pages.cases.showing import STORY, act, sentence, show
from console.rooms import Room, viewer
from console.uploads import MOST_FORM, stored


def add_to(app: Flask, room: Room) -> None:
    """Every act on a case."""
    _speaking(app, room)
    _assigning(app, room)
    _standing(app, room)
    _ending(app, room)


def _speaking(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/reply")
    @policy.allowed(policy.on_case(Action.REPLY, most_bytes=MOST_FORM))
    def reply(reference: str) -> Response:
        form = ReplyForm()
        if not form.validate_on_submit():
            return show(room, STORY, reply=form, status=422)
        try:
            uploads = stored(room, request.files.getlist("files"))
            words = Words(form.text.data, form.once.data, uploads=uploads)
            answer = speaking.Answer(words, form.feedback.data, Status(form.then.data), form.last_seen)
            with writing(room.desk.record) as connection:
                by_mail = speaking.reply(connection, g.reference, room.hand(), answer)
        except Refused as error:
            form.text.errors = [sentence(error)]
            return show(room, STORY, reply=form, status=409)
        flash("Your reply is on its way." if by_mail else "Your reply waits for them at their own page.")
        return _back()

    @app.post("/cases/<reference>/note")
    @policy.allowed(policy.on_case(Action.NOTE))
    def note(reference: str) -> Response:
        form = NoteForm()
        if not form.validate_on_submit():
            return show(room, STORY, note=form, status=422)
        with writing(room.desk.record) as connection:
            speaking.add_note(connection, g.reference, room.hand(), form.text.data, form.once.data)
        flash("Your note is kept. Only staff see it.")
        return _back()


def _assigning(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/take")
    @policy.allowed(policy.on_case(Action.TAKE))
    def take(reference: str) -> Response:
        with writing(room.desk.record) as connection:
            assigning.assign(connection, g.reference, room.hand(), viewer().person)
        flash("The case is yours.")
        return _back()

    @app.post("/cases/<reference>/assign")
    @policy.allowed(policy.on_case(Action.ASSIGN))
    def assign(reference: str) -> Response:
        with writing(room.desk.record) as connection:
            person = people.get(connection, request.form.get("person", "")[:32])
            if person is None:
                raise Refused("choose who shall have the case")
            assigning.assign(connection, g.reference, room.hand(), person)
            still = find_case(connection, g.reference, viewer()) is not None
        flash(f"{g.reference} now belongs to {person.name or person.address}.")
        return _back() if still else redirect("/cases", 303)


def _standing(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/status")
    @policy.allowed(policy.on_case(Action.MOVE))
    def status(reference: str) -> Response:
        wanted = request.form.get("status", "")
        if wanted not in set(Status):
            raise BadRequest
        with writing(room.desk.record) as connection:
            moving.move(connection, g.reference, room.hand(), Status(wanted))
        flash("The status is set.")
        return _back()

    @app.post("/cases/<reference>/confirm")
    @policy.allowed(policy.on_case(Action.MOVE))
    def confirm(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            confirming.confirm_sender(
                connection, g.reference, hand, request.form.get("reason", ""), request.form.get("once", "")
            )
            return "The sender is confirmed; how is kept as a note."

        return act(room, "confirm", STORY, work)


def _ending(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/close")
    @policy.allowed(policy.on_case(Action.CLOSE))
    def close(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            wanted = request.form.get("outcome", "")
            if wanted not in set(Outcome):
                raise Refused("choose an outcome: a case closes with one")
            moving.close(connection, g.reference, hand, Outcome(wanted), room.demands(connection, g.reference))
            return "The case is closed."

        return act(room, "close", STORY, work)

    @app.post("/cases/<reference>/withdraw")
    @policy.allowed(policy.on_case(Action.CLOSE))
    def withdraw(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            reason, once = request.form.get("reason", ""), request.form.get("once", "")
            moving.withdraw(connection, g.reference, hand, reason, once, room.demands(connection, g.reference))
            return "The case is withdrawn."

        return act(room, "withdraw", STORY, work)

    @app.post("/cases/<reference>/reopen")
    @policy.allowed(policy.on_case(Action.REOPEN))
    def reopen(reference: str) -> Response:
        with writing(room.desk.record) as connection:
            moving.reopen(connection, g.reference, room.hand())
        flash("The case is open again.")
        return _back()


def _back() -> Response:
    return redirect(f"/cases/{g.reference}", 303)
