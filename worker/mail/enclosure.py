"""What a mail carries of a case beyond its payload: words quoted to the owner, files; decided when it leaves."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from cases.access.quoting import may_quote
from cases.errors import Refused
from cases.keys.sealing import Place, unseal
from cases.model.submission import Attachment, Submission
from cases.model.wording import Phrase
from cases.model.words import Access
from cases.privacy.classes import DataClass
from cases.privacy.finding import redact
from cases.store.codec import MailPayload, message_from
from cases.store.outbox import OutboxEntry
from gateway.message_files import FileReader, attached, total
from rules.ruleset import Ruleset
from worker.mail.body import quoted
from worker.mail.gathering import Gathered, message_of
from worker.mail.phrases import Speech, above, speech_of
from worker.mail.templates import ANSWERS

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
    """Says what may go along, of what was gathered; of a sealed case nothing can be opened."""

    gathered: Gathered
    files: FileReader
    ruleset: Ruleset
    console: str
    most_bytes: int
    redacted: frozenset[DataClass] = frozenset()

    def for_entry(self, entry: OutboxEntry, payload: MailPayload) -> Enclosure:
        """What this mail carries as the record stands now: a case that became restricted meanwhile is not quoted.

        Raises `Refused` for an answer whose files cannot go along: a person must hear of it.
        """
        if payload.template in ANSWERS:
            return self._with_files(message_of(entry, payload))
        if not payload.template.startswith("notice"):
            return NOTHING
        case = self.gathered.cases.get(entry.case_id)
        if case is None:
            return Enclosure((("console", self.console),))
        facts = [("console", f"{self.console}/cases/{case.reference}")]
        if case.access != Access.SEALED.value:
            facts += [("above", above(payload.language)), ("by_mail", "")]
        if payload.quotes and self._may_quote(case, payload.to):
            return self._quoting(case, payload, facts)
        return Enclosure((*facts, ("unquoted", "")))

    def _may_quote(self, case: Row[Any], person: str) -> bool:
        ruleset, who = self.ruleset, person.casefold()
        category = ruleset.categories.get(ruleset.current_name(case.category))
        teams = [team for team in ruleset.teams.values() if who in {one.casefold() for one in team.members}]
        return case.owner == who and may_quote(
            Access(case.access),
            case.risk,
            ruleset.risk_levels,
            category_says=category is not None and category.quote,
            same_organisation=not any(team.organisation for team in teams),
            needs_look=case.needs_look,
        )

    def _quoting(self, case: Row[Any], payload: MailPayload, facts: list[tuple[str, str]]) -> Enclosure:
        row, said = self._opened(payload.quotes)
        if row is None or said is None or row.case_id != case.id:
            return Enclosure((*facts, ("unquoted", "")))
        subject, words = " ".join(said.subject.split()), said.new_text or said.text
        cleaned = redact(subject, self.redacted), redact(words, self.redacted)
        speech = self.speech(payload.language)
        facts += [
            ("who", _who(said) or speech.say(Phrase("somebody"))),
            ("category", speech.label(case.category)),
            ("about", cleaned[0] or speech.say(Phrase("no_subject"))),
        ]
        if words:
            shown = cleaned[1] if len(cleaned[1]) <= LONGEST_QUOTE else _shortened(cleaned[1], speech)
            facts.append(("quote", quoted(shown)))
        if not row.confirmed:
            facts.append(("unconfirmed", ""))
        files: tuple[Attachment, ...] = ()
        listed = attached(said)
        if listed and cleaned != (subject, words):  # who writes of such things may well have them in the files too
            facts.append(("files_kept", ""))
        elif total(listed) > self.most_bytes:
            names = (" ".join(one.filename.split()) or speech.say(Phrase("a_file")) for one in listed)
            facts.append(("files_inside", ", ".join(names)))
        elif listed:
            files = self._read(row, said)
        return Enclosure(tuple(facts), files, row.id)

    def speech(self, language: str) -> Speech:
        """The language of a mail, with the ruleset's zone and labels."""
        return speech_of(self.ruleset, language)

    def _with_files(self, message_id: str) -> Enclosure:
        """The files that a member of staff attached to what they wrote."""
        row, said = self._opened(message_id)
        if row is not None and said is None and row.envelope_id:
            raise Refused("the mail that it came in can no longer be opened, nor its files: answer in the console")
        if row is None or said is None or not attached(said):
            return NOTHING
        check_size(attached(said), self.most_bytes)
        return Enclosure(files=self._read(row, said))

    def _opened(self, message_id: str) -> tuple[Row[Any] | None, Submission | None]:
        row = self.gathered.messages.get(message_id)
        if row is not None and row.case_id in self.gathered.late:
            raise self.gathered.late[row.case_id]
        key = self.gathered.keys.get(row.case_id, {}).get(row.epoch) if row is not None else None
        if row is None or key is None or row.content is None:
            return row, None
        return row, message_from(unseal(key, row.content, Place("message", row.id, "content"))).submission

    def _read(self, row: Row[Any], said: Submission) -> tuple[Attachment, ...]:
        return self.files.read(row, self.gathered.keys[row.case_id][row.epoch], said)


def check_size(files: tuple[Attachment, ...], most_bytes: int) -> None:
    """Raises `Refused`, in words for the colleague who sent them, when files are too large for a mail."""
    if total(files) > most_bytes:
        most = most_bytes // 1024 // 1024
        raise Refused(f"its files are larger than {most} MB together: send fewer at a time, or a link")


def _who(said: Submission) -> str:
    name, address = " ".join(said.sender.name.split()), said.sender.address
    return f"{name} <{address}>" if name and name != address else address


def _shortened(words: str, speech: Speech) -> str:
    return f"{words[:LONGEST_QUOTE]}\n{speech.say(Phrase('rest'))}"
