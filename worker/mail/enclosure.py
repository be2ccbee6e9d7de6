"""What a mail carries of a case beyond its payload: words quoted to the owner, files; looked up when it leaves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from cases.access.quoting import may_quote
from cases.keys.sealing import KeyPair, Place, unseal
from cases.keys.wraps import wrap_place
from cases.model.submission import Attachment, Submission
from cases.model.words import Access, Channel, Compartment
from cases.store import tables
from cases.store.codec import MailPayload, message_from
from cases.store.outbox import OutboxEntry
from gateway.normalizer import normalize_form, normalize_mail
from rules.ruleset import Ruleset
from worker.mail.body import quoted
from worker.mail.templates import ANSWER

ABOVE = "⁂ Please write your answer above this line ⁂"
"""Stands at the top of what staff may answer by mail: whatever a client quotes of ours begins here."""

LONGEST_QUOTE = 20_000
"""Characters of somebody's words in a notice; the rest is read in the console."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Facts for the words, files, and the id of the message that is disclosed ("" for none)."""

    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    files: tuple[Attachment, ...] = field(default=(), repr=False)
    discloses: str = ""


NOTHING = Enclosure()


@dataclass(frozen=True, slots=True)
class Encloser:
    """Looks up what may go along, with the service key; of a sealed case it can open nothing."""

    service: KeyPair = field(repr=False)
    ruleset: Callable[[], Ruleset]
    console: str
    most_bytes: int
    now: datetime

    def for_entry(self, connection: Connection, entry: OutboxEntry, payload: MailPayload) -> Enclosure:
        """What this mail carries as the record stands now: a case that became restricted meanwhile is not quoted."""
        if payload.template == ANSWER:
            return self._with_files(connection, entry)
        if not payload.template.startswith("notice") or not entry.case_id:
            return NOTHING
        case = connection.execute(select(tables.case).where(tables.case.c.id == entry.case_id)).first()
        if case is None:
            return NOTHING
        facts = [("console", f"{self.console}/cases/{case.reference}")]
        if case.access != Access.SEALED.value:
            facts += [("above", ABOVE), ("by_mail", "")]
        if payload.quotes and self._may_quote(case, payload.to):
            return self._quoting(connection, case, payload.quotes, facts)
        return Enclosure((*facts, ("unquoted", "")))

    def _may_quote(self, case: Row[Any], person: str) -> bool:
        ruleset, who = self.ruleset(), person.casefold()
        category = ruleset.categories.get(ruleset.current_name(case.category))
        teams = [team for team in ruleset.teams.values() if who in {one.casefold() for one in team.members}]
        return case.owner == who and may_quote(
            Access(case.access),
            case.risk,
            ruleset.risk_levels,
            category_says=category is not None and category.quote,
            same_organisation=not any(team.organisation for team in teams),
        )

    def _quoting(
        self, connection: Connection, case: Row[Any], message_id: str, facts: list[tuple[str, str]]
    ) -> Enclosure:
        row, keys = _message(connection, message_id), service_keys(connection, case.id, self.service)
        if row is None or row.case_id != case.id or row.epoch not in keys or row.content is None:
            return Enclosure((*facts, ("unquoted", "")))
        said = message_from(unseal(keys[row.epoch], row.content, Place("message", row.id, "content"))).submission
        files = self._files(row, keys[row.epoch]) if said.attachments else ()
        facts += [
            ("who", _who(said)),
            ("category", self._title(case.category)),
            ("about", " ".join(said.subject.split()) or "(no subject)"),
        ]
        if words := said.new_text or said.text:
            facts.append(("quote", quoted(_shortened(words))))
        if not row.confirmed:
            facts.append(("unconfirmed", ""))
        if said.attachments and not files:
            facts.append(("files_inside", ""))
        return Enclosure(tuple(facts), files, row.id)

    def _title(self, category: str) -> str:
        found = self.ruleset().categories.get(category)
        return found.title("en") if found else category.replace("_", " ")

    def _with_files(self, connection: Connection, entry: OutboxEntry) -> Enclosure:
        """The files that a member of staff attached to their answer."""
        if not entry.key.startswith("reply:"):
            return NOTHING
        row = _message(connection, entry.key.removeprefix("reply:"))
        if row is None or row.raw is None:
            return NOTHING
        keys = service_keys(connection, row.case_id, self.service)
        return Enclosure(files=self._files(row, keys[row.epoch])) if row.epoch in keys else NOTHING

    def _files(self, row: Row[Any], key: KeyPair) -> tuple[Attachment, ...]:
        """Files of a delivery, those that stand in the text left out; none when they are too much."""
        if row.raw is None:
            return ()
        raw, channel = unseal(key, row.raw, Place("message", row.id, "raw")), Channel(row.channel)
        form = channel in {Channel.FORM, Channel.ANONYMOUS}
        said = normalize_form(raw, channel=channel, now=self.now) if form else normalize_mail(raw, now=self.now)
        files = attached(said)
        return files if sum(one.size for one in files) <= self.most_bytes else ()


def attached(submission: Submission) -> tuple[Attachment, ...]:
    """The files that somebody sent along: not the pictures of a signature, nor a signature's key."""
    return tuple(one for one in submission.attachments if not one.inline and one.content)


def service_keys(connection: Connection, case_id: str, service: KeyPair) -> dict[int, KeyPair]:
    """The case's key pairs that the service key opens, by epoch; none for a sealed case."""
    wrap, content = tables.wrap, Compartment.CONTENT.value
    mine = (wrap.c.case_id == case_id, wrap.c.compartment == content, wrap.c.reader_kind == "service")
    rows = connection.execute(select(wrap.c.epoch, wrap.c.reader, wrap.c.sealed).where(*mine)).all()
    return {
        row.epoch: KeyPair.of_private(
            unseal(service, row.sealed, wrap_place(case_id, row.epoch, content, "service", row.reader))
        )
        for row in rows
    }


def _message(connection: Connection, message_id: str) -> Row[Any] | None:
    return connection.execute(select(tables.message).where(tables.message.c.id == message_id)).first()


def _who(said: Submission) -> str:
    name, address = " ".join(said.sender.name.split()), said.sender.address
    return f"{name} <{address}>" if name and name != address else address or "Somebody"


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}\n[… the rest is in the console]"
