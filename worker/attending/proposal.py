"""The home's rules.yaml proposes another version, or cannot: who owns the rules hears of it, and the trail keeps it."""

from cases.model.wording import phrase
from cases.store.outbox import OutboxEntry
from gateway.rulesets.files import State
from worker.attending.desk import Desk


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """`worker/proposals.py` has checked and tested it; what it found is in the key."""
    version, state = desk.subject[0], State(desk.subject[1])
    desk.note("ruleset.proposed", {"ruleset": version, "state": state.value})
    line, standing = phrase(f"proposal.{state.value}"), (("standing", phrase(f"standing.{state.value}")),)
    facts = (("version", version),)
    desk.tell("notice_proposal", desk.with_role("hr_ops"), line, facts=facts, phrases=standing)
