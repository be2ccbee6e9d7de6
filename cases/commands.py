"""`heed cases`: metadata for the operator, content for those who may."""

from pathlib import Path
from typing import Any

import click

from gateway.options import FriendlyGroup, ask_secret, home_option, json_option, print_json


@click.group(cls=FriendlyGroup)
def cases() -> None:
    """Cases: metadata for the operator, content for those who may, with their password."""


@cases.command("list")
@click.option("--limit", type=click.IntRange(1, 100_000), default=200, show_default=True)
@home_option
@json_option
def cases_list(limit: int, home: Path, as_json: bool) -> None:
    """Metadata of the newest cases."""
    from rich.console import Console
    from rich.table import Table

    from cases.store.engine import reading
    from cases.store.reading import summaries

    with reading(_record(home)) as connection:
        rows = [_summary(one) for one in summaries(connection, most=limit)]
    if as_json:
        for row in rows:
            print_json(row)
        return
    if not rows:
        click.echo("No cases yet.")
        return
    table = Table(box=None, pad_edge=False)
    console = Console()
    if not console.is_terminal:  # who pipes it on wants whole words
        console.width = 400
    for heading in ("Reference", "Received (UTC)", "Risk", "Access", "Status"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Category", "Owner"):  # a narrow window shortens these, and keeps a case on one line
        table.add_column(heading, overflow="ellipsis")
    for row in rows:
        received = row["received_at"][:16].replace("T", " ")
        named = (str(row[n]) for n in ("risk", "access", "status", "category", "owner"))
        table.add_row(row["reference"], received, *named)
    console.print(table)


@cases.command("show")
@click.argument("reference")
@click.option(
    "--as", "person", metavar="ADDRESS", help="Read the content as this member of staff; asks for the password."
)
@click.password_option("--password", prompt=False, hide_input=True, help="Better left out: it is asked for.")
@home_option
@json_option
def cases_show(reference: str, person: str | None, password: str | None, home: Path, as_json: bool) -> None:
    """One case: metadata, or with --as its content, which is audited."""
    from cases.errors import Refused
    from cases.model.codes import read_reference
    from cases.store.engine import reading
    from cases.store.reading import NO_SUCH_CASE, summaries

    wanted = read_reference(reference)
    if not wanted:
        raise Refused(f"“{reference}” is no reference; they look like HR-7K2M-94Q2")
    if person is not None:
        _show_content(home, wanted, person, password, as_json=as_json)
        return
    with reading(_record(home)) as connection:
        found = summaries(connection, reference=wanted)
    if not found:
        raise Refused(NO_SUCH_CASE)
    _print_fields(_summary(found[0]), as_json=as_json)


@cases.command("export")
@click.argument("reference")
@click.option("--as", "person", metavar="ADDRESS", required=True, help="Who exports it; asks for the password.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The zip to write; else REFERENCE.zip here."
)
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(["medical", "pay", "identifiers", "contact"]),
    help="A class of data to leave out; may be given several times. Sealed originals and files then stay behind.",
)
@click.password_option("--password", prompt=False, hide_input=True, help="Better left out: it is asked for.")
@home_option
@json_option
def cases_export(
    reference: str,
    person: str,
    out: Path | None,
    without: tuple[str, ...],
    password: str | None,
    home: Path,
    as_json: bool,
) -> None:
    """One case as a package for an audit or a court, anchored first; `python3 verify.py` inside checks it, offline."""
    from datetime import UTC, datetime

    from cases.audit.anchoring import make
    from cases.errors import Refused
    from cases.exporting.case import Request, export
    from cases.keys.files import KeyFiles
    from cases.model.codes import read_reference
    from cases.privacy.classes import DataClass
    from cases.store.engine import writing
    from cases.store.files import DatabasePieces
    from gateway.message_files import files_in

    wanted, now = read_reference(reference), datetime.now(UTC)
    if not wanted:
        raise Refused(f"“{reference}” is no reference; they look like HR-7K2M-94QX")
    target, engine = out or Path(f"{wanted}.zip"), _record(home)
    if target.exists():
        raise Refused(f"{target} is there already: name another file with --out")
    viewer, vault = signed_in(engine, person, password)
    keys = KeyFiles(home / "keys")
    asked = Request(wanted, viewer, vault, keys.pair("service"), now, frozenset(DataClass(one) for one in without))
    with writing(engine) as connection:
        make(connection, keys.secret("anchor"), by="shell", now=now)
        package = export(connection, asked, DatabasePieces(engine), files_in)
    target.write_bytes(package)
    print_json({"export": str(target), "bytes": len(package)}) if as_json else click.echo(
        f"{target}, {len(package)} bytes"
    )


def signed_in(engine: Any, address: str, password: str | None) -> tuple[Any, Any]:
    """Who looks, and their key pair; asks for a password that was not given.

    Raises `Refused` alike for an unknown address and a wrong password.
    """
    from datetime import UTC, datetime

    from cases.access.training import viewer_of
    from cases.errors import Refused
    from cases.keys.vault import WrongPassword, unwrap_private
    from cases.store import people
    from cases.store.engine import reading

    house = _house(engine)
    typed = password or ask_secret("Password")
    with reading(engine) as connection:
        person = people.find(connection, address)
        if person is None or not person.active:
            raise Refused("that address and password do not belong together")
        try:
            vault = unwrap_private(person.vault_wrapped, typed, person.id)
        except WrongPassword:
            raise Refused("that address and password do not belong together") from None
        return viewer_of(connection, person, house, datetime.now(UTC)), vault


def _show_content(home: Path, reference: str, address: str, password: str | None, *, as_json: bool) -> None:
    from datetime import UTC, datetime

    from cases.keys.files import KeyFiles
    from cases.store.engine import writing
    from cases.store.reading import open_for

    engine = _record(home)
    viewer, vault = signed_in(engine, address, password)
    service = KeyFiles(home / "keys").pair("service")
    with writing(engine) as connection:
        case = open_for(connection, reference, viewer, vault, service, now=datetime.now(UTC))
    shown: dict[str, Any] = _summary(case.summary) | {
        "fired": list(case.decision.fired),
        "messages": [_message(one) for one in case.messages],
    }
    if as_json:
        print_json(shown)
        return
    _print_fields({k: v for k, v in shown.items() if k != "messages"}, as_json=False)
    for one in shown["messages"]:
        click.secho(f"\n{one['number']}. {one['direction']}, {one['at']}, {one['from']}", bold=True)
        click.echo(one["subject"])
        click.echo(one["new_text"])


def _house(engine: Any) -> Any:
    """What the ruleset in force says about who looks."""
    from cases.model.house import House
    from cases.store.engine import reading
    from cases.store.rulesets import published
    from rules import load

    with reading(engine) as connection:
        text = published(connection)
    return load(text).house if text else House()


def _record(home: Path) -> Any:
    from cases.store.engine import open_database
    from gateway.settings import Everything, load, must_exist

    return open_database(load(Everything, must_exist(home)).record_url, schema="heed_record")


def _summary(one: Any) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "received_at": one.received_at.isoformat(timespec="seconds"),
        "channel": one.channel,
        "category": one.category,
        "risk": one.risk,
        "access": one.access,
        "status": one.status,
        "team": one.team,
        "owner": one.owner,
        "tags": list(one.tags),
        "messages": one.messages,
        "clocks": {kind: {"state": state, "due": due.isoformat(timespec="seconds")} for kind, state, due in one.clocks},
    }


def _message(one: Any) -> dict[str, Any]:
    said = one.stored.submission
    return {
        "number": one.number,
        "direction": one.direction,
        "at": one.at.isoformat(timespec="seconds"),
        "from": one.author or said.sender.address,
        "subject": said.subject,
        "new_text": said.new_text,
        "text": said.text,
        "attachments": [{"filename": a.filename, "size": a.size} for a in said.attachments],
    }


def _print_fields(row: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        if name == "clocks":
            for kind, clock in value.items():
                click.echo(f"{kind.replace('_', ' '):20} {clock['state']}, due {clock['due']}")
        else:
            click.echo(f"{name.replace('_', ' '):20} {', '.join(value) if isinstance(value, list) else value}")
