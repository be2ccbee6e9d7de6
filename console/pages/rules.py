"""The rules, for HR ops who have no shell: edit, check, test, publish with a reason, look back, roll back."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from flask import Flask, flash, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from cases.access.policy import Duty, has_duty
from cases.errors import Refused
from cases.keys.vault import WrongPassword, unwrap_private
from cases.store import people, rulesets
from cases.store.engine import reading
from console import policy
from console.limiter import Proof
from console.rooms import Room, vault, viewer
from gateway.rulesets.around import circumstances
from gateway.rulesets.effect import MovingDeadlines, decided_meanwhile, moving_deadlines
from gateway.rulesets.files import Watch, Watched, write_file
from gateway.rulesets.unlocking import Unlocked
from gateway.versions import StoredVersions
from rules.diff import diff
from rules.language.circumstances import Circumstances
from rules.language.load import load
from rules.language.problems import Problem, RulesetInvalid
from rules.publishing import Proposal, Version, propose, publish, roll_back
from rules.trial import Outcome

RULES_FILE = "rules.yaml"
TRIED_BACK = timedelta(days=30)
"""How far back a trial in the browser goes; `heed rules try --last` goes as far as one likes."""


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
    moving: tuple[MovingDeadlines, ...] = ()
    outcome: Outcome | None = field(default=None, repr=False)


def add_to(app: Flask, room: Room) -> None:
    """The editor and the versions."""
    versions = StoredVersions(room.desk.record)
    watch = Watch(room.desk.home / RULES_FILE) if room.desk.home else None

    @app.route("/rules", methods=["GET", "POST"])
    @policy.allowed(policy.duty(Duty.RULES))
    def rules() -> Response:
        if request.method == "GET":
            current, watched = (
                versions.current(),
                watch.look(versions, room.desk.now(), partial(_around, room)) if watch else None,
            )
            text = current.text if current else ""
            if request.args.get("from") == "file" and watched and watched.text:
                text = watched.text
            return _editor(room, Draft(text, current.hash if current else ""), watched=watched)
        draft, wanted = _posted(), request.form.get("do")
        if wanted == "publish":
            return _publish(room, versions, draft)
        examined = _examined(room, draft, versions, tested=wanted == "test")
        return _editor(room, _tried(room, examined) if wanted == "try" and examined.proposal else examined)

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
        flash(f"Version {made.hash} is in force again.{_rewritten(room, made.text)}")
        return redirect(f"/rules/meanwhile/{made.hash}", 303)

    @app.get("/rules/meanwhile/<name>")
    @policy.allowed(policy.duty(Duty.RULES))
    def meanwhile(name: str) -> str:
        if versions.get(name) is None:
            raise NotFound
        cases = decided_meanwhile(room.desk.record, name, viewer())
        return render_template("meanwhile.html", name=name, cases=cases)


def _posted() -> Draft:
    text = request.form.get("text", "").replace("\r\n", "\n")
    return Draft(text, request.form.get("based_on", "")[:64], request.form.get("reason", "")[:450])


def _rewritten(room: Room, text: str) -> str:
    """Write it to the home's file, so that the file does not propose what was just taken back; "" when that worked."""
    if room.desk.home is None:
        return ""
    try:
        write_file(room.desk.home / RULES_FILE, text)
    except OSError as error:
        return f" The file {RULES_FILE} could not be rewritten: {error.strerror}."
    return ""


def _around(room: Room) -> Circumstances:
    """What a ruleset stands in here."""
    return circumstances(room.desk.record, room.desk.now(), fields=room.desk.fields)


def _examined(room: Room, draft: Draft, versions: StoredVersions, *, tested: bool) -> Draft:
    """The draft with what the checks say, and which open deadlines it would move; nothing takes effect."""
    try:
        proposal = propose(draft.text, versions, around=_around(room))
    except RulesetInvalid as error:
        return replace(draft, problems=error.problems, refused=error.heading)
    current = room.rulebook.current()
    moving = moving_deadlines(room.desk.record, current, proposal.ruleset, room.desk.now()) if current else ()
    return replace(draft, problems=proposal.problems, proposal=proposal, tested=tested, moving=moving)


def _tried(room: Room, draft: Draft) -> Draft:
    """The draft on the submissions of the last weeks; cases are named only to who could open them."""
    from classifier.store import current as current_model  # numpy, which nothing else here needs
    from gateway.rulesets.trying import TrialKeys, try_on_record

    assert draft.proposal is not None  # noqa: S101  the caller has seen it
    if room.desk.home is None:
        raise Refused("the console has no home with a model here; run `heed rules try` where there is one")
    desk, now = room.desk, room.desk.now()
    outcome = try_on_record(
        desk.record,
        TrialKeys(desk.service, desk.index),
        current_model(room.desk.home),
        draft.proposal.ruleset,
        now - TRIED_BACK,
        who=Unlocked(viewer().person, vault()),
        now=now,
    )
    return replace(draft, outcome=outcome)


def _publish(room: Room, versions: StoredVersions, draft: Draft) -> Response:
    """Put it in force, or show again what stands in the way; what was running goes on."""
    try:
        made = _published(room, versions, draft)
    except RulesetInvalid as error:
        return _editor(room, replace(draft, problems=error.problems, refused=error.heading), 422)
    except Refused as error:
        words = str(error)[:1].upper() + str(error)[1:] + "."
        return _editor(room, replace(draft, refused=words), 422)
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
    if not room.limiter.allows(address, Proof.AGAIN):
        raise Refused("too many attempts; wait five minutes")
    try:
        wrapped, name = (person.vault_wrapped, person.id) if known and person else (room.nobody, "nobody")
        unwrap_private(wrapped, request.form.get("approver_password", ""), name)
    except WrongPassword:
        raise Refused("the second person's address and password do not belong together") from None
    room.limiter.succeeded(address)
    return address.casefold()


def _editor(room: Room, draft: Draft, status: int = 200, *, watched: Watched | None = None) -> Response:
    with reading(room.desk.record) as connection:
        history = rulesets.history(connection)
    lines = draft.text.count("\n") + 1
    page = render_template(
        "rules.html",
        draft=draft,
        history=history[:30],
        in_force=history[0] if history else None,
        lines=lines,
        failed=room.rulebook.failed,
        watched=watched,
        days=TRIED_BACK.days,
    )
    return make_response(page, status)
