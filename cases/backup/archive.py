"""One backup is one folder: a manifest, both databases, the sealed rest. Made beside, put into place whole, expired by age."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path

from cases.backup.copying import copy_out, suffix
from cases.backup.sealing import seal_home
from cases.durable import move_into_place, sync
from cases.errors import Refused

MANIFEST = "manifest.json"
KEYS = "keys.sealed"
PREFIX = "heed-"
FORM = 1


@dataclass(frozen=True, slots=True)
class Store:
    """One database: the name of its copy, its address, its schema on PostgreSQL."""

    name: str
    url: str
    schema: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is: when it was made, when it is to be destroyed, and the SHA-256 of each of its files."""

    form: int
    at: str
    expires_at: str
    files: Mapping[str, str]

    @property
    def made(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.at)

    @property
    def expires(self) -> datetime:
        """When it is to be destroyed."""
        return datetime.fromisoformat(self.expires_at)


def make(
    folder: Path, keys_folder: Path, home: Path, stores: tuple[Store, ...], passphrase: str, *, now: datetime, days: int
) -> Path:
    """Make a backup in a new folder inside of `folder`; the sealed keys go to `keys_folder`, which may be another disk.

    Copies the inbox before the record: what is triaged in between is then in both, and is one case all the same; the other
    way round it would be in neither. Raises `Refused`, and leaves nothing half done, when something fails.
    """
    name = f"{PREFIX}{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    beside, place = folder / f".{name}.part", folder / name
    if place.exists():
        raise Refused(f"there is a backup of this very second in {place}")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sealed = seal_home(home, passphrase)
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    try:
        for store in sorted(stores, key=lambda one: one.name):  # inbox, record
            copy_out(store.url, store.schema, beside / f"{store.name}.{suffix(store.url)}")
        keys = (beside if keys_folder == folder else keys_folder) / (
            KEYS if keys_folder == folder else f"{name}.{KEYS}"
        )
        _write(keys, sealed)
        files = {path.name: _sha256(path) for path in sorted(beside.iterdir())}
        manifest = Manifest(FORM, now.isoformat(), (now + timedelta(days=days)).isoformat(), files)
        _write(beside / MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        for path in beside.iterdir():
            path.chmod(0o600)
            sync(path)
        move_into_place(beside, place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def read_manifest(backup: Path) -> Manifest:
    """A backup's manifest, its files checked against it. Raises `Refused` when one is missing or damaged."""
    try:
        manifest = Manifest(**json.loads((backup / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise Refused(f"{backup} is no backup: it has no manifest that can be read") from error
    if manifest.form != FORM:
        raise Refused(f"{backup} was made by another version of Heed (form {manifest.form}): restore it with that one")
    for name, digest in manifest.files.items():
        path = backup / Path(name).name
        if not path.is_file() or _sha256(path) != digest:
            raise Refused(f"{name} of this backup is missing or damaged: take another backup")
    return manifest


def prune(folder: Path, keys_folder: Path, now: datetime) -> list[str]:
    """Destroy the backups in this folder whose time is over; their names. What is no backup of ours is left alone."""
    gone = []
    for path in sorted(folder.glob(f"{PREFIX}*/{MANIFEST}")):
        try:
            manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
            over = manifest.expires <= now
        except (ValueError, TypeError):
            continue
        if over:
            name = path.parent.name
            shutil.rmtree(path.parent)
            (keys_folder / f"{name}.{KEYS}").unlink(missing_ok=True)
            gone.append(name)
    return gone


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
    sync(path)
