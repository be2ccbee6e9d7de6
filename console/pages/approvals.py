"""What waits for a second person: roles that read cases, resets, lost devices. Agreed to, or not, by another one."""

import secrets

from flask import Flask, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from cases.access import second, staffing
from cases.access.policy import Duty
from cases.model.codes import new_password
from cases.store import people
from cases.store.engine import reading, writing
from console import policy
from console.rooms import Room, viewer
from console.words import ROLES


def add_to(app: Flask, room: Room) -> None:
    """The list, and the answer."""

    @app.get("/approvals")
    @policy.allowed(policy.duty(Duty.APPROVE))
    def approvals() -> str:
        with reading(room.desk.record) as connection:
            waiting = second.waiting(connection)
            who = {one.person_id: people.get(connection, one.person_id) for one in waiting}
        return render_template("approvals.html", waiting=waiting, who=who, roles=ROLES)

    @app.post("/approvals/<pending_id>")
    @policy.allowed(policy.duty(Duty.APPROVE))
    def answer_pending(pending_id: str) -> Response:
        me, now = viewer().person, room.desk.now()
        with writing(room.desk.record) as connection:
            if request.form.get("do") == "withdraw":
                second.withdraw(connection, pending_id, me.address, now)
                flash("Taken back.")
                return redirect("/approvals", 303)
            if request.form.get("do") != "agree":
                second.decide(connection, pending_id, me, now, agreed=False)
                flash("You did not agree; nothing is changed.")
                return redirect("/approvals", 303)
            done = staffing.agree(connection, pending_id, me, new_password(secrets.choice), now)
        if done.half:
            return make_response(render_template("half.html", half=done.half, which="second"))
        flash("You agreed; it is done.")
        return redirect("/approvals", 303)
