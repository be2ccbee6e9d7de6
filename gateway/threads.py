"""Threads: whether a mail starts a case or joins one, and in whose name, by evidence that cannot be guessed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cases.keys.tokens import TOKEN_LENGTH, Purpose, Token, TokenKeys, is_for, read
from cases.model.seat import Seat
from cases.model.submission import Submission
from cases.model.words import Authenticity, AutomaticKind

_TOKEN = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{TOKEN_LENGTH}}}(?![a-z2-7])", re.IGNORECASE)
_RETURNS = (Purpose.BOUNCE, Purpose.STAFF_BOUNCE)


class Evidence(StrEnum):
    """What ties a mail to a case, strongest first."""

    ADDRESS_TOKEN = "address-token"  # noqa: S105
    MESSAGE_ID_TOKEN = "message-id-token"  # noqa: S105
    KNOWN_MESSAGE = "known-message"
    CASE_LINK = "case-link"
    NONE = "none"


class Side(StrEnum):
    """Whose mail it is: a reporter's (or a stranger's), a member of staff's answer, a machine's about a
    mail to staff, or a copy of what staff wrote to the reporter themselves.
    """

    REPORTER = "reporter"
    STAFF = "staff"
    STAFF_MACHINE = "staff-machine"
    STAFF_COPY = "staff-copy"


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs: the case's reference ("" for a new one), on what evidence, and whether the sender is known.

    `entry` is the id of the mail of ours that it answers or returns, where it names one; `party` the id of the party whose
    thread it is, "" for the reporter's.
    """

    reference: str = ""
    evidence: Evidence = Evidence.NONE
    token: Token | None = None
    confirmed: bool = True
    side: Side = Side.REPORTER
    entry: str = ""
    party: str = ""


class KnownMail(Protocol):
    """What the record knows of mail, under keyed hashes."""

    def case_of(self, message_ids: tuple[str, ...], sender: str) -> str:
        """The reference of the case that holds one of these messages and has this sender among its people, or ""."""

    def case_of_entry(self, entry_ids: tuple[str, ...]) -> str:
        """The reference of the case that one of these mails of ours was about, or ""."""

    def seat(self, reference: str, sender: str, made_for: Callable[[str], bool] | None = None) -> Seat:
        """Whose thread of which case that is now, merges followed. `made_for` tells whether a token is a party's, by id."""


def find_thread(submission: Submission, *, tokens: TokenKeys, known: KnownMail, now: datetime) -> Thread:
    """The case a mail belongs to.

    A signed token in a recipient's address, then one in the Message-ID of a reference, then a Message-ID that we sent
    or stored together with a sender of that case. A reference in the subject joins nothing: anyone can write one. Nor does
    a known Message-ID with a sender who failed authentication. A delivery report whose address was rewritten on its way
    still names the Message-ID of what it returns.
    """
    ids = _named_ids(submission)
    entry = next((found for one in ids if (found := entry_of(one))), "")
    for place, evidence in ((_recipients(submission), Evidence.ADDRESS_TOKEN), (ids, Evidence.MESSAGE_ID_TOKEN)):
        for token in _tokens(place, tokens, now):
            return replace(_told_by(token, evidence, submission, tokens, known), entry=entry)
    if not ids:
        return Thread()
    if submission.automatic.kind is AutomaticKind.BOUNCE:
        reference = known.case_of_entry(tuple(found for one in ids if (found := entry_of(one))))
    else:
        believed = submission.sender.address and submission.authenticity is not Authenticity.FAIL
        reference = known.case_of(ids, submission.sender.address) if believed else ""
    if not reference:
        return Thread()
    seat = known.seat(reference, submission.sender.address)
    return Thread(seat.reference, Evidence.KNOWN_MESSAGE, entry=entry, party=seat.party)


def entry_of(message_id: str) -> str:
    """The outbox entry in a Message-ID of ours (`ENTRY[.TOKEN]@domain`), or ""."""
    local = message_id.partition("@")[0].partition(".")[0].lower()
    return local if len(local) == 32 and set(local) <= set("0123456789abcdef") else ""


def _tokens(texts: tuple[str, ...], keys: TokenKeys, now: datetime) -> Iterator[Token]:
    for text in texts:
        for match in _TOKEN.findall(text):
            token = read(keys, match, now)
            if token is not None and token.purpose is not Purpose.PROBE:  # a probe's is about no case
                yield token


def _named_ids(submission: Submission) -> tuple[str, ...]:
    """Message-IDs that this mail answers or returns, nearest first."""
    bounce = submission.automatic.bounce
    returned = bounce.original_message_id if bounce else ""
    return tuple(dict.fromkeys(i for i in (returned, submission.in_reply_to, *reversed(submission.references)) if i))


def _told_by(token: Token, evidence: Evidence, submission: Submission, tokens: TokenKeys, known: KnownMail) -> Thread:
    """The thread that a good token names, in the case that its case was merged into, if it was.

    A party's token names their thread alone, and speaks for them only from the address that they were written to.
    """
    sender, side = submission.sender.address, _side(submission, token)
    if token.purpose is not Purpose.PARTY:
        seat, confirmed = known.seat(token.reference, sender), _speaks_for(submission, token, tokens)
    else:
        seat = known.seat(token.reference, sender, lambda party: is_for(tokens, token, party))
        confirmed = seat.is_theirs and submission.authenticity is not Authenticity.FAIL
    return Thread(seat.reference, evidence, token, confirmed, side, party=seat.party)


def _recipients(submission: Submission) -> tuple[str, ...]:
    """Envelope recipients first: headers can be written by anybody, but the token inside cannot be forged either."""
    addresses = [*submission.envelope_recipients, *(a.address for a in (*submission.to, *submission.cc))]
    return tuple(address.partition("@")[0].partition("+")[2] for address in addresses if "+" in address)


def _side(submission: Submission, token: Token) -> Side:
    if token.purpose is Purpose.STAFF_REPLY and submission.automatic.kind is AutomaticKind.NONE:
        return Side.STAFF
    return Side.STAFF_MACHINE if token.purpose in {Purpose.STAFF_REPLY, Purpose.STAFF_BOUNCE} else Side.REPORTER


def _speaks_for(submission: Submission, token: Token, keys: TokenKeys) -> bool:
    """Whether the sender is the person the token was made for; a good token from elsewhere joins as unconfirmed.

    A bounce address is in every mail of ours: only what a machine sends there is what it is for.
    """
    if token.purpose in _RETURNS:
        return submission.automatic.kind is not AutomaticKind.NONE
    if submission.automatic.kind is AutomaticKind.BOUNCE:
        return True
    if submission.authenticity is Authenticity.FAIL:
        return False
    return is_for(keys, token, submission.sender.address)
