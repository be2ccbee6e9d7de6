"""Who protected reporters are: custodians answer colleagues' wishes, each for one person and a while."""

from datetime import timedelta

from flask import Flask, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from cases.access import originals
from cases.access.identity import asking, granting, keeping, wishes
from cases.access.policy import Action, Duty
from cases.errors import Refused
from cases.model.identity import Identity
from cases.store import people
from cases.store.engine import reading, writing
from cases.store.files import DatabasePieces
from cases.store.sight import find_case
from console import policy
from console.pages.cases.files import download
from console.rooms import Room, vault, viewer

DAYS = (1, 3, 7, 14, 30)


def add_to(app: Flask, room: Room) -> None:
    """The custodian's list and answers; a handler's wish and, once granted, what they may know."""
    _custodian(app, room)
    _handler(app, room)


def _custodian(app: Flask, room: Room) -> None:
    @app.get("/identities")
    @policy.allowed(policy.duty(Duty.IDENTITIES, lists="identities"))
    def identities() -> str:
        with reading(room.desk.record) as connection:
            wishes = granting.for_custodian(connection, viewer().person, vault())
            who = {one.person_id: people.get(connection, one.person_id) for one in wishes}
        return render_template("identities.html", wishes=wishes, who=who, days=DAYS, now=room.desk.now())

    @app.post("/identities/<request_id>")
    @policy.allowed(policy.duty(Duty.IDENTITIES))
    def answer_wish(request_id: str) -> Response:
        reason, now, me = (
            request.form.get("reason", "")[: wishes.LONGEST_REASON + 1],
            room.desk.now(),
            viewer().person,
        )
        with writing(room.desk.record) as connection:
            if request.form.get("do") == "grant":
                lasts = timedelta(days=_days())
                granting.grant(connection, request_id, me, vault(), reason=reason, lasts=lasts, now=now)
                flash("Granted, to that one person and for that long.")
            else:
                granting.refuse(connection, request_id, me, vault(), reason=reason, now=now)
                flash("Refused; they are not told why unless you tell them.")
        return redirect("/identities", 303)


def _handler(app: Flask, room: Room) -> None:
    @app.get("/cases/<reference>/identity")
    @policy.allowed(policy.on_case(Action.ASK_IDENTITY))
    def known(reference: str) -> str:
        now = room.desk.now()
        found: tuple[Identity, ...] = ()
        kept: tuple[originals.Listed, ...] = ()
        with writing(room.desk.record) as connection:
            seen = find_case(connection, g.reference, viewer())
            given = seen is not None and keeping.is_known(connection, seen.id)
            sent = seen is not None and originals.any_of(connection, seen.id)
            grant = asking.live_grant(connection, seen.id, viewer().person.id, now) if seen else None
            if grant is not None:
                found = asking.look(connection, g.reference, viewer(), vault(), now)
                kept = originals.listed(connection, g.reference, viewer(), vault(), now)
        return render_template(
            "identity.html", reference=g.reference, given=given, sent=sent, grant=grant, found=found, kept=kept
        )

    @app.get("/cases/<reference>/identity/files/<original_id>")
    @policy.allowed(policy.on_case(Action.ASK_IDENTITY))
    def original(reference: str, original_id: str) -> Response:
        desk = room.desk
        with writing(desk.record) as connection:
            name, file = originals.open_one(
                connection,
                g.reference,
                original_id,
                viewer=viewer(),
                vault=vault(),
                pieces=DatabasePieces(desk.record),
                now=desk.now(),
            )
        return download(name, file.parts, file.size)

    @app.post("/cases/<reference>/identity")
    @policy.allowed(policy.on_case(Action.ASK_IDENTITY))
    def wish(reference: str) -> Response:
        reason = request.form.get("reason", "")[: wishes.LONGEST_REASON + 1]
        with writing(room.desk.record) as connection:
            asking.ask(connection, g.reference, viewer(), reason, room.desk.now())
        flash("Asked. A custodian will answer.")
        return redirect(f"/cases/{g.reference}/identity", 303)


def _days() -> int:
    given = request.form.get("days", "")
    if not given.isascii() or not given.isdigit() or int(given) not in DAYS:
        raise Refused("choose for how long")
    return int(given)
