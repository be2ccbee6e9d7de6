"""Readers without an account: a receipt or a status link opens one case, because its letters are its key."""

from dataclasses import dataclass, field
from hashlib import blake2b

from cases.keys.sealing import KeyPair


@dataclass(frozen=True, slots=True)
class LinkReader:
    """Who holds a code: how their wrap is found (`lookup`, 32 hex digits) and the key pair it is sealed to."""

    kind: str
    lookup: str
    keys: KeyPair = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewReader:
    """Somebody without an account who is to get a wrap: how it is found, and the public key it is sealed to."""

    kind: str
    lookup: str
    public: bytes = field(repr=False)


def receipt_reader(code: str, pepper: bytes) -> LinkReader:
    """The reader behind a receipt's 21 letters (see `cases.model.codes.read_receipt`).

    The code carries 100 random bits, so a fast hash is enough; the pepper, held by the public site alone, makes a
    copied database useless for testing guesses.
    """
    return _reader("receipt", code, pepper)


def status_reader(code: str) -> LinkReader:
    """The reader behind a status link's letters: 100 random bits, made by triage, which holds no pepper."""
    return _reader("status", code, b"")


def _reader(kind: str, code: str, pepper: bytes) -> LinkReader:
    lookup = blake2b(code.encode(), key=pepper, digest_size=16, person=b"heed-link-find").hexdigest()
    private = blake2b(code.encode(), key=pepper, digest_size=32, person=b"heed-link-open").digest()
    return LinkReader(kind, lookup, KeyPair.of_private(private))
