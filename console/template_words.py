"""What templates may say: the words of `console.words` with this request's time and zone, and names of people."""

from datetime import datetime
from typing import Any

from flask import Flask, g

from cases.access.policy import Duty, has_duty
from cases.store import people
from cases.store.engine import reading
from cases.store.sight import Viewer
from console import words
from console.carets import excerpt
from console.rooms import Room
from console.rulebook import in_words


def add_words(app: Flask, room: Room) -> None:
    """Give every template the same vocabulary."""
    book, now = room.rulebook, room.desk.now
    app.jinja_env.globals.update(
        organisation=room.desk.organisation,
        oidc=room.desk.oidc,
        clock_words=lambda one, day_only=False: words.clock(one, now(), book.zone, day_only=day_only),
        clock_kind=words.clock_kind,
        due=lambda at: words.due(at, now(), book.zone),
        urgency=lambda at: words.urgency(at, now()),
        statuses=words.STATUSES,
        channels=words.CHANNELS,
        access_words=words.ACCESS,
    )
    app.jinja_env.filters.update(
        moment=lambda at, day_only=False: words.moment(at, now(), book.zone, day_only=day_only),
        ago=lambda at, day_only=False: words.ago(at, now(), book.zone, day_only=day_only),
        iso=_iso,
        category=book.category,
        team=book.team,
        in_words=in_words,
        size=words.size,
        excerpt=excerpt,
        person=lambda address: _names(room).get(address, address),
    )
    app.context_processor(lambda: {"viewer": g.get("viewer"), "nav": navigation(g.get("viewer"))})


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def navigation(viewer: Viewer | None) -> list[tuple[str, str]]:
    """The pages this person has."""
    if viewer is None:
        return []
    wanted = (
        (Duty.QUEUE, "/cases", "Cases"),
        (Duty.QUEUE, "/actions", "Actions"),
        (Duty.LOG, "/log", "Log a call"),
        (Duty.IDENTITIES, "/identities", "Identities"),
        (Duty.RULES, "/rules", "Rules"),
        (Duty.MODEL, "/model", "Model"),
        (Duty.PEOPLE, "/people", "People"),
        (Duty.APPROVE, "/approvals", "Approvals"),
        (Duty.REVIEWS, "/reviews", "Reviews"),
        (Duty.SUBJECTS, "/requests", "Requests"),
        (Duty.TRAIL, "/trail", "Trail"),
        (Duty.TRAIL, "/retention", "Retention"),
        (Duty.KEYS, "/keys", "Keys"),
        (Duty.KEYS, "/asked", "Asked"),
        (Duty.HELD_COUNT, "/held", "Held"),
        (Duty.AWAY, "/away", "Away"),
    )
    return [(path, label) for duty, path, label in wanted if has_duty(viewer.roles, duty)]


def _names(room: Room) -> dict[str, Any]:
    """Names by address, looked up once a request."""
    if "names" not in g:
        with reading(room.desk.record) as connection:
            g.names = {one.address: one.name for one in people.everyone(connection) if one.name}
    names: dict[str, Any] = g.names
    return names
