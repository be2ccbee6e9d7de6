"""`heed parse`: shows what the normalizer makes of mail files."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from cases.model.submission import Address, Submission
from cases.model.words import Channel
from gateway.normalizer.mail import normalize_mail
from gateway.normalizer.output import submission_to_json


@click.command("parse")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, one a line.")
@click.option(
    "--trust", "trusted_authserv", default="", metavar="ID", help="Believe Authentication-Results of this server."
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    envvar="HEED_HOME",
    default=Path("var"),
    help="Heed's home; not needed here.",
)
def parse(files: tuple[Path, ...], as_json: bool, trusted_authserv: str, home: Path) -> None:
    """Show what Heed understands of each mail FILE (`-` is standard input). Nothing is stored.

    Any bytes give one answer a file; what was repaired or given up is under `problems`.
    """
    del home
    for file in files:
        submission = _read(file, trusted_authserv)
        if as_json:
            click.echo(json.dumps(submission_to_json(submission, str(file)), ensure_ascii=False))
        else:
            _show(file, submission)


def _read(file: Path, trusted_authserv: str) -> Submission:
    """The submission in a file; an unreadable file gives an empty one with a problem."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a readable file"
        return Submission(Channel.MAIL, problems=(f"the file cannot be read: {reason}",))
    return normalize_mail(raw, now=datetime.now(UTC), trusted_authserv=trusted_authserv)


def _show(file: Path, submission: Submission) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0), title=Text(str(file)), title_justify="left")
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for label, value in _rows(submission):
        if value:
            table.add_row(label, Text(value))
    console.print(table)
    console.print()
    console.print(Text(submission.new_text or "(no text)"))
    console.print()


def _rows(submission: Submission) -> list[tuple[str, str]]:
    automatic = submission.automatic
    kind = f"{automatic.kind.value}: {automatic.reason}" if automatic.reason else ""
    if automatic.bounce:
        kind += f" ({automatic.bounce.recipient or 'unknown recipient'}, {automatic.bounce.status or 'no status'})"
    return [
        ("From", _shown(submission.sender)),
        ("To", ", ".join(map(_shown, submission.to))),
        ("Cc", ", ".join(map(_shown, submission.cc))),
        ("Subject", submission.subject),
        ("Date", submission.date.isoformat(" ") if submission.date else ""),
        ("Language", submission.language),
        ("Automatic", kind),
        ("Authenticity", submission.authenticity.value),
        (
            "Attachments",
            "\n".join(
                f"{each.filename or '(no name)'} · {each.content_type} · {each.size:,} bytes"
                for each in submission.attachments
            ),
        ),
        ("Problems", "\n".join(submission.problems)),
    ]


def _shown(address: Address) -> str:
    return f"{address.name} <{address.address}>" if address.name else address.address
