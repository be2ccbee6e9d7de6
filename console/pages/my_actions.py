"""What I am to do: open actions of every case that I see, by date; and what my team has handed over."""

from flask import Flask, render_template

from cases.access.policy import Duty
from cases.handling.handing_over import handed_over
from cases.store.engine import reading
from cases.store.open_actions import open_actions
from console import policy
from console.rooms import Room, viewer


def add_to(app: Flask, room: Room) -> None:
    """The list. It holds no content: what is to be done stands in the case."""

    @app.get("/actions")
    @policy.allowed(policy.duty(Duty.QUEUE, lists="actions"))
    def actions() -> str:
        with reading(room.desk.record) as connection:
            found = open_actions(connection, viewer())
            handed = handed_over(connection, viewer())
        return render_template("actions.html", found=found, handed=handed, today=room.desk.now().date())
