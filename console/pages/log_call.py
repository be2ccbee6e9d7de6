"""A call or a walk-in, written down for somebody else: it goes through the same inbox as everything."""

import json
from concurrent.futures import TimeoutError as TookTooLong

from flask import Flask, make_response, render_template
from werkzeug.wrappers import Response

from cases.access.policy import Duty
from cases.errors import TryLater
from cases.model.words import Channel
from console import policy
from console.forms import LogForm
from console.rooms import Room, viewer
from gateway.inbox.envelope import Delivery

STORE_SECONDS = 20


def add_to(app: Flask, room: Room) -> None:
    """The form and its answer."""

    @app.route("/log", methods=["GET", "POST"])
    @policy.allowed(policy.duty(Duty.LOG))
    def log_call() -> Response:
        form = LogForm()
        if form.validate_on_submit() and not _own(form):
            return make_response(render_template("logged.html", reference=_store(room, form)))
        if not form.once.data:
            form.once.data = room.desk.random_bytes(16).hex()
        return make_response(render_template("log.html", form=form), 422 if form.errors else 200)


def _own(form: LogForm) -> bool:
    """Whether somebody logs a matter of their own: reporter and logger are two people."""
    if (form.address.data or "").strip().casefold() != viewer().person.address:
        return False
    form.address.errors = ["This is your own address. Write to HR by mail or form, so that somebody else handles it."]
    return True


def _store(room: Room, form: LogForm) -> str:
    """The reference, once it is on disk. Sent twice it is stored once: the form's id is the envelope's."""
    payload = {
        "form": "staff",
        "name": form.name.data or "",
        "email": (form.address.data or "").strip(),
        "subject": form.subject.data,
        "text": form.text.data,
        "fields": {"how": form.how.data, "logged_by": viewer().person.address},
    }
    delivery = Delivery(Channel.STAFF, json.dumps(payload, ensure_ascii=False).encode())
    try:
        return room.desk.door.put(delivery, envelope_id=_envelope_id(form)).result(STORE_SECONDS)
    except TookTooLong:
        raise TryLater("the inbox took too long") from None


def _envelope_id(form: LogForm) -> str:
    once: str = form.once.data
    return once if len(once) == 32 and set(once) <= set("0123456789abcdef") else ""
