"""Every route declares its policy, by one decorator; here it is enforced, before the page runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, g, redirect, render_template, request
from werkzeug.exceptions import NotFound

from cases.access.policy import WORKS_ON_CASES, Action, Duty, has_duty
from cases.access.training import lapses, viewer_of
from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.model.codes import read_reference
from cases.store import people, sign_ins
from cases.store.engine import reading, writing
from cases.store.sight import find_case
from console.rooms import Room, visit
from console.sessions import Stage

View = TypeVar("View", bound=Callable[..., Any])
CHOOSE_PASSWORD = "/account/password"  # noqa: S105  a path


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may use a route: at which stage of signing in, with which duty, or with which action on the case it names."""

    stage: Stage | None = Stage.IN
    duty: Duty | None = None
    action: Action | None = None
    most_bytes: int = 0
    """Of what may be posted here, where it is more than a form."""
    lists: str = ""
    """What list it shows, of cases or people: that somebody looked is written down, for each list once an hour."""


ANYONE = Policy(stage=None)
SIGNED_IN = Policy()


def allowed(policy: Policy) -> Callable[[View], View]:
    """Declare a route's policy."""

    def declare(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return declare


def stage(of: Stage) -> Policy:
    """For somebody on their way in."""
    return Policy(stage=of)


def duty(of: Duty, *, lists: str = "") -> Policy:
    """For people with a role that carries this duty."""
    return Policy(duty=of, lists=lists)


def on_case(action: Action, *, most_bytes: int = 0) -> Policy:
    """For people who may do this with the case that `reference` in the path names."""
    return Policy(action=action, most_bytes=most_bytes)


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """What a route has declared, None when nothing."""
    found = getattr(app.view_functions[endpoint], "policy", None)
    return found if isinstance(found, Policy) else None


def undeclared(app: Flask) -> list[str]:
    """Routes without a policy; there must be none."""
    return sorted(rule.rule for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None)


def enforce(app: Flask, room: Room) -> None:
    """Ask the policy of every request's route. Raises RuntimeError where a route has none."""
    if missing := undeclared(app):
        raise RuntimeError(f"routes without a policy: {', '.join(missing)}")
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: _ask(app, room))


def _ask(app: Flask, room: Room) -> Response | None:
    if request.endpoint is None:
        return None  # no such page: answered as such
    policy = policy_of(app, request.endpoint)
    if policy is None:
        raise NotFound
    if policy.most_bytes:
        request.max_content_length = policy.most_bytes
    if policy.stage is None:
        return None
    if policy.stage is not Stage.IN:
        return None if visit().stage is policy.stage else _away("/sign-in")
    if came_by_a_link():
        return Response(render_template("again.html"))
    if visit().stage is not Stage.IN or not _recognise(room):
        return _away("/sign-in")
    if not visit().get("own_password") and request.path != CHOOSE_PASSWORD and request.endpoint != "sign_out":
        return _away(CHOOSE_PASSWORD)
    _check(policy, room)
    if policy.lists and request.method == "GET":
        _note_list(policy.lists, room)
    return None


def came_by_a_link() -> bool:
    """Whether somebody follows a link from their mail: a SameSite=Strict cookie, if they have one, is not sent then.

    The page that they get asks once more, from here, with the cookie; a new session would push the old one out.
    """
    from_elsewhere = request.headers.get("Sec-Fetch-Site") == "cross-site"
    return from_elsewhere and request.method == "GET" and not visit().stored


def _recognise(room: Room) -> bool:
    """Put who looks, with the roles and teams they have now, beside the request; False when they have left."""
    house = room.rulebook.house()
    with reading(room.desk.record) as connection:
        person = people.get(connection, visit().person_id)
        if person is None or not person.active or person.vault_public != visit().vault_public:
            room.sessions.end(visit())
            return False
        g.viewer = viewer_of(connection, person, house, room.desk.now())
        if g.viewer.closed and g.viewer.roles & WORKS_ON_CASES:
            g.lapses = lapses(connection, person.id, house.courses, room.desk.now())
    return True


def _check(policy: Policy, room: Room) -> None:
    """Refused and unknown look the same: no such page."""
    if policy.duty is not None and not has_duty(g.viewer.roles, policy.duty):
        raise NotFound
    if policy.action is not None:
        reference = read_reference(str((request.view_args or {}).get("reference", "")))
        with reading(room.desk.record) as connection:
            seen = find_case(connection, reference, g.viewer)
        if seen is None or not seen.may(policy.action):
            raise NotFound
        g.reference = seen.row.reference


def _note_list(name: str, room: Room) -> None:
    """Reading a list is a fact of the deployment's stream; once an hour, so that the trail tells and is not flooded."""
    now, known = room.desk.now(), f"listed:{name}"
    hour = f"{now:%Y%m%d%H}"
    if visit().get(known) != hour:
        data: dict[str, Json] = {"person": g.viewer.person.id, "list": name}
        with writing(room.desk.record) as connection:
            append(connection, [NewEvent(DEPLOYMENT, "list.read", g.viewer.person.address, now, data)])
        visit()[known] = hour


def remember_own_password(room: Room, person: people.Person) -> None:
    """Keep in the session whether the person has chosen their password themselves."""
    keys = visit().vault
    if keys is not None:
        with reading(room.desk.record) as connection:
            visit()["own_password"] = sign_ins.look(connection, person, keys).own_password


def _away(path: str) -> Response:
    if request.method == "GET" and path == "/sign-in" and request.path != "/":
        visit()["next"] = request.full_path.rstrip("?")
    response = redirect(path, 303)
    assert isinstance(response, Response)  # noqa: S101  Flask's own kind
    return response
