"""An anchor: where the deployment's chain stood, signed, to be kept where nobody who can change the database can reach it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from cases.audit.chain import canonical
from cases.errors import Refused

FORM = "heed-anchor-1"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A signed head: its number among the anchors, when it was signed, the head's seq and hash, key and signature in hex."""

    number: int
    at: datetime
    seq: int
    hash: str
    key: str
    signature: str

    def written(self) -> str:
        """The anchor as lines that can be mailed, printed and typed in again."""
        return (
            f"{FORM}\nnumber {self.number}\nat {_instant(self.at)}\nhead {self.seq}\nhash {self.hash}\n"
            f"key {self.key}\nsignature {self.signature}\n"
        )


def signed(seed: bytes, number: int, at: datetime, seq: int, digest: str) -> Anchor:
    """Sign a head with the Ed25519 key of this seed (RFC 8032)."""
    key = SigningKey(seed)
    signature = key.sign(_said(number, at, seq, digest)).signature.hex()
    return Anchor(number, at, seq, digest, public_of(seed), signature)


def public_of(seed: bytes) -> str:
    """The public half of an anchor key, in hex: what others check anchors with."""
    return bytes(SigningKey(seed).verify_key).hex()


def is_genuine(anchor: Anchor) -> bool:
    """Whether the signature is by the key that the anchor names; whose key that is, is another question."""
    try:
        VerifyKey(bytes.fromhex(anchor.key)).verify(
            _said(anchor.number, anchor.at, anchor.seq, anchor.hash), bytes.fromhex(anchor.signature)
        )
    except (BadSignatureError, ValueError):
        return False
    return True


def read(text: str) -> Anchor:
    """The anchor in a text, which may be a whole mail around it. Raises `Refused` when there is none, or it is damaged."""
    lines = [re.sub(r"^[>\s]+", "", line).split() for line in text.partition(FORM)[2].splitlines()]
    found = dict(parts for parts in lines if len(parts) == 2)
    try:
        return Anchor(
            int(found["number"]),
            datetime.fromisoformat(found["at"]),
            int(found["head"]),
            found["hash"],
            found["key"],
            found["signature"],
        )
    except (KeyError, ValueError):
        raise Refused(f"there is no whole anchor in this: it begins with “{FORM}” and has six lines") from None


def _said(number: int, at: datetime, seq: int, digest: str) -> bytes:
    return canonical([FORM, number, _instant(at), seq, digest]).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
