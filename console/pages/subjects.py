"""What people ask about themselves: the data protection officer's requests, decisions, package."""

from flask import Flask, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from cases.access.policy import Duty
from cases.errors import Refused
from cases.privacy.classes import DataClass
from cases.privacy.finding import redact
from cases.store import people
from cases.store.engine import reading, writing
from cases.subjects import deciding, requests
from cases.subjects.package import WHY, pack
from cases.subjects.requests import Kind
from console import policy
from console.pages.cases.export import packed
from console.rooms import Room, viewer


def add_to(app: Flask, room: Room) -> None:
    """The list, one request, one item."""
    _requests(app, room)
    _items(app, room)
    _acts(app, room)


def _requests(app: Flask, room: Room) -> None:
    service = room.desk.service

    @app.get("/requests")
    @policy.allowed(policy.duty(Duty.SUBJECTS, lists="requests"))
    def subject_requests() -> str:
        with reading(room.desk.record) as connection:
            found = requests.every(connection, service)
        return render_template("subjects.html", found=found, kinds=KINDS, now=room.desk.now())

    @app.post("/requests")
    @policy.allowed(policy.duty(Duty.SUBJECTS))
    def open_subject_request() -> Response:
        given, kind = request.form, request.form.get("kind", "")
        if kind not in set(Kind):
            raise Refused("choose what they ask for")
        named = {name: given.get(name, "")[:320].strip() for name in ("name", "address")}
        with writing(room.desk.record) as connection:
            opened = requests.open_request(
                connection,
                service.public,
                kind=Kind(kind),
                words=given.get("words", ""),
                by=viewer().person.address,
                now=room.desk.now(),
                **named,
            )
        flash("Opened. The search begins now; you hear when it is done.")
        return redirect(f"/requests/{opened}", 303)

    @app.get("/requests/<request_id>")
    @policy.allowed(policy.duty(Duty.SUBJECTS, lists="requests"))
    def subject_request(request_id: str) -> str:
        with reading(room.desk.record) as connection:
            one = requests.get(connection, request_id, service)
            found = deciding.items(connection, one, viewer().person.address, service)
            replies = deciding.answers(connection, one, service)
            who = {reply.person_id: people.get(connection, reply.person_id) for reply in replies}
        return render_template(
            "subject.html",
            one=one,
            found=found,
            replies=replies,
            who=who,
            why=WHY,
            kinds=KINDS,
            states=STATES,
            found_as=FOUND_AS,
        )


def _items(app: Flask, room: Room) -> None:
    @app.get("/requests/<request_id>/items/<item_id>")
    @policy.allowed(policy.duty(Duty.SUBJECTS))
    def subject_item(request_id: str, item_id: str) -> str:
        with writing(room.desk.record) as connection:
            one = requests.get(connection, request_id, room.desk.service)
            item = deciding.one_item(connection, one, item_id, viewer().person.address, room.desk.service)
            text = deciding.read_item(connection, item, room.hand())
        proposed = item.text or redact(text, (DataClass.MEDICAL, DataClass.PAY, DataClass.IDENTIFIERS))
        once = room.desk.random_bytes(16).hex()
        return render_template(
            "subject_item.html",
            one=one,
            item=item,
            text=text,
            proposed=proposed,
            why=WHY,
            once=once,
            states=STATES,
            found_as=FOUND_AS,
        )

    @app.post("/requests/<request_id>/items/<item_id>")
    @policy.allowed(policy.duty(Duty.SUBJECTS))
    def decide_item(request_id: str, item_id: str) -> Response:
        given, hand = request.form, room.hand()
        do = given.get("do", "")
        with writing(room.desk.record) as connection:
            one = requests.get(connection, request_id, room.desk.service)
            item = deciding.one_item(connection, one, item_id, hand.address, room.desk.service)
            if do == "rectify":
                deciding.rectify(connection, item, hand, given.get("rectified", ""), given.get("once", ""))
                flash(f"Put beside what {item.reference} says, for whoever reads it.")
            elif do == "erase":
                gone = deciding.erase_for(connection, one, item, hand, given.get("words", ""))
                until = (
                    f" A backup could bring it back until {gone.backups_until:%Y-%m-%d}." if gone.backups_until else ""
                )
                flash(f"{gone.reference} is erased.{until}")
            else:
                words = {name: given.get(name, "") for name in ("reason", "words", "text")}
                deciding.decide(connection, item, hand, state=do, **words)
                flash("Decided.")
        return redirect(f"/requests/{request_id}", 303)


def _acts(app: Flask, room: Room) -> None:
    @app.post("/requests/<request_id>/package")
    @policy.allowed(policy.duty(Duty.SUBJECTS))
    def pack_request(request_id: str) -> Response:
        with writing(room.desk.record) as connection:
            one = requests.get(connection, request_id, room.desk.service)
            package = pack(connection, one, room.hand())
        return packed(package, "about-you.zip")

    @app.post("/requests/<request_id>/search")
    @policy.allowed(policy.duty(Duty.SUBJECTS))
    def search_request(request_id: str) -> Response:
        with writing(room.desk.record) as connection:
            one = requests.get(connection, request_id, room.desk.service)
            requests.search_again(connection, one, by=viewer().person.address, now=room.desk.now())
        flash("What has come since is searched now.")
        return redirect(f"/requests/{request_id}", 303)

    @app.post("/requests/<request_id>/close")
    @policy.allowed(policy.duty(Duty.SUBJECTS))
    def close_request(request_id: str) -> Response:
        with writing(room.desk.record) as connection:
            one = requests.get(connection, request_id, room.desk.service)
            requests.close(connection, one, by=viewer().person.address, now=room.desk.now())
        flash("Closed.")
        return redirect("/requests", 303)


KINDS = {
    Kind.ACCESS: "what is known about them",
    Kind.RECTIFICATION: "something to be put right",
    Kind.ERASURE: "something to be erased",
}
STATES = {
    "open": "to be decided",
    "given": "given",
    "redacted": "given without some words",
    "withheld": "withheld",
    "asked": "has not answered yet",
    "nothing": "nothing there",
}
FOUND_AS = {"wrote": "they wrote it", "party": "written to them, or in their thread", "named": "it names them"}
