"""Form tokens without a session: an HMAC says which form it was and when, and everything else is derived from it.

What one token brings forth is always the same: the receipt, and for the same words the envelope. So a form that is sent
twice (a double click, a reload, a lost answer) shows the same receipt again and makes one case.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from cases.model.codes import RECEIPT_RANDOM, new_receipt, read_receipt
from gateway.inbox.pending import PREFIX

VALID_HOURS = 48
"""How long a form may stay open before its token is renewed, which costs the person one more click and no word."""

WATCH_MINUTES = 60
"""How long an open status page looks for news by itself."""

_WATCH = re.compile(r"([0-9a-f]{32})([0-9a-f]{8})([0-9a-f]{16})([0-9a-f]{32})")
_SHAPE = re.compile(r"([0-9a-f]{32})([0-9a-f]{6})([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class FormToken:
    """A good token: 128 random bits that nobody else has. Whoever holds them and its key can derive the receipt."""

    nonce: str = field(repr=False)
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FormTokens:
    """Issues and reads tokens under the form-token key, and derives what follows from them."""

    key: bytes = field(repr=False)
    now: Callable[[], datetime]
    random_bits: Callable[[int], int]
    older: tuple[bytes, ...] = field(default=(), repr=False)
    """Keys before this one: forms that were open when it was rotated are still taken, each with what its own key gives."""

    def issue(self, form: str) -> str:
        """A fresh token for this form, 70 hex digits; only the hour of issue is in it."""
        nonce = f"{self.random_bits(128):032x}"
        hour = f"{self._hour():06x}"
        return nonce + hour + self._mac(self.key, "token", form, nonce, hour)[:32]

    def read(self, form: str, text: str) -> FormToken | None:
        """The token a form came back with, or None when it is forged, another form's, or older than `VALID_HOURS`."""
        found = _SHAPE.fullmatch(text)
        if found is None:
            return None
        nonce, hour, mac = found.groups()
        fits = [hmac.compare_digest(mac, self._mac(key, "token", form, nonce, hour)[:32]) for key in self._keys]
        if not any(fits) or not 0 <= self._hour() - int(hour, 16) <= VALID_HOURS:
            return None
        return FormToken(nonce, self._keys[fits.index(True)])

    def fresh(self) -> FormToken:
        """A token that no form was issued with: for what is sent by one button, and may be sent twice."""
        return FormToken(f"{self.random_bits(128):032x}", self.key)

    def receipt(self, token: FormToken) -> str:
        """The receipt that belongs to a token, its 21 letters: 100 bits that only this key and this token give."""
        bits = int(self._mac(token.key, "receipt", token.nonce), 16) >> (256 - 5 * RECEIPT_RANDOM)
        return read_receipt(new_receipt(lambda _wanted: bits))

    def envelope_id(self, token: FormToken, words: bytes, lookup: str = "") -> str:
        """The envelope's id, the same for the same token and words.

        Its first half comes from the reader's `lookup`, so that a receipt finds what triage has not opened yet; without
        a reader, from the token.
        """
        front = self._prefix(token.key, lookup) if lookup else self._mac(token.key, "no-reader", token.nonce)[:PREFIX]
        return front + self._mac(token.key, "envelope", token.nonce, sha256(words).hexdigest())[: 32 - PREFIX]

    def api_envelope_id(self, token: FormToken, words: bytes, lookup: str) -> str:
        """The id of what a machine sends: its first 24 digits are the same for the same token, whatever the words."""
        once = self._mac(token.key, "api", token.nonce)[:8]
        return self._prefix(token.key, lookup) + once + sha256(words).hexdigest()[:8]

    def prefixes(self, lookup: str) -> tuple[str, ...]:
        """The first 16 hex digits of the ids of all envelopes that belong to a reader; one for each key."""
        return tuple(self._prefix(key, lookup) for key in self._keys)

    def watch(self, lookup: str, mark: str) -> str:
        """Letters with which a page asks whether there is news behind a link; they open nothing."""
        minute = f"{self._hour() * 60 + self.now().astimezone(UTC).minute:08x}"
        return lookup + minute + mark + self._mac(self.key, "watch", lookup, minute, mark)[:32]

    def watched(self, letters: str) -> tuple[str, str] | None:
        """The lookup and the mark last seen, or None when forged or older than `WATCH_MINUTES`."""
        found = _WATCH.fullmatch(letters)
        if found is None:
            return None
        lookup, minute, mark, mac = found.groups()
        age = self._hour() * 60 + self.now().astimezone(UTC).minute - int(minute, 16)
        good = hmac.compare_digest(mac, self._mac(self.key, "watch", lookup, minute, mark)[:32])
        return (lookup, mark) if good and 0 <= age <= WATCH_MINUTES else None

    @property
    def _keys(self) -> tuple[bytes, ...]:
        return (self.key, *self.older)

    def _prefix(self, key: bytes, lookup: str) -> str:
        return self._mac(key, "reader", lookup)[:PREFIX]

    def _hour(self) -> int:
        return int(self.now().astimezone(UTC).timestamp()) // 3600

    def _mac(self, key: bytes, *parts: str) -> str:
        return hmac.new(key, "\x1f".join(("heed-form", *parts)).encode(), sha256).hexdigest()
