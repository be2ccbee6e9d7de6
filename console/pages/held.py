"""Held mail: what nobody could make a case of. A count for everybody, the list for those who triage."""

from flask import Flask, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from cases.access.policy import Duty
from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.store.engine import reading, writing
from console import policy
from console.rooms import Room, carries, viewer
from gateway.inbox import states


def add_to(app: Flask, room: Room) -> None:
    """The page, and trying again."""

    @app.get("/held")
    @policy.allowed(policy.duty(Duty.HELD_COUNT))
    def held() -> str:
        with reading(room.desk.inbox) as connection:
            count = states.counts(connection).get("held", 0)
            listed = states.held(connection) if carries(Duty.HELD) else []
        return render_template("held.html", count=count, listed=listed, may_retry=carries(Duty.HELD))

    @app.post("/held/retry")
    @policy.allowed(policy.duty(Duty.HELD))
    def retry() -> Response:
        wanted = [request.form["reference"]] if request.form.get("reference") else []
        with writing(room.desk.inbox) as connection:
            tried = states.retry(connection, wanted)
        fact = NewEvent(
            DEPLOYMENT, "held.retried", viewer().person.address, room.desk.now(), {"references": list(tried)}
        )
        with writing(room.desk.record) as connection:
            append(connection, [fact])
        flash(f"{len(tried)} tried again." if tried else "Nothing was held any more.")
        return redirect("/held", 303)
