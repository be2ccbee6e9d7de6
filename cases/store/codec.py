"""Values to bytes and back, before they are sealed: JSON of the frozen types, by pydantic."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from cases.model.decision import Decision
from cases.model.submission import Submission
from cases.model.wording import Phrase, Wording


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message's sealed content: what was said, who of the staff said it, and the salt of its digest."""

    submission: Submission
    salt: str


@dataclass(frozen=True, slots=True)
class StoredWords:
    """Words of staff that are no message: a finding, a reason, an action; `salt` is that of their digest."""

    text: str
    salt: str


@dataclass(frozen=True, slots=True)
class StoredParty:
    """Who a party is. The address is empty where nobody knows one."""

    name: str
    address: str
    salt: str


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """What a piece of evidence shows, and which bytes it is; `filename` is empty for what was said in a message."""

    description: str
    filename: str
    size: int
    sha256: str
    salt: str


@dataclass(frozen=True, slots=True)
class MailPayload:
    """What an outgoing mail needs and the metadata must not show; sealed to the service key until it is sent.

    `wording` is what HR ops wrote for it, kept here so that the mail is the same however often it is tried (None: the
    template's own words). `sign_for` is the address that the worker signs its tokens for, where whoever promised the mail
    holds no token key; `party` the id of the party whose thread it belongs to, "" for the reporter's.
    A `protected` reporter's address is known to the worker alone, which fills in `to`.
    `phrases` are facts in words of ours, by placeholder, several of one joined: said in the reader's language when it leaves.
    `quotes` is the message that a notice may quote, if whoever gets it may still read it there when it leaves.
    """

    template: str
    to: str
    language: str
    reference: str
    reply_token: str
    bounce_token: str
    subject: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    details: bool = True
    facts: tuple[tuple[str, str], ...] = ()
    to_the_day: bool = False
    sign_for: str = ""
    party: str = ""
    wording: Wording | None = None
    quotes: str = ""
    protected: bool = False
    phrases: tuple[tuple[str, Phrase], ...] = ()


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_bytes(value: StoredMessage | StoredWords | StoredParty | StoredEvidence | Decision | MailPayload) -> bytes:
    """Canonical enough JSON: the same value gives the same bytes."""
    return _adapter(type(value)).dump_json(value)  # type: ignore[arg-type]


def message_from(raw: bytes) -> StoredMessage:
    """What `to_bytes` made of a message."""
    stored: StoredMessage = _adapter(StoredMessage).validate_json(raw)
    return stored


def words_from(raw: bytes) -> StoredWords:
    """What `to_bytes` made of words."""
    words: StoredWords = _adapter(StoredWords).validate_json(raw)
    return words


def party_from(raw: bytes) -> StoredParty:
    """What `to_bytes` made of a party."""
    party: StoredParty = _adapter(StoredParty).validate_json(raw)
    return party


def evidence_from(raw: bytes) -> StoredEvidence:
    """What `to_bytes` made of a piece of evidence."""
    evidence: StoredEvidence = _adapter(StoredEvidence).validate_json(raw)
    return evidence


def decision_from(raw: bytes) -> Decision:
    """What `to_bytes` made of a decision."""
    decision: Decision = _adapter(Decision).validate_json(raw)
    return decision


def payload_from(raw: bytes) -> MailPayload:
    """What `to_bytes` made of a mail's payload."""
    payload: MailPayload = _adapter(MailPayload).validate_json(raw)
    return payload


def without_file_bytes(submission: Submission) -> Submission:
    """The submission as it is stored beside its raw delivery, which keeps the files."""
    light = tuple(replace(a, content=b"", stored_size=a.size) for a in submission.attachments)
    return replace(submission, attachments=light) if light else submission
