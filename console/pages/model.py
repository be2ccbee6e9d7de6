"""The classifier's model, for HR ops and leads: which one reads, what it was measured at, what it learned, and the way back."""

from flask import Flask, flash, redirect, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from cases.access.policy import Duty
from cases.errors import Refused
from cases.store import corrections, refits
from cases.store.engine import reading, writing
from classifier import store
from classifier.artifact import Manifest
from classifier.report import figure_name
from console import policy
from console.rooms import Room, viewer

COMPARED = ("top_1", "top_3", "high_risk_recall", "false_alarms", "caution_recall", "caution_rate", "calibration_error")


def add_to(app: Flask, room: Room) -> None:
    """The page, and the way back to the model before."""
    home = room.desk.home

    @app.get("/model")
    @policy.allowed(policy.duty(Duty.MODEL))
    def model() -> str:
        if home is None:
            raise NotFound
        name, manifest, wrong = _in_force(home)
        with reading(room.desk.record) as connection:
            trained = refits.trained_at(connection)
            counts = corrections.count_since(connection, None), corrections.count_since(connection, trained)
            history = refits.latest(connection)
        return render_template(
            "model.html",
            name=name,
            manifest=manifest,
            wrong=wrong,
            counts=counts,
            compared=next((one for one in history if one.figures), None),
            history=history,
            figures=[(one, figure_name(one)) for one in COMPARED],
            kept=store.stored(home),
        )

    @app.post("/model/roll-back")
    @policy.allowed(policy.duty(Duty.MODEL))
    def roll_back_model() -> Response:
        if home is None:
            raise NotFound
        before = store.current_name(home)
        name = store.roll_back(home)
        with writing(room.desk.record) as connection:
            by, now = viewer().person.address, room.desk.now()
            refits.add(connection, by=by, now=now, outcome=refits.ROLLED_BACK, model=name, before=before)
        flash(f"{name or 'The shipped model'} reads from now on; workers take it within seconds.")
        return redirect("/model", 303)


def _in_force(home) -> tuple[str, Manifest | None, str]:  # type: ignore[no-untyped-def]
    """The model's name, its manifest, and what is wrong with it where it cannot be read."""
    try:
        name = store.current_name(home)
        return name, store.manifest_in_force(home), ""
    except Refused as error:
        return "", None, str(error)
