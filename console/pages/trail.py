"""The audit trail for auditors and the data protection officer: who did what when, never what was said; and what ends soon."""

from datetime import UTC, datetime, timedelta

from flask import Flask, render_template, request
from sqlalchemy import Connection

from cases.access.policy import Duty
from cases.audit import anchoring, looking
from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.audit.verifying import verify
from cases.retention.erasing import undone_until
from cases.retention.expiring import every
from cases.store.engine import reading, writing
from console import policy
from console.rooms import Room, viewer
from rules.keeping import keeping_of

MOST_SHOWN = 300


def add_to(app: Flask, room: Room) -> None:
    """The trail, its check, and the list of cases that come to their end."""

    @app.get("/trail")
    @policy.allowed(policy.duty(Duty.TRAIL))
    def trail() -> str:
        given = {name: request.args.get(name, "").strip()[:320] for name in ("case", "verb", "actor", "since", "until")}
        with writing(room.desk.record) as connection:
            stream = _stream(connection, given["case"], viewer().person.address)
            sought = looking.Sought(
                stream=stream,
                verb=given["verb"],
                actor=given["actor"].casefold(),
                since=_day(given["since"]),
                until=_day(given["until"]),
                page=_page(),
            )
            lines, more = looking.search(connection, sought, viewer=viewer().person.address)
            data = {"person": viewer().person.id, "case": stream, "verb": given["verb"], "actor": given["actor"]}
            append(connection, [NewEvent(DEPLOYMENT, "trail.searched", viewer().person.address, room.desk.now(), data)])
            anchor = anchoring.newest(connection)
        return render_template(
            "trail.html", lines=lines, more=more, given=given, page=sought.page, anchor=anchor, verified=None
        )

    @app.post("/trail/verify")
    @policy.allowed(policy.duty(Duty.TRAIL))
    def verify_trail() -> str:
        with reading(room.desk.record) as connection:
            found, anchor = verify(connection), anchoring.newest(connection)
        return render_template("trail.html", lines=[], more=False, given={}, page=1, anchor=anchor, verified=found)

    @app.get("/retention")
    @policy.allowed(policy.duty(Duty.TRAIL, lists="retention"))
    def retention() -> str:
        ruleset, now = room.rulebook.current(), room.desk.now()
        warn = timedelta(days=room.desk.warn_days)
        with reading(room.desk.record) as connection:
            found = every(connection, room.desk.service, keeping_of(ruleset), now=now, warn=warn) if ruleset else []
            hidden = looking.kept_from(connection, viewer().person.address)
            until = undone_until(connection, now)
        shown = [one for one in found if one.case_id not in hidden][:MOST_SHOWN]
        return render_template("retention.html", shown=shown, until=until, words=WORDS)


def _stream(connection: Connection, case: str, person: str) -> str:
    """The stream that is asked for; a case that they are kept away from is none."""
    if not case or case == DEPLOYMENT:
        return case
    stream = looking.case_stream(connection, case)
    return stream if stream not in looking.kept_from(connection, person) else looking.case_stream(connection, "")


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None


def _page() -> int:
    given = request.args.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1


WORDS = {
    "kept": "kept until then",
    "held": "kept by a legal hold",
    "warn": "its lead is being told",
    "warned": "its lead was told",
    "erase": "is being erased",
}
