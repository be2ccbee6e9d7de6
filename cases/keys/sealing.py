"""Sealing: anyone with a public key can append, only the private key reads, and a value opens only in its own place."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b

from nacl import utils
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_keypair,
    crypto_box_seal,
    crypto_box_seal_open,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError

from cases.errors import NotYet, Refused

_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_BOX_BYTES = 80  # libsodium sealed box of a 32-byte key: 32 ephemeral public + 16 tag + 32
_NONCE_BYTES = 24
_STARTS_ANEW = timedelta(seconds=10)  # `heed serve` does so within two; who runs apart is waited for
_HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES + _BOX_BYTES + _NONCE_BYTES


class CannotOpen(Refused):
    """The value was sealed to another key, belongs to another place, or was altered."""


class KeyNotHere(NotYet):
    """The value is sealed to a key of the machine that this process does not hold: rotated since it read its key files."""

    def __init__(self, ring: "KeyPair") -> None:
        words = f"sealed to a {ring.name} key that this process does not hold (yet): start it anew"
        super().__init__(words, _STARTS_ANEW)
        self.name, self.number = ring.name, ring.number


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives. It is the value's associated data: moved elsewhere, it does not open."""

    table: str
    row: str
    column: str

    def encoded(self) -> bytes:
        """The associated data; the separator cannot occur in names or ids."""
        return "\x1f".join((self.table, self.row, self.column)).encode()


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An X25519 key pair. The private half never shows in a repr. `older` are those it replaced, which still read.

    One with a name and a number is the machine's: others may be sealing to its successor before this process knows of it.
    """

    public: bytes
    private: bytes = field(repr=False)
    older: tuple["KeyPair", ...] = field(default=(), repr=False)
    name: str = ""
    number: int = 0

    @classmethod
    def generate(cls) -> "KeyPair":
        """A fresh pair from the operating system's randomness."""
        public, private = crypto_box_keypair()
        return cls(public, private)

    @classmethod
    def of_private(cls, private: bytes) -> "KeyPair":
        """The pair that belongs to a private key."""
        return cls(crypto_scalarmult_base(private), private)


def key_id(public: bytes) -> bytes:
    """Four bytes that name a public key inside a sealed value, so that rotated keys find theirs."""
    return blake2b(public, digest_size=_KEY_ID_BYTES, person=b"heed-key-id").digest()


class Sealer:
    """Seals values to one public key. Those of one sealer share a data key, so that it is boxed once, not for each.

    Whoever can open one of them holds the private key and could open all: sharing gives nobody anything. A sealer lives
    for one transaction and is then forgotten.
    """

    def __init__(self, public: bytes) -> None:
        self._data_key = utils.random(32)
        self._header = b"".join((_VERSION, key_id(public), crypto_box_seal(self._data_key, public)))

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        """The value, bound to `place`, in XChaCha20-Poly1305 under a nonce of its own (24 random bytes never meet again).

        Layout: version, key id (4), sealed box of the data key (80), nonce (24), ciphertext with its 16-byte tag.
        """
        nonce = utils.random(_NONCE_BYTES)
        body = crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, place.encoded(), nonce, self._data_key)
        return b"".join((self._header, nonce, body))


class Sealers:
    """The sealers of one transaction, one for each public key: what is sealed to one reader shares a boxed data key."""

    def __init__(self) -> None:
        self._known: dict[bytes, Sealer] = {}

    def to(self, public: bytes) -> Sealer:
        """The sealer to this key."""
        if public not in self._known:
            self._known[public] = Sealer(public)
        return self._known[public]


def seal(public: bytes, plaintext: bytes, place: Place) -> bytes:
    """Seal one value to `public`, bound to `place`; see `Sealer`."""
    return Sealer(public).seal(plaintext, place)


def sealed_to(sealed: bytes) -> bytes:
    """The key id a sealed value names; raises `CannotOpen` when it is no sealed value."""
    if len(sealed) < _HEADER_BYTES or sealed[:1] != _VERSION:
        raise CannotOpen("this is not a sealed value")
    return sealed[1 : 1 + _KEY_ID_BYTES]


class Opener:
    """Opens values sealed to one key pair. Values of one sealer share a boxed data key, which is unboxed once.

    An opener lives for one batch and is then forgotten, with the data keys that it saw.
    """

    def __init__(self, keys: KeyPair) -> None:
        self._pairs = {key_id(one.public): one for one in (*keys.older, keys)}
        self._ring = keys if keys.name else None
        self._unboxed: dict[bytes, bytes] = {}

    def unseal(self, sealed: bytes, place: Place) -> bytes:
        """Open what `seal` made for these keys at `place`; raises `CannotOpen` otherwise, `KeyNotHere` where it may be theirs."""
        keys = self._pairs.get(sealed_to(sealed))
        if keys is None and self._ring is not None:
            raise KeyNotHere(self._ring)
        if keys is None:
            raise CannotOpen("the value is sealed to another key")
        box_end = 1 + _KEY_ID_BYTES + _BOX_BYTES
        box = sealed[1 + _KEY_ID_BYTES : box_end]
        try:
            data_key = self._unboxed.get(box)
            if data_key is None:
                data_key = self._unboxed[box] = crypto_box_seal_open(box, keys.public, keys.private)
            return crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed[_HEADER_BYTES:], place.encoded(), sealed[box_end:_HEADER_BYTES], data_key
            )
        except CryptoError as error:
            raise CannotOpen("the value was altered, or belongs to another place") from error


def rebox(sealed: bytes, keys: KeyPair) -> bytes:
    """The same value for the newest of these keys: only the box of its data key is made anew, its body stays as it is.

    Raises `CannotOpen` when it is sealed to none of them.
    """
    name = sealed_to(sealed)
    old = next((one for one in (keys, *keys.older) if key_id(one.public) == name), None)
    if old is None:
        raise CannotOpen("the value is sealed to another key")
    box_end = 1 + _KEY_ID_BYTES + _BOX_BYTES
    try:
        data_key = crypto_box_seal_open(sealed[1 + _KEY_ID_BYTES : box_end], old.public, old.private)
    except CryptoError as error:
        raise CannotOpen("the value was altered") from error
    return b"".join((_VERSION, key_id(keys.public), crypto_box_seal(data_key, keys.public), sealed[box_end:]))


def unseal(keys: KeyPair, sealed: bytes, place: Place) -> bytes:
    """Open one value; see `Opener`."""
    return Opener(keys).unseal(sealed, place)
