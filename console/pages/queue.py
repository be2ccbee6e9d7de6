"""The list of cases: views, filters, pages; metadata only, and only what exists for whoever looks."""

from urllib.parse import urlencode

from flask import Flask, render_template, request

from cases.access.policy import Duty
from cases.model.words import Status
from cases.store.engine import reading
from cases.store.queue import View, Wanted, count_views, list_cases
from console import policy
from console.rooms import Room, viewer

TITLES = {
    View.OPEN: "All open",
    View.MINE: "Mine",
    View.TEAM: "My teams",
    View.UNASSIGNED: "Not assigned",
    View.LOOK: "Needs a look",
    View.OVERDUE: "Overdue",
    View.DONE: "Done",
}
EMPTY = {
    View.OPEN: ("No open cases", "When somebody writes to HR, their case shows here within seconds."),
    View.MINE: ("Nothing is yours", "Take a case from “Not assigned”, or wait until one is given to you."),
    View.TEAM: ("Your teams have nothing open", "That is good news."),
    View.UNASSIGNED: ("Every case has an owner", "Nothing waits to be taken."),
    View.LOOK: ("Nothing needs a look", "What the classifier is wary of waits here until somebody has looked."),
    View.OVERDUE: ("Nothing is late", "Every promise is kept so far."),
    View.DONE: ("Nothing is done yet", "Closed cases are kept here."),
}


def add_to(app: Flask, room: Room) -> None:
    """The list."""

    @app.get("/cases")
    @policy.allowed(policy.duty(Duty.QUEUE, lists="cases"))
    def queue() -> str:
        wanted = _wanted()
        now = room.desk.now()
        with reading(room.desk.record) as connection:
            page = list_cases(connection, viewer(), wanted, now)
            counts = count_views(connection, viewer(), now)
        return render_template(
            "queue.html",
            wanted=wanted,
            page=page,
            counts=counts,
            categories=room.rulebook.categories(),
            titles=TITLES,
            empty=EMPTY[wanted.view],
            filtered=bool(wanted.status or wanted.category),
            at=lambda **changed: _address(wanted, **changed),
        )


def _wanted() -> Wanted:
    """What the address asks for; what it cannot ask for is left out."""
    given = request.args
    view = given.get("view", "")
    status = given.get("status", "")
    page = given.get("page", "1")
    return Wanted(
        view=View(view) if view in set(View) else View.OPEN,
        status=status if status in set(Status) else "",
        category=given.get("category", "")[:64],
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def _address(wanted: Wanted, **changed: object) -> str:
    """The address of the list with something changed."""
    values = {"view": wanted.view.value, "status": wanted.status, "category": wanted.category, "page": wanted.page}
    kept = {name: str(value) for name, value in {**values, "page": 1, **changed}.items() if value and value != 1}
    return f"/cases?{urlencode(kept)}" if kept else "/cases"
