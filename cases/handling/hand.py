"""Who acts, and what every act shares: checked words, sealed rows, promised mail, the event."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from cases.audit.chain import Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.hashing import keyed_hash
from cases.keys.sealing import KeyPair, Place, Sealer, seal
from cases.model.words import Channel
from cases.store.codec import MailPayload, StoredEvidence, StoredMessage, StoredParty, StoredWords, to_bytes
from cases.store.filled import keep_completeness
from cases.store.outbox import promise_mail
from cases.store.sight import SeenCase, Viewer, case_keys

LONGEST_TEXT = 50_000
"""Characters of a reply, a note, or any words of staff."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, with which keys, and when. No `vault` for who acts by mail: only what the service can open is theirs.

    `index` is the key under which addresses are looked up.
    """

    viewer: Viewer
    vault: KeyPair | None = field(repr=False)
    service: KeyPair = field(repr=False)
    now: datetime
    index: bytes = field(repr=False)

    @property
    def address(self) -> str:
        """The actor that events name."""
        return self.viewer.person.address

    def keys(self, connection: Connection, seen: SeenCase) -> dict[int, KeyPair]:
        """The case's key pairs that this person opens, by epoch; raises `Refused` when not even the present one does."""
        return case_keys(connection, seen, self.viewer.person, self.vault, self.service)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Words sealed to a case for one place, with their salted digest for the trail."""

    value: bytes = field(repr=False)
    digest: str


def record(connection: Connection, seen: SeenCase, hand: Hand, verb: str, data: dict[str, Json]) -> None:
    """Write down what was done, and how complete the case's record is now."""
    append(connection, [NewEvent(seen.id, verb, hand.address, seen.moment(hand.now), data)])
    keep_completeness(connection, seen.id)


def checked(text: str, *, what: str = "it") -> str:
    """Words as they are kept; raises `Refused` for none, or too many."""
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not words:
        raise Refused(f"there are no words in {what}")
    if len(words) > LONGEST_TEXT:
        raise Refused(f"{what} is longer than {LONGEST_TEXT:,} characters")
    return words


def check_once(once: str) -> str:
    """The id of the form that something was written in: sent twice, it is written once. Raises `Refused` when damaged."""
    if len(once) != 32 or not set(once) <= set("0123456789abcdef"):
        raise Refused("the form is damaged; load the page again")
    return once


def new_salt() -> str:
    """The salt of a digest: without it, nobody can tell whether short words are the ones that they guess."""
    return secrets.token_hex(16)


def sealed(seen: SeenCase, place: Place, value: StoredMessage | StoredWords | StoredParty | StoredEvidence) -> Sealed:
    """A value sealed to the case's present key."""
    raw = to_bytes(value)
    return Sealed(seal(seen.row.public_key, raw, place), sha256(raw).hexdigest())


def sealed_words(seen: SeenCase, table: str, row: str, column: str, text: str) -> Sealed:
    """Words of staff sealed to the case, for one place."""
    return sealed(seen, Place(table, row, column), StoredWords(text, new_salt()))


def staff_notice(template: str, to: str, seen: SeenCase) -> MailPayload:
    """A content-free notice to a colleague."""
    return MailPayload(
        template=template,
        to=to,
        language="",
        reference=seen.row.reference,
        reply_token="",
        bounce_token="",
        facts=(("risk", seen.row.risk),),
        to_the_day=seen.row.channel == Channel.ANONYMOUS.value,
        sign_for=to,
    )


def notice_prefix(hand: Hand, case_id: str, kind: str, recipient: str) -> str:
    """How the outbox keys of one kind of notice to one person about one case begin (see `cases.promises.notice_key`)."""
    return f"notice:{case_id}:{kind}:{keyed_hash(hand.index, 'recipient', recipient)}"


def promise(connection: Connection, seen: SeenCase, hand: Hand, key: str, payload: MailPayload) -> None:
    """One mail in the outbox, sealed to the workers."""
    at = seen.moment(hand.now)
    promise_mail(connection, Sealer(hand.service.public), key, payload, case_id=seen.id, at=at, due=hand.now)
