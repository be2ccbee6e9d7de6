"""Files that somebody of the staff uploads: sealed and on disk before the transaction that refers to them."""

from collections.abc import Sequence
from hashlib import sha256

from werkzeug.datastructures import FileStorage

from cases.errors import Refused
from cases.handling.uploads import Upload
from cases.store import files
from console.rooms import Room

LARGEST_FILE = 15 * 1024 * 1024
"""Bytes of what one form uploads; what fails after it was stored is swept."""
MOST_FORM = LARGEST_FILE + 256 * 1024
"""Bytes of a whole form with files: its words are allowed for."""
MOST_FILES = 10


def stored(room: Room, given: Sequence[FileStorage]) -> tuple[Upload, ...]:
    """The files of a form; a field left empty is none. Raises `Refused` for too many."""
    chosen = [one for one in given if one.filename]
    if len(chosen) > MOST_FILES:
        raise Refused(f"{len(chosen)} files are too many: send {MOST_FILES} at a time")
    return tuple(_stored(room, number, one) for number, one in enumerate(chosen))


def _stored(room: Room, number: int, file: FileStorage) -> Upload:
    content = file.stream.read()
    kept = files.store(files.DatabasePieces(room.desk.record), number, [content], room.desk.now())
    name = (file.filename or "file").replace("\\", "/").rpartition("/")[2][:200]
    return Upload(name, "application/octet-stream", sha256(content).hexdigest(), kept)
