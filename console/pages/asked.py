"""Whoever reads sealed cases is asked to search theirs for somebody, and answers: nothing, this may be given, or withheld."""

from flask import Flask, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from cases.access.policy import Duty
from cases.errors import Refused
from cases.store.engine import reading, writing
from cases.subjects import deciding, requests, searching
from cases.subjects.package import WHY
from console import policy
from console.rooms import Room, vault, viewer


def add_to(app: Flask, room: Room) -> None:
    """The open questions, the search, the answer."""

    @app.get("/asked")
    @policy.allowed(policy.duty(Duty.KEYS, lists="asked"))
    def asked() -> str:
        with reading(room.desk.record) as connection:
            found = [one for one in requests.every(connection, room.desk.service) if one.closed_at is None]
            mine = [one for one in found if searching.was_asked(connection, one.id, viewer().person.id)]
        return render_template("asked.html", mine=mine, one=None, found=[], why=WHY)

    @app.post("/asked/<request_id>/search")
    @policy.allowed(policy.duty(Duty.KEYS))
    def search_sealed(request_id: str) -> str:
        desk = room.desk
        with writing(desk.record) as connection:
            _mine(searching.was_asked(connection, request_id, viewer().person.id))
            one = requests.get(connection, request_id, desk.service)
            found = searching.search_sealed(connection, one, viewer(), vault(), desk.service, desk.now())
        return render_template("asked.html", mine=[one], one=one, found=found, why=WHY)

    @app.post("/asked/<request_id>")
    @policy.allowed(policy.duty(Duty.KEYS))
    def answer_asked(request_id: str) -> Response:
        given = {name: request.form.get(name, "") for name in ("reason", "words")}
        with writing(room.desk.record) as connection:
            _mine(searching.was_asked(connection, request_id, viewer().person.id))
            one = requests.get(connection, request_id, room.desk.service)
            deciding.answer(connection, one, room.hand(), state=request.form.get("do", ""), **given)
        flash("Answered. Thank you.")
        return redirect("/asked", 303)


def _mine(asked: bool) -> None:
    if not asked:
        raise Refused("nobody asks you this, or you have answered")
