"""A rename is on disk only when its folder was synced after it."""

import os
from pathlib import Path

import pytest

from cases.durable import move_into_place


def test_the_folder_is_synced_after_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[str, bool]] = []
    (tmp_path / "tmp").mkdir()
    (tmp_path / "new").mkdir()
    beside, place = tmp_path / "tmp" / "a", tmp_path / "new" / "a"
    beside.write_text("words")
    monkeypatch.setattr(
        os, "fsync", lambda fd: synced.append((str(Path(f"/proc/self/fd/{fd}").readlink()), place.exists()))
    )
    move_into_place(beside, place)
    assert synced == [(str(tmp_path / "new"), True)]
    assert place.read_text() == "words"
