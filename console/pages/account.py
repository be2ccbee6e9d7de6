"""One's own account: where one lands, and a password that nobody else knows."""

from flask import Flask, flash, make_response, redirect, render_template
from werkzeug.wrappers import Response

from cases.keys.vault import WrongPassword, unwrap_private, wrap_private
from cases.store import sign_ins
from cases.store.engine import writing
from console import policy
from console.forms import PasswordForm
from console.limiter import Proof
from console.rooms import Room, vault, viewer, visit
from console.template_words import navigation


def add_to(app: Flask, room: Room) -> None:
    """The start page and the password page."""

    @app.get("/")
    @policy.allowed(policy.SIGNED_IN)
    def start() -> Response:
        pages = navigation(viewer())
        return redirect(pages[0][0] if pages else policy.CHOOSE_PASSWORD, 303)

    @app.route(policy.CHOOSE_PASSWORD, methods=["GET", "POST"])
    @policy.allowed(policy.SIGNED_IN)
    def password() -> Response:
        form = PasswordForm()
        if form.validate_on_submit() and _changed(room, form):
            flash("Your password is changed. Only you know it now.")
            return redirect("/", 303)
        first = not visit().get("own_password")
        page = render_template("password.html", form=form, first=first)
        return make_response(page, 422 if form.errors else 200)


def _changed(room: Room, form: PasswordForm) -> bool:
    """Wrap the vault by the new password; False, with words beside the field, when the old one is wrong."""
    person = viewer().person
    if not room.limiter.allows(person.address, Proof.AGAIN):
        form.old.errors = ["Too many attempts. Wait five minutes, then try again."]
        return False
    try:
        unwrap_private(person.vault_wrapped, form.old.data, person.id)
    except WrongPassword:
        form.old.errors = ["That is not your present password."]
        return False
    if form.new.data == form.old.data:
        form.new.errors = ["That is the same password again."]
        return False
    wrapped = wrap_private(vault(), form.new.data, person.id)
    with writing(room.desk.record) as connection:
        sign_ins.change_password(connection, person, wrapped, room.desk.now())
    room.limiter.succeeded(person.address)
    room.sessions.end_others(visit())
    visit()["own_password"] = True
    return True
