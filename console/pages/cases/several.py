"""What concerns more than this case: links, merge, split, hand-over to the inside; and the legal hold."""

from collections.abc import Callable

from flask import Flask, flash, g, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling import handing_over, holding
from cases.handling.hand import Hand
from cases.handling.several.linking import link
from cases.handling.several.merging import merge
from cases.handling.several.splitting import split
from cases.model.codes import read_reference
from cases.store.engine import writing
from cases.store.sight import NO_SUCH_CASE, require
from console import policy
from console.pages.cases.showing import STORY, Slip, act, sentence, show
from console.rooms import Room, viewer


def add_to(app: Flask, room: Room) -> None:
    """Every act on more than one case, and those that outlast one."""
    _others(app, room)
    _splitting(app, room)
    _handing_over(app, room)
    _holding(app, room)


def _others(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/link")
    @policy.allowed(policy.on_case(Action.LINK))
    def link_cases(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            _known(lambda other: link(connection, g.reference, other, hand))
            return "The two cases are linked."

        return act(room, "others", STORY, work)

    @app.post("/cases/<reference>/merge")
    @policy.allowed(policy.on_case(Action.LINK))
    def merge_cases(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            levels = room.rulebook.risk_levels
            _known(lambda other: merge(connection, g.reference, other, hand, levels))
            return f"Merged: {g.reference} lives on in {_other()}."

        return act(room, "others", STORY, work)


def _splitting(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/split")
    @policy.allowed(policy.on_case(Action.LINK))
    def split_case(reference: str) -> Response:
        numbers = [
            int(one) for one in request.form.getlist("message") if one.isascii() and one.isdigit() and len(one) < 9
        ]
        try:
            with writing(room.desk.record) as connection:
                made = split(connection, g.reference, room.hand(), numbers)
        except Refused as error:
            if str(error) == NO_SUCH_CASE:
                raise
            return show(room, STORY, slip=Slip("split", sentence(error), request.form), status=409)
        flash(f"{made} begins with what you chose. Both cases keep it.")
        return redirect(f"/cases/{made}", 303)


def _handing_over(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/hand-over")
    @policy.allowed(policy.on_case(Action.HAND_OVER))
    def hand_over_case(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            team = require(connection, g.reference, viewer(), Action.HAND_OVER).row.team
            outside, inside = room.rulebook.hand_over(team)
            handing_over.hand_over(connection, g.reference, hand, outside, inside)
            return f"{g.reference} is handed over. It does not exist for the provider any more."

        return act(room, "owner", STORY, work)


def _holding(app: Flask, room: Room) -> None:
    @app.post("/cases/<reference>/hold")
    @policy.allowed(policy.on_case(Action.HOLD))
    def hold_case(reference: str) -> Response:
        def work(connection: Connection, hand: Hand) -> str:
            reason, do = request.form.get("reason", ""), request.form.get("do", "")
            if do == "set":
                holding.set_hold(connection, g.reference, hand, reason)
                return "The legal hold stands: nothing of this case is erased."
            if do == "ask":
                holding.ask_to_lift(connection, g.reference, hand, reason)
                return "Asked. A second person lifts it."
            holding.lift(connection, g.reference, hand)
            return "The legal hold is lifted."

        return act(room, "hold", STORY, work)


def _other() -> str:
    return read_reference(request.form.get("other", ""))


def _known(work: Callable[[str], None]) -> None:
    """Do it with the case that the form names; one that is not theirs is answered like one that does not exist."""
    other = _other()
    if not other:
        raise Refused("that is no reference of a case: they look like HR-7K3M-9QXD")
    try:
        work(other)
    except Refused as error:
        if str(error) == NO_SUCH_CASE:
            raise Refused("there is no such case that you see") from None
        raise
