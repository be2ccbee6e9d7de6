"""Signed tokens in mail addresses and Message-IDs: which case, who, what for, until when; nothing is looked up."""

import hmac
from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from hashlib import blake2b

from cases.model.codes import ALPHABET

_EPOCH = date(2020, 1, 1)
_MAC_BYTES = 10  # 80 bits: a forger with a million guesses a second needs longer than the token lives
_BODY_BYTES = 1 + 1 + 2 + 5 + 4
TOKEN_LENGTH = 37  # 23 bytes in base 32 without padding; with "hr+" it stays within 40, a local part holds 64


class Purpose(IntEnum):
    """What a token is good for."""

    REPLY = 1
    STAFF_REPLY = 2
    BOUNCE = 3
    STATUS = 4
    STAFF_BOUNCE = 5
    PARTY = 6
    CONFIRM = 7
    PROBE = 8


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """Signing keys by id; new tokens use the last one, old ones are read until they expire."""

    keys: tuple[tuple[int, bytes], ...] = field(repr=False)

    @property
    def current(self) -> tuple[int, bytes]:
        """The key that signs."""
        return self.keys[-1]


@dataclass(frozen=True, slots=True)
class Token:
    """What a good token says. `reference` is the case's; whom it was made for tells `is_for`. `key` is the key's number."""

    reference: str
    person: bytes
    purpose: Purpose
    expires: date
    key: int


def sign(keys: TokenKeys, reference: str, person: str, purpose: Purpose, expires: date) -> str:
    """A token of 37 lower-case letters and digits, for the case with this reference and this person's id or address."""
    number, key = keys.current
    tag = _person_tag(key, person)
    body = bytes((number, purpose)) + (expires - _EPOCH).days.to_bytes(2) + _case_bytes(reference) + tag
    return b32encode(body + _mac(key, body)).decode().rstrip("=").lower()


def read(keys: TokenKeys, text: str, now: datetime) -> Token | None:
    """What a token says, or None when it is malformed, forged or expired. Case is ignored, as mail relays may change it."""
    raw = _decode(text)
    if raw is None:
        return None
    body, mac = raw[:_BODY_BYTES], raw[_BODY_BYTES:]
    key = dict(keys.keys).get(body[0])
    if key is None or not hmac.compare_digest(mac, _mac(key, body)):
        return None
    expires = _EPOCH + timedelta(days=int.from_bytes(body[2:4]))
    if now.astimezone(UTC).date() > expires or body[1] not in set(Purpose):
        return None
    return Token(_reference_of(body[4:9]), body[9:13], Purpose(body[1]), expires, body[0])


def is_for(keys: TokenKeys, token: Token, person: str) -> bool:
    """Whether a good token was made for this person's id or address. Only who holds the key can tell."""
    key = dict(keys.keys).get(token.key)
    return key is not None and hmac.compare_digest(token.person, _person_tag(key, person))


def _person_tag(key: bytes, person: str) -> bytes:
    """Four bytes that stand for a person in tokens under this key: without it, no address can be tried against them."""
    return blake2b(person.strip().casefold().encode(), digest_size=4, key=key[:64], person=b"heed-person").digest()


def _decode(text: str) -> bytes | None:
    if len(text) != TOKEN_LENGTH or not text.isascii():
        return None
    try:
        return b32decode(text.upper() + "===")
    except NotBase32:
        return None


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"heed-token\x00" + body, "sha256")[:_MAC_BYTES]


def _case_bytes(reference: str) -> bytes:
    number = 0
    for letter in reference.removeprefix("HR-").replace("-", ""):
        number = number << 5 | ALPHABET.index(letter)
    return number.to_bytes(5)


def _reference_of(raw: bytes) -> str:
    number = int.from_bytes(raw)
    letters = "".join(ALPHABET[number >> (5 * place) & 31] for place in range(7, -1, -1))
    return f"HR-{letters[:4]}-{letters[4:]}"
