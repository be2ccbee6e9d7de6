"""A staff member's vault: a key pair of their own, its private half wrapped by their password."""

import json
from base64 import b64decode, b64encode

from argon2.low_level import Type, hash_secret_raw
from nacl import utils
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from cases.errors import Refused
from cases.keys.sealing import KeyPair

# RFC 9106 section 4, second recommended option: 3 passes over 64 MiB with 4 lanes.
TIME_COST = 3
MEMORY_KIB = 64 * 1024
LANES = 4


class WrongPassword(Refused):
    """The password does not open this vault."""


def wrap_private(keys: KeyPair, password: str, person_id: str) -> str:
    """The private key wrapped by Argon2id of the password, as JSON text with its parameters."""
    salt = utils.random(16)
    nonce = utils.random(24)
    wrapping = _derive(password, salt, TIME_COST, MEMORY_KIB, LANES)
    body = crypto_aead_xchacha20poly1305_ietf_encrypt(keys.private, person_id.encode(), nonce, wrapping)
    return json.dumps(
        {
            "kdf": "argon2id",
            "time": TIME_COST,
            "memory": MEMORY_KIB,
            "lanes": LANES,
            "salt": b64encode(salt).decode(),
            "nonce": b64encode(nonce).decode(),
            "body": b64encode(body).decode(),
        }
    )


def unwrap_private(wrapped: str, password: str, person_id: str) -> KeyPair:
    """Open a vault; raises `WrongPassword`. Takes about 0.1 s by design."""
    vault = json.loads(wrapped)
    wrapping = _derive(password, b64decode(vault["salt"]), vault["time"], vault["memory"], vault["lanes"])
    try:
        private = crypto_aead_xchacha20poly1305_ietf_decrypt(
            b64decode(vault["body"]), person_id.encode(), b64decode(vault["nonce"]), wrapping
        )
    except CryptoError:
        raise WrongPassword("that password does not open this person's vault") from None
    return KeyPair.of_private(private)


def _derive(password: str, salt: bytes, time_cost: int, memory_kib: int, lanes: int) -> bytes:
    return hash_secret_raw(password.encode(), salt, time_cost, memory_kib, lanes, 32, Type.ID)
