"""The options every command shares, and how a command fails: one sentence on stderr, exit 1."""

import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cases.errors import HeedError, Refused

Command = TypeVar("Command", bound=Callable[..., Any])


def home_option(function: Command) -> Command:
    """`--home`: the folder that holds everything; HEED_HOME, else ./var."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="HEED_HOME",
        default=Path("var"),
        show_default="./var",
        help="The folder that holds everything.",
    )(function)


def json_option(function: Command) -> Command:
    """`--json`: one object a line on stdout."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")(function)


def print_json(value: dict[str, Any]) -> None:
    """One object on a line of its own."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, as in “1 anchor” and “2 anchors”; `plural` where it is more than an s."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def ask_secret(words: str, *, confirm: bool = False) -> str:
    """A password or the like: the next line of a pipe, said to nobody; else typed at the terminal, twice to `confirm` it.

    Raises `Refused` when the pipe is at its end and there is no terminal to ask at.
    """
    if not sys.stdin.isatty():
        if line := sys.stdin.readline().rstrip("\r\n"):
            return line
        if not _has_terminal():
            raise Refused(f"{words}: nothing came in on stdin, and there is no terminal to ask at")
    return str(click.prompt(words, hide_input=True, confirmation_prompt=confirm, err=True))


def _has_terminal() -> bool:
    """Whether somebody sits there although stdin is a pipe, as with `--words -`."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


class FriendlyGroup(click.Group):
    """A group whose commands fail with a sentence, never with a trace."""

    def invoke(self, context: click.Context) -> Any:
        """Turn our two kinds of error into a message on stderr and exit 1."""
        try:
            return super().invoke(context)
        except HeedError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
                raise
            raise click.ClickException(
                f"the address cannot be listened on: {error.strerror}; choose another port"
            ) from error
