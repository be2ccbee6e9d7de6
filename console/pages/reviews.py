"""Regular reviews of the case load: figures of a period, what one person found in it, and another one's signature."""

from flask import Flask, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from cases import reviews
from cases.access.policy import Duty
from cases.keys.sealing import Sealer
from cases.store.engine import reading, writing
from console import policy
from console.rooms import Room, viewer


def add_to(app: Flask, room: Room) -> None:
    """The list, looking one through, and signing it."""

    @app.get("/reviews")
    @policy.allowed(policy.duty(Duty.REVIEWS))
    def review_list() -> str:
        with reading(room.desk.record) as connection:
            found = reviews.newest(connection, room.desk.service)
        return render_template(
            "reviews.html", reviews=found, may_sign=bool(reviews.SIGNS & viewer().roles), now=room.desk.now()
        )

    @app.post("/reviews/<review_id>/look")
    @policy.allowed(policy.duty(Duty.REVIEWS))
    def look_review_through(review_id: str) -> Response:
        me, sealer = viewer(), Sealer(room.desk.service.public)
        words = request.form.get("words", "")
        with writing(room.desk.record) as connection:
            reviews.look_through(connection, review_id, me.person.address, me.roles, words, sealer, room.desk.now())
        flash("It is written down. Somebody else signs now.")
        return redirect("/reviews", 303)

    @app.post("/reviews/<review_id>/sign")
    @policy.allowed(policy.duty(Duty.REVIEWS))
    def sign_review(review_id: str) -> Response:
        me = viewer()
        with writing(room.desk.record) as connection:
            reviews.sign(connection, review_id, me.person.address, me.roles, room.desk.now())
        flash("Signed.")
        return redirect("/reviews", 303)
