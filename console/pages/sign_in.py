"""Signing in: address and password open the person's vault, a code from their device proves the second factor."""

from flask import Flask, Response, make_response, redirect, render_template
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from cases.keys.sealing import KeyPair
from cases.keys.vault import WrongPassword, unwrap_private
from cases.store import people, sign_ins
from cases.store.engine import reading, writing
from console import factors, policy
from console.forms import CodeForm, SignInForm
from console.limiter import Proof
from console.qr import svg
from console.rooms import Room, visit
from console.sessions import Stage

WRONG = "That address and password do not belong together."
WRONG_CODE = "That code is not right, or was used already. Wait for the next one."
TOO_MANY = "Too many attempts. Wait five minutes, then try again."


def add_to(app: Flask, room: Room) -> None:
    """The routes of signing in and out."""

    @app.route("/sign-in", methods=["GET", "POST"])
    @policy.allowed(policy.ANYONE)
    def sign_in() -> AnyResponse:
        form = SignInForm()
        if visit().stage is Stage.IN:
            return redirect("/", 303)
        if form.validate_on_submit():
            if room.desk.oidc.only:
                raise NotFound
            return _password(room, form)
        return _page("sign_in.html", 422 if form.errors else 200, form=form)

    @app.route("/sign-in/enrol", methods=["GET", "POST"])
    @policy.allowed(policy.stage(Stage.ENROL))
    def enrol() -> AnyResponse:
        form = CodeForm()
        return _enrol(room, form) if form.validate_on_submit() else _enrolment(room, form, 422 if form.errors else 200)

    @app.route("/sign-in/code", methods=["GET", "POST"])
    @policy.allowed(policy.stage(Stage.CODE))
    def code() -> AnyResponse:
        form = CodeForm()
        return (
            _code(room, form)
            if form.validate_on_submit()
            else _page("code.html", 422 if form.errors else 200, form=form)
        )

    @app.post("/sign-out")
    @policy.allowed(policy.SIGNED_IN)
    def sign_out() -> AnyResponse:
        person = whoever(room)
        with writing(room.desk.record) as connection:
            sign_ins.note(connection, "person.signed_out", person.address, room.desk.now(), {"person": person.id})
        room.sessions.end(visit())
        return redirect("/sign-in", 303)


def _password(room: Room, form: SignInForm) -> AnyResponse:
    address = form.address.data.strip()
    if not room.limiter.allows(address, Proof.PASSWORD):
        return _refused("sign_in.html", form, form.password, TOO_MANY, 429)
    with reading(room.desk.record) as connection:
        person = people.find(connection, address)
    vault = open_vault(room, person, form.password.data)
    if person is None or vault is None:
        note_refusal(room, person, "password")
        return _refused("sign_in.html", form, form.password, WRONG, 422)
    with reading(room.desk.record) as connection:
        known = sign_ins.look(connection, person, vault)
    session = visit()
    session.person_id, session.vault = person.id, vault
    session.stage = Stage.CODE if known.secret else Stage.ENROL
    session.proposed_secret = "" if known.secret else factors.new_secret()
    room.sessions.rotate(session)
    return redirect("/sign-in/code" if known.secret else "/sign-in/enrol", 303)


def open_vault(room: Room, person: people.Person | None, password: str) -> KeyPair | None:
    """The person's vault, or None. Nobody and somebody who left are tried as well, so that it takes as long."""
    known = person is not None and person.active
    wrapped, name = (person.vault_wrapped, person.id) if person and known else (room.nobody, "nobody")
    try:
        return unwrap_private(wrapped, password, name)
    except WrongPassword:
        return None


def _enrol(room: Room, form: CodeForm) -> AnyResponse:
    session, person, now = visit(), whoever(room), room.desk.now()
    if not room.limiter.allows(person.address, Proof.CODE):
        return _enrolment(room, form, 429, TOO_MANY)
    step = factors.step_of(session.proposed_secret, form.code.data, now)
    if step is None:
        return _enrolment(room, form, 422, WRONG_CODE)
    with writing(room.desk.record) as connection:
        sign_ins.enrol(connection, person, session.proposed_secret, step, now)
    return let_in(room, person)


def _code(room: Room, form: CodeForm) -> AnyResponse:
    session, person, now = visit(), whoever(room), room.desk.now()
    assert session.vault is not None  # noqa: S101  the stage says so
    if not room.limiter.allows(person.address, Proof.CODE):
        return _refused("code.html", form, form.code, TOO_MANY, 429)
    with writing(room.desk.record) as connection:
        known = sign_ins.look(connection, person, session.vault)
        step = factors.step_of(known.secret, form.code.data, now)
        good = step is not None and sign_ins.take_code(connection, person, step)
    if not good:
        note_refusal(room, person, "code")
        return _refused("code.html", form, form.code, WRONG_CODE, 422)
    return let_in(room, person)


def let_in(room: Room, person: people.Person) -> AnyResponse:
    """They are who they say: a new session id, an event, and where they wanted to go."""
    session = visit()
    session.stage, session.proposed_secret = Stage.IN, ""
    room.sessions.rotate(session)
    room.limiter.succeeded(person.address)
    with writing(room.desk.record) as connection:
        sign_ins.note(connection, "person.signed_in", person.address, room.desk.now(), {"person": person.id})
    policy.remember_own_password(room, person)
    wanted = str(session.pop("next", "/"))
    return redirect(wanted if wanted.startswith("/") and not wanted.startswith("//") else "/", 303)


def _enrolment(room: Room, form: CodeForm, status: int = 200, said: str = "") -> AnyResponse:
    secret, person = visit().proposed_secret, whoever(room)
    if said:
        form.code.errors = [said]
    shown = {
        "secret": factors.grouped(secret),
        "link": factors.link(secret, person.address, room.desk.organisation.name),
    }
    picture = Markup(svg(shown["link"]))  # noqa: S704  our own squares, and no word of anybody's
    return _page("enrol.html", status, form=form, person=person, picture=picture, **shown)


def whoever(room: Room) -> people.Person:
    """Whoever gave the right password."""
    with reading(room.desk.record) as connection:
        person = people.get(connection, visit().person_id)
    if person is None or not person.active:
        room.sessions.end(visit())
        raise WrongPassword(WRONG)
    return person


def note_refusal(room: Room, person: people.Person | None, what: str) -> None:
    """Written down for an unknown address as well, and never with what was typed: people type passwords there."""
    data = {"person": person.id if person else "", "what": what}
    with writing(room.desk.record) as connection:
        sign_ins.note(connection, "person.sign_in_refused", "console", room.desk.now(), data)


def _refused(template: str, form: SignInForm | CodeForm, field: object, words: str, status: int) -> AnyResponse:
    field.errors = [words]  # type: ignore[attr-defined]
    return _page(template, status, form=form)


def _page(template: str, status: int, **values: object) -> Response:
    return make_response(render_template(template, **values), status)
