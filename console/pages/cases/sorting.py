"""Sorting a case anew: its category, its risk, and the look at what the classifier was wary of."""

from flask import Flask, g, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling import looking, sorting
from cases.handling.hand import Hand, check_once
from cases.store.sight import require
from classifier.text import kept_words
from console import policy
from console.pages.cases.showing import STORY, act
from console.rooms import Room, viewer


def add_to(app: Flask, room: Room) -> None:
    """What is said of a case by sorting it."""

    @app.post("/cases/<reference>/category")
    @policy.allowed(policy.on_case(Action.MOVE))
    def category(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            wanted = request.form.get("category", "")[:64]
            known = room.rulebook.sortable()
            if wanted not in known:
                raise Refused("choose a category")
            access, promised, version = known[wanted], room.rulebook.promised(wanted), room.rulebook.version()
            sorting.set_category(
                connection, g.reference, hand, wanted, access, known, kept_words, promised=promised, ruleset=version
            )
            return f"Sorted as {room.rulebook.category(wanted)}."

        return act(room, "sort", STORY, work)

    @app.post("/cases/<reference>/risk")
    @policy.allowed(policy.on_case(Action.MOVE))
    def risk(reference: str) -> Response:
        return act(room, "sort", STORY, lambda connection, hand: _risk(connection, hand, room))

    @app.post("/cases/<reference>/looked")
    @policy.allowed(policy.on_case(Action.LOOK))
    def looked(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            if request.form.get("do") != "send":
                looking.looked(connection, g.reference, hand)
                return "Noted: you have looked."
            team = require(connection, g.reference, viewer(), Action.LOOK).row.meant_for
            looking.looked(connection, g.reference, hand, room.rulebook.members(team))
            return f"Noted, and it goes to {room.rulebook.team(team)}."

        return act(room, "look", STORY, work)


def _risk(connection: Connection, hand: Hand, room: Room) -> str:
    """Set it, ask for it to be lowered, or answer who asked."""
    form, levels = request.form, room.rulebook.risk_levels
    if form.get("do") in {"agree", "refuse"}:
        agreed = form["do"] == "agree"
        sorting.agree_to_risk(connection, g.reference, hand, levels, kept_words, agreed=agreed)
        return "You agreed; the risk is lowered." if agreed else "You did not agree; the risk stays as it is."
    wanted, reason = form.get("risk", "")[:32], form.get("reason", "")[:2000]
    once = check_once(form.get("once", ""))
    done = sorting.set_risk(connection, g.reference, hand, wanted, levels, kept_words, reason=reason, once=once)
    return "Asked: a second person who may see the case decides." if done.waits else f"Its risk is {wanted}."
