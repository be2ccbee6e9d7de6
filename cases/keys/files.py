"""Key files of a home: made once, mode 0600, each process reads only those it is granted."""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from pathlib import Path

from nacl import utils

from cases.durable import move_into_place
from cases.errors import Refused
from cases.keys.sealing import KeyPair
from cases.keys.tokens import TokenKeys

PAIRS = ("triage", "service")
SECRETS = ("index", "token", "receipt", "form")


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """The folder that holds a deployment's keys."""

    folder: Path

    def create_missing(self) -> list[str]:
        """Make every key that does not exist yet; returns their names. Existing ones are never touched."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = []
        for name in PAIRS:
            if not (self.folder / f"{name}.key").exists():
                keys = KeyPair.generate()
                _write(self.folder / f"{name}.pub", keys.public)
                _write(self.folder / f"{name}.key", keys.private)
                made.append(name)
        for name in SECRETS:
            if not (self.folder / f"{name}.key").exists():
                _write(self.folder / f"{name}.key", utils.random(32))
                made.append(name)
        return made

    def public(self, name: str) -> bytes:
        """The public half of a pair."""
        return self._read(f"{name}.pub")

    def pair(self, name: str) -> KeyPair:
        """A pair, private half and all."""
        return KeyPair.of_private(self._read(f"{name}.key"))

    def secret(self, name: str) -> bytes:
        """A symmetric key of 32 bytes."""
        return self._read(f"{name}.key")

    def tokens(self) -> TokenKeys:
        """The keys that sign mail tokens."""
        return TokenKeys(((1, self._read("token.key")),))

    def _read(self, filename: str) -> bytes:
        path = self.folder / filename
        try:
            value = b64decode(path.read_bytes(), validate=False)
        except FileNotFoundError:
            raise Refused(f"the key file {filename} is missing from {self.folder}; restore it from a backup") from None
        except (NotBase64, OSError) as error:
            raise Refused(f"the key file {filename} cannot be read ({type(error).__name__})") from error
        if len(value) != 32:
            raise Refused(f"the key file {filename} is damaged: restore it from a backup")
        return value


def _write(path: Path, value: bytes) -> None:
    """Written beside, synced, then linked into place: a crash leaves a whole key or none, and never overwrites one."""
    beside = path.with_suffix(path.suffix + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b64encode(value) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    move_into_place(beside, path)
