"""A case's history as one line of time: what was said and what was done, in the order of the audit trail."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cases.store.dossier import Dossier, Entry, Fact
from console.rulebook import Rulebook, in_words
from console.words import CLOCKS, STATUSES

SAID = frozenset(
    {
        "case.opened",
        "message.received",
        "message.copied",
        "reply.written",
        "party.written_to",
        "note.added",
        "case.withdrawn",
    }
)
"""Events that stand for a message: the message itself is shown in their place."""
MACHINES = {"triage": "Triage", "relay": "The clock", "mail": "Outgoing mail"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of the timeline: words that were said (`entry`), or something that was done (`words`)."""

    at: datetime
    actor: str
    words: str = ""
    entry: Entry | None = None
    bad: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class Readers:
    """Who has read the case how often, and when last."""

    actor: str
    times: int
    last: datetime


def timeline(dossier: Dossier, book: Rulebook) -> list[Moment]:
    """Everything but readings, oldest first. A message that no event names (there is none) comes last."""
    left = {entry.id: entry for entry in dossier.entries}
    linked = {one.id: one.reference for one in dossier.work.links}
    found: list[Moment] = []
    for fact in dossier.facts:
        words = _words(fact, book, linked)
        if words:
            bad = fact.verb in {"deadline.missed", "mail.blocked"}
            _add(found, Moment(fact.at, MACHINES.get(fact.actor, fact.actor), words, bad=bad))
        entry = left.pop(str(fact.data.get("message", "")), None) if fact.verb in SAID else None
        if entry is not None:
            found.append(Moment(entry.at, entry.author, entry=entry))
    return found + [Moment(entry.at, entry.author, entry=entry) for entry in left.values()]


def _add(found: list[Moment], new: Moment) -> None:
    """What happens twice in a row is said once, with its count."""
    last = found[-1] if found else None
    if last is not None and last.words and (last.actor, last.words) == (new.actor, new.words):
        found[-1] = replace(last, at=new.at, times=last.times + 1)
    else:
        found.append(new)


def readings(dossier: Dossier) -> list[Readers]:
    """Who has read it, most recent first; this reading comes next time."""
    facts = [fact for fact in dossier.facts if fact.verb in {"case.read", "file.read"}]
    times = Counter(fact.actor for fact in facts)
    last = {fact.actor: fact.at for fact in facts}
    return sorted((Readers(who, times[who], last[who]) for who in times), key=lambda one: one.last, reverse=True)


def _words(fact: Fact, book: Rulebook, linked: Mapping[str, str]) -> str:
    """What an event says on the timeline; "" for those that show otherwise, and for cases that the reader does not see."""
    said = {name: str(value) for name, value in fact.data.items() if isinstance(value, str)}
    if "other" in said:
        if said["other"] not in linked:
            return ""
        said["other"] = linked[said["other"]]
    if fact.verb == "case.opened":
        team = f", team {book.team(said['team'])}" if said.get("team") else ""
        return f"opened the case: {book.category(said.get('category', ''))}, {said.get('risk', '')} risk{team}"
    speak = SENTENCES.get(fact.verb)
    return speak(fact.actor, said) if speak else ""


def _assigned(actor: str, said: Mapping[str, str]) -> str:
    return "took the case" if said.get("to") == actor else f"gave the case to {said.get('to', '')}"


def _moved(_actor: str, said: Mapping[str, str]) -> str:
    return f"set the status to {STATUSES.get(said.get('to', ''), said.get('to', '')).lower()}"


def _missed(_actor: str, said: Mapping[str, str]) -> str:
    return f"ran out: {CLOCKS.get(said.get('clock', ''), said.get('clock', '')).lower()}"


SENTENCES: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "case.assigned": _assigned,
    "case.shared": lambda _actor, said: f"gave {said.get('with', '')} a key to the case",
    "status.changed": _moved,
    "risk.changed": lambda _actor, said: f"set the risk from {said.get('from', '')} to {said.get('to', '')}",
    "risk.lowering_asked": lambda _actor, said: f"asks a second person whether the risk may be {said.get('to', '')}",
    "risk.lowering_refused": lambda _actor, said: f"did not agree that the risk becomes {said.get('to', '')}",
    "case.looked_at": lambda _actor, _said: "looked at what the classifier was wary of",
    "case.closed": lambda _actor, said: f"closed the case: {in_words(said.get('outcome', '')).lower()}",
    "case.reopened": lambda _actor, _said: "opened the case again",
    "deadline.missed": _missed,
    "acknowledgement.sent": lambda _actor, _said: "acknowledged the message",
    "reply.sent": lambda _actor, _said: "delivered the reply",
    "notice.sent": lambda _actor, _said: "sent a notice to staff",
    "mail.blocked": lambda _actor, _said: "could not deliver a mail; an operator has to look",
    "case.withdrawn": lambda _actor, _said: "closed the case: its reporter takes it back",
    "sender.confirmed": lambda _actor, _said: "confirmed who asks",
    "reporter.protected": lambda _actor, _said: "asked for confidentiality",
    "reporter.continues_by_receipt": lambda _actor, _said: "goes on by receipt: no mail reaches them any more",
    "category.changed": lambda _actor, said: f"made it a case of {in_words(said.get('to', '')).lower()}",
    "deadline.moved": lambda _actor, said: (
        f"moved {CLOCKS.get(said.get('clock', ''), said.get('clock', '')).lower()} to {said.get('to', '')[:10]}"
    ),
    "case.linked": lambda _actor, said: f"linked this case with {said.get('other', '')}",
    "case.merged": lambda _actor, said: f"merged this case into {said.get('other', '')}",
    "case.took_in": lambda _actor, said: f"merged {said.get('other', '')} into this case",
    "case.split": lambda _actor, said: f"began {said.get('other', '')} with messages of this case",
    "case.handed_over": lambda _actor, said: f"handed the case over to {in_words(said.get('to', ''))}",
    "party.added": lambda _actor, said: f"named a {said.get('role', 'party')}",
    "people.excluded": lambda _actor, _said: "kept people away from the case",
    "thread.opened": lambda _actor, said: f"opened the thread of a {said.get('role', 'party')}",
    "evidence.added": lambda _actor, _said: "added to the evidence",
    "finding.added": lambda _actor, _said: "wrote down a finding",
    "root_cause.set": lambda _actor, said: f"set the root cause: {in_words(said.get('choice', '')).lower()}",
    "decision.made": lambda _actor, said: f"decided the case: {in_words(said.get('choice', '')).lower()}",
    "action.added": lambda _actor, said: f"wrote down an action for {said.get('to', '')}",
    "action.changed": lambda _actor, said: f"marked an action as {said.get('to', '')}",
    "step.done": lambda _actor, said: f"did a step: {said.get('words', '')}",
    "step.skipped": lambda _actor, said: f"skipped a step: {said.get('words', '')}",
    "hold.set": lambda _actor, _said: "set a legal hold",
    "hold.lifting_asked": lambda _actor, _said: "asked for the legal hold to be lifted",
    "hold.lifted": lambda _actor, _said: "lifted the legal hold",
    "message.repeated": lambda _actor, _said: "received the same mail once more",
}
"""What each event says after its actor's name."""
