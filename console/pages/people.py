"""The people who work with cases: who they are, adding one, roles, training, resets, leaving. For administrators."""

import secrets
from datetime import UTC, datetime, timedelta

from flask import Flask, flash, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from cases.access import staffing, training
from cases.access.policy import Duty
from cases.errors import Refused
from cases.leaving import Office, leave
from cases.model.codes import new_password
from cases.model.wording import LANGUAGES
from cases.store import people, sign_ins
from cases.store.directory import last_import
from cases.store.engine import reading, writing
from console import policy
from console.forms import PersonForm
from console.rooms import Room, viewer
from console.words import LANGUAGE_AS_LISTED, ROLES


def add_to(app: Flask, room: Room) -> None:
    """List, add, reset."""

    @app.route("/people", methods=["GET", "POST"])
    @policy.allowed(policy.duty(Duty.PEOPLE, lists="people"))
    def staff() -> Response:
        form = PersonForm()
        if form.validate_on_submit() and (password := _add(room, form)):
            return make_response(render_template("added.html", address=form.address.data, password=password))
        with reading(room.desk.record) as connection:
            listed, enrolled = people.everyone(connection), sign_ins.enrolled(connection)
            imported, trained = last_import(connection), training.of_everyone(connection)
        oldest = room.desk.now() - timedelta(days=room.desk.organisation.directory_days)
        stale = imported is None or imported.at < oldest
        page = render_template(
            "people.html",
            imported=imported,
            stale=stale,
            form=form,
            listed=listed,
            enrolled=enrolled,
            roles=ROLES,
            languages=[("", LANGUAGE_AS_LISTED), *LANGUAGES.items()],
            trained=trained,
            now=room.desk.now(),
        )
        return make_response(page, 422 if form.errors else 200)

    _changing(app, room)


def _changing(app: Flask, room: Room) -> None:
    """Acts on one person; what takes a second one then waits under Approvals."""

    @app.post("/people/<person_id>/forget-code")
    @policy.allowed(policy.duty(Duty.PEOPLE))
    def forget_code(person_id: str) -> Response:
        with writing(room.desk.record) as connection:
            person = _known(connection, person_id)
            done = staffing.wish_new_code(connection, person, by=viewer().person.address, now=room.desk.now())
        name = person.name or person.address
        return _back(done, f"{name} sets up a new second factor at the next sign-in.")

    @app.post("/people/<person_id>/roles")
    @policy.allowed(policy.duty(Duty.PEOPLE))
    def roles(person_id: str) -> Response:
        wanted = tuple(one for one in ROLES if one in request.form.getlist("roles"))
        if not wanted:
            raise Refused("choose at least one role; who works here no more leaves instead")
        with writing(room.desk.record) as connection:
            person = _known(connection, person_id)
            done = staffing.wish_roles(connection, person, wanted, by=viewer().person.address, now=room.desk.now())
        return _back(done, "The roles are changed.")

    @app.post("/people/<person_id>/language")
    @policy.allowed(policy.duty(Duty.PEOPLE))
    def language(person_id: str) -> Response:
        with writing(room.desk.record) as connection:
            person, by = _known(connection, person_id), viewer().person.address
            people.set_language(connection, person, request.form.get("language", ""), by=by, now=room.desk.now())
        flash(f"The language of {person.name or person.address}'s mail is noted.")
        return redirect("/people", 303)

    @app.post("/people/<person_id>/reset")
    @policy.allowed(policy.duty(Duty.PEOPLE))
    def reset(person_id: str) -> Response:
        with writing(room.desk.record) as connection:
            person, by = _known(connection, person_id), viewer().person.address
            done = staffing.wish_reset(connection, person, new_password(secrets.choice), by=by, now=room.desk.now())
        return make_response(render_template("half.html", half=done.half, which="first" if done.waits else "whole"))

    @app.post("/people/<person_id>/leave")
    @policy.allowed(policy.duty(Duty.PEOPLE))
    def leaves(person_id: str) -> Response:
        with writing(room.desk.record) as connection:
            person, me = _known(connection, person_id), viewer().person
            if person.id == me.id:
                raise Refused("somebody else writes down that you leave")
            office = Office(room.rulebook.team_order(), room.desk.service.public, room.desk.index)
            handed = leave(connection, person.address, office, by=me.address, now=room.desk.now())
        flash(f"{person.name or person.address} has left. Cases handed over: {handed.reassigned}.")
        return redirect("/people", 303)

    @app.post("/people/<person_id>/training")
    @policy.allowed(policy.duty(Duty.PEOPLE))
    def trained(person_id: str) -> Response:
        given = request.form
        with writing(room.desk.record) as connection:
            training.record(
                connection,
                _known(connection, person_id),
                given.get("course", ""),
                completed=_day(given.get("completed", "")),
                expires=_day(given.get("expires", "")),
                by=viewer().person.address,
                now=room.desk.now(),
            )
        flash("The training is noted.")
        return redirect("/people", 303)


def _back(done: staffing.Outcome, said: str) -> Response:
    flash("A second person has to agree: an administrator or lead, under Approvals." if done.waits else said)
    return redirect("/people", 303)


def _known(connection: Connection, person_id: str) -> people.Person:
    person = people.get(connection, person_id)
    if person is None or not person.active:
        raise NotFound
    return person


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("a day is written like 2026-03-31") from None


def _add(room: Room, form: PersonForm) -> str:
    """Add the person; their first password, or "" with words beside the field."""
    password = new_password(secrets.choice)
    try:
        with writing(room.desk.record) as connection:
            staffing.add(
                connection,
                person_id=room.desk.random_bytes(16).hex(),
                address=form.address.data.strip(),
                name=form.name.data.strip(),
                reports_to=(form.reports_to.data or "").strip(),
                language=form.language.data or "",
                roles=tuple(form.roles.data),
                password=password,
                by=viewer().person.address,
                now=room.desk.now(),
            )
    except Refused as error:
        form.address.errors = [str(error)]
        return ""
    return password
