"""What is held or was given up: a count for everybody, the lists, and trying again, for those who triage."""

from flask import Flask, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from cases.access.policy import Duty
from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.store import outbox
from cases.store.engine import reading, writing
from console import policy
from console.rooms import Room, carries, viewer
from gateway.inbox import mailboxes, states


def add_to(app: Flask, room: Room) -> None:
    """The page, and trying again."""

    @app.get("/held")
    @policy.allowed(policy.duty(Duty.HELD_COUNT, lists="held"))
    def held() -> str:
        with reading(room.desk.inbox) as connection:
            count = states.counts(connection).get("held", 0)
            listed = states.held(connection) if carries(Duty.HELD) else []
            boxes = mailboxes.known(connection)
        stale = [box.name for box in boxes if box.stale(room.desk.now(), mailboxes.RED_AFTER_MINUTES)]
        with reading(room.desk.record) as connection:
            given_up = outbox.counts(connection).get("blocked", 0)
            waiting, why = outbox.put_back(connection)
            mine = viewer().person.address
            effects = outbox.blocked(connection, hidden_from=mine) if carries(Duty.HELD) else []
        return render_template(
            "held.html",
            count=count,
            listed=listed,
            may_retry=carries(Duty.HELD),
            given_up=given_up,
            effects=effects,
            waiting=waiting,
            why=why,
            mailboxes=boxes,
            stale=stale,
        )

    @app.post("/held/effects/retry")
    @policy.allowed(policy.duty(Duty.HELD))
    def retry_effects() -> Response:
        now, address = room.desk.now(), viewer().person.address
        with writing(room.desk.record) as connection:
            theirs = {one.id for one in outbox.blocked(connection, hidden_from=address)}
            wanted = theirs & {request.form["entry"]} if request.form.get("entry") else theirs
            tried = outbox.retry(connection, now, sorted(wanted)) if wanted else []
            fact = NewEvent(DEPLOYMENT, "effects.retried", address, now, {"entries": list(tried)})
            append(connection, [fact])
        flash(f"{len(tried)} tried again." if tried else "Nothing could be tried again.")
        return redirect("/held", 303)

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
