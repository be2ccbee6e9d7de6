"""Composing the mails of a batch, some at a time: what they need of the record is looked up together, in one view of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from cases.errors import Refused, TryLater
from cases.keys.sealing import Opener, Place
from cases.keys.tokens import Purpose
from cases.model.wording import LANGUAGES, NOTICES
from cases.promises import mail_token
from cases.protecting import contact_of
from cases.store import people
from cases.store.codec import MailPayload, payload_from
from cases.store.engine import reading
from cases.store.files import DatabasePieces
from cases.store.outbox import OutboxEntry
from gateway.message_files import FileReader
from rules.ruleset import Ruleset
from worker.mail.compose import Mail, Sender, compose
from worker.mail.enclosure import NOTHING, Encloser
from worker.mail.gathering import gather, is_to_reporter
from worker.mail.phrases import speech_of, spoken
from worker.mail.templates import ANSWERS
from worker.workshop import Workshop

AHEAD = 10
"""Mails composed before the first of them is handed over."""
MOST_BYTES_AHEAD = 8 * 1024 * 1024
"""Bytes of composed mail after which no further one is composed ahead: files may be large."""


@dataclass(frozen=True, slots=True)
class Composed:
    """An entry with its mail; `mail` is None where it failed (`error`), or was meant for who may hear nothing any more."""

    entry: OutboxEntry
    payload: MailPayload | None
    mail: Mail | None = field(default=None, repr=False)
    discloses: str = ""
    error: Exception | None = None


class Composer:
    """Composes one batch. It opens payloads with one opener, and asks for the ruleset once, if a mail needs it."""

    def __init__(self, shop: Workshop, sender: Sender) -> None:
        self._shop, self._sender = shop, sender
        self._opener = Opener(shop.keys.service)
        self._ruleset: Ruleset | None = None

    def ahead(self, entries: Sequence[OutboxEntry], now: datetime) -> list[Composed]:
        """The first ten of these at most, fewer where they are large; each fails alone. Raises `TryLater`."""
        opened = [self._opened(entry) for entry in entries[:AHEAD]]
        good = [(one.entry, one.payload) for one in opened if one.payload is not None]
        if not any(_asks_the_record(payload) or is_to_reporter(entry, payload) for entry, payload in good):
            return [self._composed(one, None) for one in opened]
        ruleset, settings, done, size = self._rules(), self._shop.settings, list[Composed](), 0
        with reading(self._shop.record) as connection:
            gathered = gather(connection, good, self._opener)
            opened = self._in_their_language(connection, opened, now)
            reader = FileReader(connection, DatabasePieces(self._shop.record), now)
            most = settings.outgoing.max_file_bytes
            redacted = frozenset(settings.notices.redact)
            encloser = Encloser(gathered, reader, ruleset, settings.console.address, most, redacted)
            for one in opened:
                if size > MOST_BYTES_AHEAD:
                    break
                if one.payload is not None and gathered.is_withdrawn(one.entry, one.payload):
                    done.append(one)
                    continue
                told = one if one.payload is None else replace(one, payload=gathered.told(one.payload))
                done.append(self._composed(told, encloser))
                size += len(made.content) if (made := done[-1].mail) else 0
        return done

    def _in_their_language(self, connection: Connection, opened: list[Composed], now: datetime) -> list[Composed]:
        """Notices in the language that was set for a colleague, else the directory's, else the organisation's."""
        staff = people.everyone(connection)
        directory = self._shop.directory.look(connection, staff, now).directory
        usual, done = self._shop.settings.organisation.language, list[Composed]()
        own = {person.address: person.language for person in staff}
        for one in opened:
            if one.payload is None or one.payload.language or not one.payload.template.startswith("notice"):
                done.append(one)
                continue
            listed = directory.find(one.payload.to)
            wished = (own.get(one.payload.to.casefold(), ""), listed.language if listed else "")
            language = next((language for language in wished if language in LANGUAGES), usual)
            done.append(replace(one, payload=replace(one.payload, language=language)))
        return done

    def _rules(self) -> Ruleset:
        if self._ruleset is None:
            self._ruleset, _ = self._shop.rules()
        return self._ruleset

    def _opened(self, entry: OutboxEntry) -> Composed:
        try:
            payload = payload_from(self._opener.unseal(entry.payload, Place("outbox", entry.id, "payload")))
            payload = self._addressed(payload, entry)
            return Composed(entry, self._signed(payload, entry) if payload.sign_for else payload)
        except Exception as error:  # noqa: BLE001  the boundary: one mail's fault is its own
            return Composed(entry, None, error=_as_refused(error))

    def _composed(self, one: Composed, encloser: Encloser | None) -> Composed:
        if one.payload is None:
            return one
        entry, payload = one.entry, one.payload
        try:
            enclosed, wording = NOTHING, None
            if payload.phrases or payload.template.startswith("notice"):
                payload = spoken(payload, speech_of(self._rules(), payload.language))
            if payload.template in NOTICES:
                wording = self._rules().template(payload.template, payload.language)
            if encloser is not None and _asks_the_record(payload):
                enclosed = encloser.for_entry(entry, payload)
            mail = compose(entry.id, payload, entry.created_at, self._sender, enclosed, wording)
        except Exception as error:  # noqa: BLE001  the boundary: one mail's fault is its own
            return replace(one, error=_as_refused(error))
        return replace(one, mail=mail, discloses=enclosed.discloses)

    def _addressed(self, payload: MailPayload, entry: OutboxEntry) -> MailPayload:
        """A mail to a protected reporter finds its address, and what it answers, only here."""
        if not payload.protected:
            return payload
        with reading(self._shop.record) as connection:
            contact = contact_of(connection, entry.case_id or "", self._shop.keys.triage)
        if contact is None or not contact.address:
            raise Refused("nobody knows any more where to write to the reporter")
        return replace(payload, to=contact.address, sign_for=contact.address, in_reply_to=contact.message_id)

    def _signed(self, payload: MailPayload, entry: OutboxEntry) -> MailPayload:
        """Tokens for a mail that the console promised; from the entry's own time, so that they never change."""
        keys, who, at = self._shop.keys, payload.sign_for, entry.created_at
        to_staff = payload.template.startswith("notice")
        answer, bounce = (Purpose.STAFF_REPLY, Purpose.STAFF_BOUNCE) if to_staff else (Purpose.REPLY, Purpose.BOUNCE)
        mine = (payload.party, Purpose.PARTY) if payload.party else (who, answer)
        return replace(
            payload,
            reply_token=mail_token(keys, payload.reference, *mine, at),
            bounce_token=mail_token(keys, payload.reference, who, bounce, at),
        )


def _asks_the_record(payload: MailPayload) -> bool:
    """Whether what it says, or whether it goes at all, depends on how the record stands now."""
    return payload.template in ANSWERS or payload.template.startswith("notice")


def _as_refused(error: Exception) -> Exception:
    if isinstance(error, Refused | TryLater):
        return error
    return Refused(f"could not be composed ({type(error).__name__})")
