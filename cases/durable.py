"""Files that must be there after a power cut."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Have a file's bytes on disk when this returns (fsync(2))."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_into_place(beside: Path, place: Path) -> None:
    """Rename a file that is synced already, so that the new name too is on disk when this returns.

    A rename is an entry in a folder: without a sync of that folder a power cut may take it back (fsync(2)).
    """
    beside.replace(place)
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
