"""Who is away: one's own absence, and for leads and administrators a colleague's; their backups act meanwhile."""

from datetime import date, datetime, time

from flask import Flask, flash, make_response, redirect, render_template
from werkzeug.wrappers import Response

from cases.access.policy import PROVIDER, Duty
from cases.errors import Refused
from cases.store import absences, people
from cases.store.engine import reading, writing
from console import policy
from console.forms import AwayForm
from console.rooms import Room, viewer

SPEAKS_FOR_OTHERS = frozenset({"lead", "administrator"})


def add_to(app: Flask, room: Room) -> None:
    """The list and the form; being back."""

    @app.route("/away", methods=["GET", "POST"])
    @policy.allowed(policy.duty(Duty.AWAY))
    def away() -> Response:
        form = _form(room)
        if form.validate_on_submit() and _note(room, form):
            flash("It is noted. New cases go to others, and the backup acts on the open ones.")
            return redirect("/away", 303)
        with reading(room.desk.record) as connection:
            listed = absences.planned(connection, room.desk.now())
        if PROVIDER in viewer().roles:  # another organisation has no need to know
            listed = [one for one in listed if one.person == viewer().person.address]
        page = render_template("away.html", form=form, listed=listed, others=_speaks_for_others())
        return make_response(page, 422 if form.errors else 200)

    @app.post("/away/over")
    @policy.allowed(policy.duty(Duty.AWAY))
    def over() -> Response:
        form = _form(room)
        person = form.person.data or viewer().person.address
        if person != viewer().person.address and not _speaks_for_others():
            raise Refused("only a lead or an administrator says that somebody else is back")
        with writing(room.desk.record) as connection:
            absences.set_present(connection, person, room.desk.now(), by=viewer().person.address)
        flash("Welcome back." if person == viewer().person.address else "It is noted.")
        return redirect("/away", 303)


def _speaks_for_others() -> bool:
    return bool(viewer().roles & SPEAKS_FOR_OTHERS)


def _form(room: Room) -> AwayForm:
    """The form, with the people for whom this one may speak: oneself at the least."""
    me = viewer().person
    with reading(room.desk.record) as connection:
        known = people.everyone(connection) if _speaks_for_others() else [me]
    form = AwayForm()
    form.person.choices = [(one.address, one.name or one.address) for one in known]
    form.person.data = form.person.data or me.address
    return form


def _note(room: Room, form: AwayForm) -> bool:
    """Note it; False with words beside the field when it cannot be."""
    now, first = room.desk.now(), form.since.data
    since = max(now, _morning(room, first)) if first else now
    try:
        with writing(room.desk.record) as connection:
            absences.set_absent(
                connection,
                form.person.data,
                _morning(room, form.until.data),
                now,
                since=since,
                by=viewer().person.address,
            )
    except Refused as error:
        words = str(error)
        form.until.errors = [words[:1].upper() + words[1:] + "."]
        return False
    return True


def _morning(room: Room, day: date) -> datetime:
    """When a day begins in the ruleset's zone."""
    return datetime.combine(day, time(), room.rulebook.zone)
