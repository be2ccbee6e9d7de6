"""What holds for every command of the shell."""

import os
from pathlib import Path

from click.testing import CliRunner

from gateway.shell import main


def test_whatever_a_command_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        CliRunner().invoke(main, ["settings", "--home", str(tmp_path)])
        (tmp_path / "written").write_text("x")
    finally:
        os.umask(before)
    assert (tmp_path / "written").stat().st_mode & 0o077 == 0
