"""`heed cases`: metadata for the operator, content for those who may."""

from pathlib import Path
from typing import Any

import click

from gateway.options import FriendlyGroup, home_option, json_option, print_json


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
    for heading in ("Reference", "Received (UTC)", "Risk", "Access", "Status"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Category", "Owner"):  # a narrow window shortens these, and keeps a case on one line
        table.add_column(heading, overflow="ellipsis")
    for row in rows:
        received = row["received_at"][:16].replace("T", " ")
        named = (str(row[n]) for n in ("risk", "access", "status", "category", "owner"))
        table.add_row(row["reference"], received, *named)
    Console().print(table)


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
        _show_content(
            home, wanted, person, password or click.prompt("Password", hide_input=True, err=True), as_json=as_json
        )
        return
    with reading(_record(home)) as connection:
        found = summaries(connection, reference=wanted)
    if not found:
        raise Refused(NO_SUCH_CASE)
    _print_fields(_summary(found[0]), as_json=as_json)


def _show_content(home: Path, reference: str, address: str, password: str, *, as_json: bool) -> None:
    from datetime import UTC, datetime

    from cases.access.training import viewer_of
    from cases.errors import Refused
    from cases.keys.files import KeyFiles
    from cases.keys.vault import unwrap_private
    from cases.store import people
    from cases.store.engine import reading, writing
    from cases.store.reading import open_for

    engine = _record(home)
    with reading(engine) as connection:
        person = people.find(connection, address)
    if person is None or not person.active:
        raise Refused("that address and password do not belong together")
    vault = unwrap_private(person.vault_wrapped, password, person.id)
    service = KeyFiles(home / "keys").pair("service")
    teams, training = _teams(engine)
    now = datetime.now(UTC)
    with writing(engine) as connection:
        viewer = viewer_of(connection, person, teams, training, now)
        case = open_for(connection, reference, viewer, vault, service, now=now)
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


def _teams(engine: Any) -> tuple[dict[str, frozenset[str]], dict[Any, str]]:
    """The members of each team, and the training that restricted and sealed cases ask for."""
    from cases.store.engine import reading
    from cases.store.rulesets import published
    from rules import load

    with reading(engine) as connection:
        text = published(connection)
    if text is None:
        return {}, {}
    ruleset = load(text)
    teams = {name: frozenset(one.casefold() for one in team.members) for name, team in ruleset.teams.items()}
    return teams, ruleset.settings.courses


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
