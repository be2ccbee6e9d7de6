"""The home's rules.yaml proposes another version, or cannot: who owns the rules hears of it, and the trail keeps it."""

from cases.store.outbox import OutboxEntry
from gateway.rulesets.files import State
from worker.attending.desk import Desk

STANDING = {
    State.READY: "It has no errors and its tests pass: a person may publish it.",
    State.BLOCKED: "It has no errors, but tests of its own fail, so it cannot be published.",
    State.BROKEN: "It has errors and was not taken.",
}


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """`worker/proposals.py` has checked and tested it; what it found is in the key."""
    version, state = desk.subject[0], State(desk.subject[1])
    desk.note("ruleset.proposed", {"ruleset": version, "state": state.value})
    facts = (("version", version), ("standing", STANDING[state]))
    desk.tell("notice_proposal", desk.with_role("hr_ops"), f"rules.yaml was changed. {STANDING[state]}", facts=facts)
