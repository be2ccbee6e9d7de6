"""What a backup holds beside the databases, sealed by a passphrase: key files, settings, rules, models."""

import io
import json
import tarfile
from base64 import b64decode, b64encode
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from nacl import utils
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.exceptions import CryptoError

from cases.errors import Refused
from cases.keys import vault

LEAST = 12
"""Characters of a passphrase: whoever has the file can try as long as they like."""
_BOUND = b"heed-backup-keys-1"
_LEFT_OUT = ("run", "outgoing", "serve.lock")
"""What is made anew at a start, or was mail on its way out of a Heed without a relay."""


def seal_home(home: Path, passphrase: str) -> bytes:
    """Every file of the home but its databases, as a tar under XChaCha20-Poly1305 and Argon2id (RFC 9106) of the passphrase."""
    if len(passphrase) < LEAST:
        raise Refused(f"the passphrase is too short: take {LEAST} characters or more, or several words")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for path in sorted(home.rglob("*")):
            relative = path.relative_to(home)
            if path.is_symlink() or not path.is_file() or relative.parts[0] in _LEFT_OUT or _is_database(path):
                continue
            tar.add(path, arcname=str(relative), recursive=False)
    salt, nonce = utils.random(16), utils.random(24)
    cost = (vault.TIME_COST, vault.MEMORY_KIB, vault.LANES)
    body = crypto_aead_xchacha20poly1305_ietf_encrypt(packed.getvalue(), _BOUND, nonce, _key(passphrase, salt, *cost))
    names = ("time", "memory", "lanes")
    texts = {"salt": salt, "nonce": nonce, "body": body}
    return json.dumps(
        {"kdf": "argon2id", **dict(zip(names, cost, strict=True))}
        | {name: b64encode(value).decode() for name, value in texts.items()}
    ).encode()


def unseal_home(sealed: bytes, passphrase: str, home: Path) -> None:
    """Put the files back into an empty home. Raises `Refused` for a wrong passphrase or a damaged file."""
    try:
        kept = json.loads(sealed)
        salt, nonce, body = (b64decode(kept[name]) for name in ("salt", "nonce", "body"))
        key = _key(passphrase, salt, int(kept["time"]), int(kept["memory"]), int(kept["lanes"]))
        packed = crypto_aead_xchacha20poly1305_ietf_decrypt(body, _BOUND, nonce, key)
    except (KeyError, ValueError, TypeError) as error:
        raise Refused("the file with the keys is damaged: take the one of another backup") from error
    except CryptoError:
        raise Refused("that passphrase does not open the keys of this backup") from None
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(home, filter="data")
    for path in (home / "keys").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (home / "keys").chmod(0o700)


def _is_database(path: Path) -> bool:
    return path.name.endswith((".db", ".db-wal", ".db-shm", ".db-journal"))


def _key(passphrase: str, salt: bytes, time: int, memory: int, lanes: int) -> bytes:
    return hash_secret_raw(passphrase.encode(), salt, time, memory, lanes, 32, Type.ID)
