"""Who may see a case: raised, with who loses sight said first; lowered, with a reason, by two where it is grave."""

from flask import Flask, flash, g, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from cases.access import second
from cases.access.policy import Action
from cases.errors import Refused
from cases.handling import levels
from cases.model.risk import is_grave
from cases.model.words import Access
from cases.store.engine import reading, writing
from cases.store.sight import find_case
from console import policy
from console.rooms import Room, viewer


def add_to(app: Flask, room: Room) -> None:
    """The page, and what it does."""

    @app.get("/cases/<reference>/access")
    @policy.allowed(policy.on_case(Action.RESTRICT))
    def access(reference: str) -> str:
        with reading(room.desk.record) as connection:
            seen = find_case(connection, g.reference, viewer())
            if seen is None:
                raise NotFound
            here = levels.ORDER.index(seen.access)
            higher = [(to, _losing(connection, seen, to)) for to in levels.ORDER[here + 1 :]]
            waits = second.about_case(connection, seen.id)
        return render_template(
            "access.html",
            reference=g.reference,
            case=seen.row,
            higher=higher,
            lower=levels.ORDER[:here],
            waits=waits,
            grave=is_grave(seen.row.risk, _levels(room)),
            once=room.desk.random_bytes(16).hex(),
        )

    @app.post("/cases/<reference>/access")
    @policy.allowed(policy.on_case(Action.RESTRICT))
    def change_access(reference: str) -> Response:
        with writing(room.desk.record) as connection:
            said = _change(connection, room)
            still = find_case(connection, g.reference, viewer()) is not None
        flash(said)
        return redirect(f"/cases/{g.reference}/access" if still else "/cases", 303)


def _change(connection, room: Room) -> str:  # type: ignore[no-untyped-def]
    form, hand, reference = request.form, room.hand(), g.reference
    if form.get("do") in {"agree", "refuse"}:
        levels.agree_to_lower(connection, reference, hand, agreed=form["do"] == "agree")
        return "You agreed; it is lowered." if form["do"] == "agree" else "You did not agree; it stays as it is."
    wanted = form.get("to", "")
    if wanted not in set(Access):
        raise Refused("choose a level of access")
    if form.get("do") == "raise":
        done = levels.raise_access(connection, reference, hand, Access(wanted))
        count = len(done.losing)
        return f"Raised. {count} colleague{'s' if count != 1 else ''} no longer see{'s' if count == 1 else ''} it."
    reason, once = form.get("reason", "")[:2000], form.get("once", "")
    done = levels.lower_access(connection, reference, hand, Access(wanted), reason, once, _levels(room))
    return "Asked: a second person who may see the case decides." if done.waits else "Lowered."


def _losing(connection, seen, to: Access) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    return levels.losing_sight(connection, seen, to, viewer().teams)


def _levels(room: Room) -> tuple[str, ...]:
    ruleset = room.rulebook.current()
    return ruleset.risk_levels if ruleset else ()
