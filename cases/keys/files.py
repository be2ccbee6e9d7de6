"""Key files of a home: made once, mode 0600, each process reads only those it is granted; old ones stay to read with."""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, replace
from pathlib import Path

from nacl import utils

from cases.durable import move_into_place
from cases.errors import Refused
from cases.keys.sealing import KeyPair
from cases.keys.tokens import TokenKeys

PAIRS = ("triage", "service")
SECRETS = ("index", "token", "receipt", "form", "anchor")
NAMES = PAIRS + SECRETS
HOLDERS = {
    "triage": ("smtp", "imap", "web", "console", "worker"),
    "service": ("console", "worker"),
    "index": ("console", "worker"),
    "token": ("worker",),
    "receipt": ("web",),
    "form": ("web",),
    "anchor": ("worker",),
}
"""Which processes hold a key, by their names in `heed serve`: they start anew when it is rotated."""


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """The folder that holds a deployment's keys.

    `NAME.key` is in use. `old/NAME.N.key` are those before it, the first one number 1; `old/NAME.N.gone` marks one that was
    forgotten, so that its number is never used again.
    """

    folder: Path

    def create_missing(self) -> list[str]:
        """Make every key that does not exist yet; returns their names. Existing ones are never touched."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = []
        for name in NAMES:
            if not self._path(name).exists():
                _write(self._path(name), _fresh(name))
                made.append(name)
            if name in PAIRS and (name in made or self._public_is_stale(name)):
                _write(self.folder / f"{name}.pub", KeyPair.of_private(self._read(self._path(name))).public)
        return made

    def public(self, name: str) -> bytes:
        """The public half of a pair."""
        return self._read(self.folder / f"{name}.pub")

    def pair(self, name: str) -> KeyPair:
        """A pair, private half and all, with those it replaced."""
        number = self.number(name)  # first: while it is rotated a number too low waits, one too high would not
        older = tuple(KeyPair.of_private(value) for value in self.older(name))
        return replace(KeyPair.of_private(self.secret(name)), older=older, name=name, number=number)

    def secret(self, name: str) -> bytes:
        """A key of 32 bytes, the one in use."""
        return self._read(self._path(name))

    def older(self, name: str) -> tuple[bytes, ...]:
        """The keys that this one replaced and that are still here, newest first."""
        return tuple(value for _, value in reversed(self._old(name)))

    def tokens(self) -> TokenKeys:
        """The keys that sign mail tokens, by number; the last one signs."""
        return TokenKeys((*self._old("token"), (self.number("token"), self.secret("token"))))

    def numbers(self) -> dict[str, int]:
        """The highest number of an old key, by name: changes with every rotation, and costs one look at a folder."""
        highest = dict.fromkeys(NAMES, 0)
        for path in (self.folder / "old").glob("*.*"):
            name, number, *_ = path.name.split(".")
            if name in highest and number.isdigit():
                highest[name] = max(highest[name], int(number))
        return highest

    def number(self, name: str) -> int:
        """How many-th of its name the key in use is; the first is 1."""
        highest = self.numbers()[name]
        kept = self._old_path(name, highest)
        if highest and kept.exists() and self._read(kept) == self.secret(name):
            return highest  # a rotation that died before the new key was in its place
        return highest + 1

    def next_number(self, name: str) -> int:
        """The number that a rotation would give. Raises `Refused` for what is not rotated."""
        if name not in NAMES:
            raise Refused(f"there is no key named “{name}”; keys are {', '.join(NAMES)}")
        if name == "index":
            raise Refused(
                "the index key stays: sealed cases keep keyed hashes under it that nothing can make anew, and mail would no "
                "longer find its case"
            )
        number = self.number(name)
        if number >= 255:
            raise Refused("a key has 255 numbers in all; this one has used them up")
        return number + 1

    def rotate(self, name: str) -> int:
        """Put a new key in use and keep the old one to read with; returns the new one's number.

        When it dies between two steps, the old key or the new is in use, and both can be read.
        """
        number, current = self.next_number(name) - 1, self.secret(name)
        (self.folder / "old").mkdir(exist_ok=True, mode=0o700)
        kept = self._old_path(name, number)
        if not kept.exists():
            _write(kept, current)
        fresh = _fresh(name)
        _write(self._path(name), fresh)
        if name in PAIRS:
            _write(self.folder / f"{name}.pub", KeyPair.of_private(fresh).public)
        return number + 1

    def forget(self, name: str) -> int:
        """Destroy the old keys of a name; returns how many. What only they open is lost: ask before whether there is any."""
        gone = 0
        for number, _ in self._old(name):
            self._old_path(name, number).with_suffix(".gone").touch(mode=0o600)
            path = self._old_path(name, number)
            path.write_bytes(b"\0" * path.stat().st_size)
            path.unlink()
            gone += 1
        return gone

    def _old(self, name: str) -> list[tuple[int, bytes]]:
        """Number and value of every old key that is still here, oldest first."""
        current = self.secret(name)
        found = [
            (int(path.name.split(".")[1]), self._read(path)) for path in (self.folder / "old").glob(f"{name}.*.key")
        ]
        return [(number, value) for number, value in sorted(found) if value != current]

    def _public_is_stale(self, name: str) -> bool:
        path = self.folder / f"{name}.pub"
        return not path.exists() or self._read(path) != KeyPair.of_private(self._read(self._path(name))).public

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def _old_path(self, name: str, number: int) -> Path:
        return self.folder / "old" / f"{name}.{number}.key"

    def _read(self, path: Path) -> bytes:
        try:
            value = b64decode(path.read_bytes(), validate=False)
        except FileNotFoundError:
            raise Refused(f"the key file {path.name} is missing from {self.folder}; restore it from a backup") from None
        except (NotBase64, OSError) as error:
            raise Refused(f"the key file {path.name} cannot be read ({type(error).__name__})") from error
        if len(value) != 32:
            raise Refused(f"the key file {path.name} is damaged: restore it from a backup")
        return value


def _fresh(name: str) -> bytes:
    return KeyPair.generate().private if name in PAIRS else utils.random(32)


def _write(path: Path, value: bytes) -> None:
    """Written beside, synced, then put into place: a crash leaves a whole key, the old one or the new."""
    beside = path.with_suffix(path.suffix + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b64encode(value) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    move_into_place(beside, path)
