"""The gateway's commands: decide, ingest, held, doctor and a test mail."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.options import FriendlyGroup, counted, home_option, json_option, print_json

if TYPE_CHECKING:
    from gateway.doctor import Finding


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--rules",
    "rules_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A ruleset to decide with, instead of the home's published one or the shipped starter.",
)
@home_option
@json_option
def decide(files: tuple[Path, ...], rules_file: Path | None, home: Path, as_json: bool) -> None:
    """Dry run: what would be decided of .eml files, or of .jsonl lines with id, subject, text and from."""
    from gateway.deciding import Decider, read_items

    with Decider.open(home, rules_file) as decider:
        for result in decider.decide(read_items(files)):
            if as_json:
                print_json(result)
            else:
                _show_decision(result)


def _show_decision(result: dict[str, Any]) -> None:
    from datetime import UTC, datetime

    from rich.console import Console

    console = Console(highlight=False)
    console.print(
        f"[bold]{result['id']}[/bold]  {result['category']}  risk {result['risk']}  access {result['access']}"
    )
    console.print(
        f"  team {result['team'] or '-'}, owner {result['owner'] or '-'}; fired: {', '.join(result['fired']) or 'no rule'}"
    )
    for name in ("escalated_to", "excluded", "tags"):
        if result[name]:
            console.print(f"  {name.replace('_', ' ')}: {', '.join(result[name])}")
    for kind, due in result["deadlines"].items():
        console.print(f"  {kind.replace('_', ' ')} by {datetime.fromisoformat(due).astimezone(UTC):%Y-%m-%d %H:%M} UTC")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--acknowledge", is_flag=True, help="Send acknowledgements and notices, as for mail that comes in now.")
@home_option
@json_option
def ingest(paths: tuple[Path, ...], acknowledge: bool, home: Path, as_json: bool) -> None:
    """Put .eml files, mbox files or Maildirs through the inbox. Sends nothing unless asked; twice the same is one case."""
    from rich.console import Console
    from rich.progress import Progress

    from gateway.ingesting import deliveries, open_inbox

    inbox = open_inbox(home)
    stored = 0
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Storing", total=None)
        waiting = []
        for source, delivery in deliveries(paths):
            waiting.append((source, inbox.put(delivery, quiet=not acknowledge)))
            if len(waiting) >= 200:
                stored += _stored(waiting, as_json)
                waiting = []
            progress.advance(task)
        stored += _stored(waiting, as_json)
    inbox.close()
    if not as_json:
        click.echo(
            f"{counted(stored, 'message')} stored; the workers of a running heed serve make cases of what is stored."
        )


def _stored(waiting: list[tuple[str, Any]], as_json: bool) -> int:
    for source, reference in waiting:
        if as_json:
            print_json({"source": source, "reference": reference.result()})
        else:
            reference.result()
    return len(waiting)


@click.group(cls=FriendlyGroup)
def held() -> None:
    """Envelopes that nobody could make a case of: kept until they are retried."""


@held.command("list")
@home_option
@json_option
def held_list(home: Path, as_json: bool) -> None:
    """All held envelopes, oldest first; metadata only."""
    from rich.console import Console
    from rich.table import Table

    rows = [_held_row(one) for one in _held(home)]
    if as_json:
        for row in rows:
            print_json(row)
        return
    if not rows:
        click.echo("Nothing is held.")
        return
    table = Table("Reference", "Channel", "Received", "Bytes", "Attempts", "Why", box=None)
    for row in rows:
        table.add_row(
            *(str(row[name]) for name in ("reference", "channel", "received_at", "size", "attempts", "error"))
        )
    Console().print(table)


@held.command("show")
@click.argument("reference")
@home_option
@json_option
def held_show(reference: str, home: Path, as_json: bool) -> None:
    """One held envelope; metadata only."""
    from cases.errors import Refused

    row = next((_held_row(one) for one in _held(home) if one.reference == reference.upper()), None)
    if row is None:
        raise Refused(f"no held envelope {reference}; `heed held list` shows all")
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        click.echo(f"{name.replace('_', ' '):12} {value}")


@held.command("retry")
@click.argument("references", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Retry all of them.")
@home_option
@json_option
def held_retry(references: tuple[str, ...], everything: bool, home: Path, as_json: bool) -> None:
    """Make held envelopes new again, so that the workers try them once more."""
    from cases.store.engine import open_database, writing
    from gateway.inbox import states
    from gateway.settings import Everything, load

    if bool(references) == everything:
        raise click.UsageError("name references, or say --all")
    settings = load(Everything, home)
    with writing(open_database(settings.inbox_url, schema="heed_inbox")) as connection:
        retried = states.retry(connection, [one.upper() for one in references])
    if as_json:
        for one in retried:
            print_json({"reference": one, "state": "new"})
    else:
        click.echo(f"{len(retried)} retried.")


def _held(home: Path) -> Any:
    from cases.store.engine import open_database, reading
    from gateway.inbox import states
    from gateway.settings import Everything, load, must_exist

    settings = load(Everything, must_exist(home))
    with reading(open_database(settings.inbox_url, schema="heed_inbox")) as connection:
        return states.held(connection)


def _held_row(one: Any) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "channel": one.channel,
        "received_at": one.received_at.isoformat(timespec="seconds"),
        "held_at": one.held_at.isoformat(timespec="seconds"),
        "size": one.size,
        "attempts": one.attempts,
        "error": one.error,
    }


@click.command()
@click.option(
    "--mail", "by_mail", is_flag=True, help="Also send a mail round: out by the relay, back in by door or mailbox."
)
@click.option("--to", "address", metavar="ADDRESS", help="Where that mail goes; the HR alias otherwise.")
@click.option(
    "--wait", type=click.FloatRange(1, 3600), default=120.0, show_default=True, help="Seconds to wait for it."
)
@home_option
@json_option
def doctor(by_mail: bool, address: str | None, wait: float, home: Path, as_json: bool) -> None:
    """Is everything as it should be? Exit 1 when something needs a person."""
    from itertools import chain

    from gateway.doctor import examine
    from gateway.settings import WorkerSlice, load

    findings = []
    trip: Iterable[Finding] = ()
    if by_mail:
        from cases.store.engine import open_database
        from worker.mail.round_trip import round_trip

        settings = load(WorkerSlice, home)
        inbox = open_database(settings.inbox_url, schema="heed_inbox")
        record = open_database(settings.record_url, schema="heed_record")
        trip = round_trip(settings, inbox, record, address or "", wait)
    for finding in chain(examine(home), trip):
        findings.append(finding)
        if as_json:
            print_json({"check": finding.check, "state": finding.state, "words": finding.words})
        else:
            mark = {"green": "ok  ", "yellow": "note", "red": "RED "}[finding.state]
            click.secho(f"{mark} {finding.check}: {finding.words}", fg=finding.state)
    if any(finding.state == "red" for finding in findings):
        sys.exit(1)


@click.command()
@click.argument("text")
@click.option("--subject", default="A question")
@click.option("--from", "sender", default="sam@acme.example", show_default=True)
@click.option("--to", "recipient", help="The HR alias; the setting organisation.hr_address otherwise.")
@click.option("--smtp", "door", default="127.0.0.1:8025", show_default=True, metavar="HOST:PORT")
@home_option
def testmail(text: str, subject: str, sender: str, recipient: str | None, door: str, home: Path) -> None:
    """Send one mail to the mail door, as an employee would."""
    import smtplib
    from email.message import EmailMessage
    from email.utils import formatdate, make_msgid

    from cases.errors import TryLater
    from gateway.settings import Everything, load

    to = recipient or load(Everything, home).organisation.hr_address
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(text)
    host, _, port = door.rpartition(":")
    try:
        with smtplib.SMTP(host, int(port), timeout=10) as client:
            client.sendmail(sender, [to], message.as_bytes())
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(f"the mail door at {door} did not take it ({error}); is heed serve running?") from error
    click.echo(f"Sent to {to}.")


@click.command()
@click.option("--markdown", is_flag=True, help="The whole page, as docs/settings.md.")
@home_option
@json_option
def settings(markdown: bool, home: Path, as_json: bool) -> None:
    """Every setting: what it does, and its value in this home. Secrets are not shown."""
    from gateway.settings import Everything, load, page

    if markdown:
        click.echo(page.markdown(), nl=False)
        return
    current = load(Everything, home)
    for one in page.described():
        secret = one.name in {"password", "token", "secret", "client_secret", "refresh_token"}
        value = page.plain(getattr(getattr(current, one.section), one.name))
        shown = "(not shown)" if secret and value else value
        if as_json:
            print_json(
                {
                    "section": one.section,
                    "name": one.name,
                    "value": shown,
                    "default": page.plain(one.default),
                    "words": one.words,
                }
            )
        else:
            click.echo(f"{one.section}.{one.name} = {shown!r}\n    {one.words}")
