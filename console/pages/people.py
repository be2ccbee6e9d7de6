"""The people who work with cases: who they are, adding one, and a lost second factor. For administrators."""

from datetime import timedelta

from flask import Flask, flash, make_response, redirect, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from cases.access.policy import Duty
from cases.errors import Refused
from cases.store import people, sign_ins
from cases.store.directory import last_import
from cases.store.engine import reading, writing
from console import policy
from console.forms import PersonForm
from console.rooms import Room, viewer
from console.words import ROLES
from gateway.serve.home import new_password


def add_to(app: Flask, room: Room) -> None:
    """List, add, reset."""

    @app.route("/people", methods=["GET", "POST"])
    @policy.allowed(policy.duty(Duty.PEOPLE))
    def staff() -> Response:
        form = PersonForm()
        if form.validate_on_submit() and (password := _add(room, form)):
            return make_response(render_template("added.html", address=form.address.data, password=password))
        with reading(room.desk.record) as connection:
            listed, enrolled = people.everyone(connection), sign_ins.enrolled(connection)
            imported = last_import(connection)
        oldest = room.desk.now() - timedelta(days=room.desk.organisation.directory_days)
        stale = imported is None or imported.at < oldest
        page = render_template(
            "people.html", imported=imported, stale=stale, form=form, listed=listed, enrolled=enrolled, roles=ROLES
        )
        return make_response(page, 422 if form.errors else 200)

    @app.post("/people/<person_id>/forget-code")
    @policy.allowed(policy.duty(Duty.PEOPLE))
    def forget_code(person_id: str) -> Response:
        with writing(room.desk.record) as connection:
            person = people.get(connection, person_id)
            if person is None:
                raise NotFound
            if person.id == viewer().person.id:
                raise Refused("your own second factor is reset by somebody else")
            sign_ins.forget_second_factor(connection, person, by=viewer().person.address, now=room.desk.now())
        flash(f"{person.name or person.address} sets up a new second factor at the next sign-in.")
        return redirect("/people", 303)


def _add(room: Room, form: PersonForm) -> str:
    """Add the person; their first password, or "" with words beside the field."""
    password = new_password()
    try:
        with writing(room.desk.record) as connection:
            people.add(
                connection,
                person_id=room.desk.random_bytes(16).hex(),
                address=form.address.data.strip(),
                name=form.name.data.strip(),
                reports_to=(form.reports_to.data or "").strip(),
                roles=tuple(form.roles.data),
                password=password,
                by=viewer().person.address,
                now=room.desk.now(),
            )
    except Refused as error:
        form.address.errors = [str(error)]
        return ""
    return password
