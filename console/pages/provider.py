"""Signing in through the organisation's provider: it says who somebody is, and their passphrase opens their vault."""

from typing import TYPE_CHECKING

from flask import Flask, Response, make_response, redirect, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from cases.errors import Refused
from cases.store import people, sign_ins
from cases.store.engine import reading, writing
from console import policy
from console.forms import PassphraseForm
from console.limiter import Proof
from console.pages.sign_in import TOO_MANY, let_in, note_refusal, open_vault, whoever
from console.rooms import Room, visit
from console.sessions import Stage

if TYPE_CHECKING:
    from console.oidc import Claims

CALLBACK = "/sign-in/provider/back"
NOT_YOURS = "this account of the sign-in provider is not one of ours"


def add_to(app: Flask, room: Room) -> None:
    """The way there, the way back, and the passphrase. Without a provider in the settings there is nothing here."""
    settings = room.desk.oidc
    provider = None
    if settings.issuer:
        from console.oidc import Provider  # its libraries take their time to load, and most have no provider

        provider = Provider(app, settings, f"{room.desk.console.public_url}{CALLBACK}")

    @app.get("/sign-in/provider")
    @policy.allowed(policy.ANYONE)
    def provider_there() -> AnyResponse:
        if provider is None:
            raise NotFound
        return provider.away()  # type: ignore[no-any-return]

    @app.get(CALLBACK)
    @policy.allowed(policy.ANYONE)
    def provider_back() -> AnyResponse:
        if provider is None:
            raise NotFound
        if policy.came_by_a_link():  # the cookie comes with the second try, from our own page
            return Response(render_template("again.html"))
        return _known(room, provider.back())

    @app.route("/sign-in/passphrase", methods=["GET", "POST"])
    @policy.allowed(policy.stage(Stage.PASSPHRASE))
    def passphrase() -> AnyResponse:
        form = PassphraseForm()
        if form.validate_on_submit():
            return _passphrase(room, form)
        return _page(form, 422 if form.errors else 200)


def _known(room: Room, claims: "Claims") -> AnyResponse:
    """The member of staff that this is. Whoever was somebody else at the provider before is not let in."""
    with reading(room.desk.record) as connection:
        person = people.find(connection, claims.address)
        bound = sign_ins.subject_of(connection, person) if person else ""
    if person is None or not person.active or (bound and bound != claims.subject):
        note_refusal(room, person, "provider")
        raise Refused(NOT_YOURS)
    session = visit()
    session.person_id, session.subject, session.stage = person.id, claims.subject, Stage.PASSPHRASE
    room.sessions.rotate(session)
    return redirect("/sign-in/passphrase", 303)


def _passphrase(room: Room, form: PassphraseForm) -> AnyResponse:
    session, person = visit(), whoever(room)
    if not room.limiter.allows(person.address, Proof.AGAIN):
        form.passphrase.errors = [TOO_MANY]
        return _page(form, 429)
    keys = open_vault(room, person, form.passphrase.data)
    if keys is None:
        note_refusal(room, person, "passphrase")
        form.passphrase.errors = ["That passphrase does not open your vault."]
        return _page(form, 422)
    session.vault = keys
    with writing(room.desk.record) as connection:
        sign_ins.bind(connection, person, session.subject, room.desk.now())
    return let_in(room, person)


def _page(form: PassphraseForm, status: int) -> Response:
    return make_response(render_template("passphrase.html", form=form), status)
