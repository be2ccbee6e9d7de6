"""What holds for every command of the shell."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from gateway.options import counted
from gateway.shell import main


def test_whatever_a_command_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        CliRunner().invoke(main, ["settings", "--home", str(tmp_path)])
        (tmp_path / "written").write_text("x")
    finally:
        os.umask(before)
    assert (tmp_path / "written").stat().st_mode & 0o077 == 0


def asked_in_a_pipe(lines: str) -> subprocess.CompletedProcess[str]:
    """What somebody sees who pipes `lines` to a command that asks for two secrets; no terminal anywhere."""
    asks = (
        "import sys; from gateway.options import ask_secret; print(ask_secret('Password'), ask_secret('Recovery key'))"
    )
    return subprocess.run(
        [sys.executable, "-c", asks],
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_a_password_is_read_from_a_pipe_without_a_word() -> None:
    asked = asked_in_a_pipe("first pass\r\nsecond\n")
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "first pass second\n", "")


def test_a_pipe_without_a_password_is_refused_in_a_sentence() -> None:
    asked = asked_in_a_pipe("only one\n")
    assert asked.returncode == 1
    assert asked.stderr.endswith("Recovery key: nothing came in on stdin, and there is no terminal to ask at\n")


def test_one_thing_is_not_several() -> None:
    assert [counted(number, "person", "people") for number in (0, 1, 2)] == ["0 people", "1 person", "2 people"]
    assert [counted(number, "anchor") for number in (1, 2)] == ["1 anchor", "2 anchors"]
