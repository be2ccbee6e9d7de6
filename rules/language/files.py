"""Reads a ruleset from a file that people edit: size, encoding, and that nobody is writing it just now."""

from pathlib import Path

from cases.errors import Refused, TryLater
from rules.language.problems import Problem, RulesetInvalid
from rules.language.tree import MOST_BYTES


def read_file(path: Path) -> str:
    """The text of a ruleset file.

    Raises `Refused` when there is none or it is too large, `RulesetInvalid` at the first byte that is not UTF-8, and
    `TryLater` when the file changed while it was read.
    """
    try:
        before = path.stat()
        if before.st_size > MOST_BYTES:
            raise Refused(f"{path} is larger than {MOST_BYTES // 1000:,} KB; a ruleset is never that long")
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise TryLater(f"{path} is being written just now")
    return decode(content, str(path))


def decode(content: bytes, source: str = "rules.yaml") -> str:
    """The text in `content`, which must be UTF-8. Raises `RulesetInvalid` with the place of the first wrong byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        text = content[line_start:].split(b"\n", 1)[0].decode("utf-8", "replace")
        column = len(content[line_start : error.start].decode("utf-8", "replace")) + 1
        problem = Problem(before.count(b"\n") + 1, column, f"the byte 0x{content[error.start]:02X} is not UTF-8",
                          "save the file as UTF-8", text=text)  # fmt: skip
        raise RulesetInvalid([problem], source) from None
