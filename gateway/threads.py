"""Threads: whether a mail starts a case or joins one, by evidence that cannot be guessed."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cases.keys.tokens import TOKEN_LENGTH, Purpose, Token, TokenKeys, is_for, read
from cases.model.submission import Submission
from cases.model.words import Authenticity, AutomaticKind

_TOKEN = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{TOKEN_LENGTH}}}(?![a-z2-7])", re.IGNORECASE)


class Evidence(StrEnum):
    """What ties a mail to a case, strongest first."""

    ADDRESS_TOKEN = "address-token"  # noqa: S105
    MESSAGE_ID_TOKEN = "message-id-token"  # noqa: S105
    KNOWN_MESSAGE = "known-message"
    CASE_LINK = "case-link"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs: the case's reference ("" for a new one), on what evidence, and whether the sender is known."""

    reference: str = ""
    evidence: Evidence = Evidence.NONE
    token: Token | None = None
    confirmed: bool = True


class KnownMail(Protocol):
    """What the record knows of mail, under keyed hashes."""

    def case_of(self, message_ids: tuple[str, ...], sender: str) -> str:
        """The reference of the case that holds one of these messages and has this sender among its people, or ""."""


def find_thread(submission: Submission, *, tokens: TokenKeys, known: KnownMail, now: datetime) -> Thread:
    """The case a mail belongs to.

    A signed token in a recipient's address, then one in the Message-ID of a reference, then a Message-ID that we sent
    or stored together with a sender of that case. A reference in the subject joins nothing: anyone can write one. Nor does
    a known Message-ID with a sender who failed authentication.
    """
    for place, evidence in (
        (_recipients(submission), Evidence.ADDRESS_TOKEN),
        ((submission.in_reply_to, *reversed(submission.references)), Evidence.MESSAGE_ID_TOKEN),
    ):
        for text in place:
            for match in _TOKEN.findall(text):
                token = read(tokens, match, now)
                if token is not None:
                    return Thread(token.reference, evidence, token, _speaks_for(submission, token, tokens))
    ids = tuple(i for i in (submission.in_reply_to, *submission.references) if i)
    believed = submission.sender.address and submission.authenticity is not Authenticity.FAIL
    reference = known.case_of(ids, submission.sender.address) if ids and believed else ""
    if reference:
        return Thread(reference, Evidence.KNOWN_MESSAGE)
    return Thread()


def _recipients(submission: Submission) -> tuple[str, ...]:
    """Envelope recipients first: headers can be written by anybody, but the token inside cannot be forged either."""
    addresses = [*submission.envelope_recipients, *(a.address for a in (*submission.to, *submission.cc))]
    return tuple(address.partition("@")[0].partition("+")[2] for address in addresses if "+" in address)


def _speaks_for(submission: Submission, token: Token, keys: TokenKeys) -> bool:
    """Whether the sender is the person the token was made for; a good token from elsewhere joins as unconfirmed.

    A bounce address is in every mail of ours: only what a machine sends there is what it is for.
    """
    if token.purpose is Purpose.BOUNCE:
        return submission.automatic.kind is not AutomaticKind.NONE
    if submission.authenticity is Authenticity.FAIL:
        return False
    return is_for(keys, token, submission.sender.address)
