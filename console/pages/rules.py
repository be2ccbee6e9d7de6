"""The rules, for HR ops who have no shell: edit, check, test, publish with a reason, look back, roll back."""

from dataclasses import dataclass, field

from flask import Flask, flash, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from cases.access.policy import Duty, has_duty
from cases.errors import Refused
from cases.keys.vault import WrongPassword, unwrap_private
from cases.store import people, rulesets
from cases.store.engine import reading
from console import policy
from console.rooms import Room, viewer
from gateway.versions import StoredVersions
from rules.diff import diff
from rules.language.load import load
from rules.language.problems import Problem, RulesetInvalid
from rules.publishing import Proposal, Version, propose, publish, roll_back


@dataclass(frozen=True, slots=True)
class Draft:
    """A text on its way: what was found in it, and what was said of it."""

    text: str
    based_on: str
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    proposal: Proposal | None = field(default=None, repr=False)
    refused: str = ""
    tested: bool = False


def add_to(app: Flask, room: Room) -> None:
    """The editor and the versions."""
    versions = StoredVersions(room.desk.record)

    @app.route("/rules", methods=["GET", "POST"])
    @policy.allowed(policy.duty(Duty.RULES))
    def rules() -> Response:
        if request.method == "GET":
            current = versions.current()
            return _editor(room, Draft(current.text if current else "", current.hash if current else ""))
        draft = _posted()
        if request.form.get("do") == "publish":
            return _publish(room, versions, draft)
        return _editor(room, _examined(draft, versions, tested=request.form.get("do") == "test"))

    @app.get("/rules/versions/<name>")
    @policy.allowed(policy.duty(Duty.RULES))
    def version(name: str) -> str:
        found, current = versions.get(name), versions.current()
        if found is None or current is None:
            raise NotFound
        changes = diff(load(current.text), load(found.text)) if found.hash != current.hash else ()
        return render_template("version.html", version=found, current=current, changes=changes)

    @app.post("/rules/roll-back")
    @policy.allowed(policy.duty(Duty.RULES))
    def back() -> Response:
        name, reason = request.form.get("version", "")[:64], request.form.get("reason", "")
        made = roll_back(
            versions,
            name,
            author=viewer().person.address,
            reason=reason,
            now=room.desk.now(),
            approver=_approver(room),
        )
        flash(f"Version {made.hash} is in force again.")
        return redirect("/rules", 303)


def _posted() -> Draft:
    text = request.form.get("text", "").replace("\r\n", "\n")
    return Draft(text, request.form.get("based_on", "")[:64], request.form.get("reason", "")[:450])


def _examined(draft: Draft, versions: StoredVersions, *, tested: bool) -> Draft:
    """The draft with what the checks say; nothing takes effect."""
    try:
        proposal = propose(draft.text, versions)
    except RulesetInvalid as error:
        return Draft(draft.text, draft.based_on, draft.reason, problems=error.problems, refused=error.heading)
    return Draft(draft.text, draft.based_on, draft.reason, problems=proposal.problems, proposal=proposal, tested=tested)


def _publish(room: Room, versions: StoredVersions, draft: Draft) -> Response:
    """Put it in force, or show again what stands in the way; what was running goes on."""
    try:
        made = _published(room, versions, draft)
    except RulesetInvalid as error:
        found = Draft(draft.text, draft.based_on, draft.reason, problems=error.problems, refused=error.heading)
        return _editor(room, found, 422)
    except Refused as error:
        words = str(error)[:1].upper() + str(error)[1:] + "."
        return _editor(room, Draft(draft.text, draft.based_on, draft.reason, refused=words), 422)
    flash(f"Version {made.hash} is in force. Cases that come from now on are decided by it.")
    return redirect("/rules", 303)


def _published(room: Room, versions: StoredVersions, draft: Draft) -> Version:
    current = versions.current()
    if current is not None and current.hash != draft.based_on:
        raise Refused(f"version {current.hash} came into force while you edited another: compare, then load it")
    return publish(
        draft.text,
        versions,
        author=viewer().person.address,
        reason=draft.reason,
        now=room.desk.now(),
        approver=_approver(room),
    )


def _approver(room: Room) -> str:
    """The second person who approves, by their own password at this form; "" when nobody was named.

    Raises `Refused` when it is not another person who owns the rules too, or the password is not theirs.
    """
    address = request.form.get("approver", "").strip()
    if not address:
        return ""
    with reading(room.desk.record) as connection:
        person = people.find(connection, address)
    known = person is not None and person.active and has_duty(frozenset(person.roles), Duty.RULES)
    if not room.limiter.allows(address):
        raise Refused("too many attempts; wait five minutes")
    try:
        wrapped, name = (person.vault_wrapped, person.id) if known and person else (room.nobody, "nobody")
        unwrap_private(wrapped, request.form.get("approver_password", ""), name)
    except WrongPassword:
        raise Refused("the second person's address and password do not belong together") from None
    room.limiter.succeeded(address)
    return address.casefold()


def _editor(room: Room, draft: Draft, status: int = 200) -> Response:
    with reading(room.desk.record) as connection:
        history = rulesets.history(connection)
    lines = draft.text.count("\n") + 1
    page = render_template(
        "rules.html", draft=draft, history=history[:30], in_force=history[0] if history else None, lines=lines
    )
    return make_response(page, status)
