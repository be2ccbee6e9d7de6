"""Keyed hashes: sealed data is found again without being readable, and only by who holds the index key."""

from hashlib import blake2b


def keyed_hash(key: bytes, purpose: str, value: str) -> str:
    """A 128-bit keyed hash of `value` as 32 hex digits; `purpose` (at most 16 bytes) keeps kinds of value apart."""
    return blake2b(value.strip().casefold().encode(), key=key, digest_size=16, person=purpose.encode()[:16]).hexdigest()


def sender_hash(key: bytes, address: str) -> str:
    """The index entry of a sender's address; "" stays "" so that nobody is found by having none."""
    return keyed_hash(key, "sender", address) if address.strip() else ""


def message_id_hash(key: bytes, message_id: str) -> str:
    """The index entry of a mail's Message-ID; "" stays ""."""
    return keyed_hash(key, "message-id", message_id) if message_id.strip() else ""
