"""`heed api-token`: who may call the intake API."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.options import FriendlyGroup, home_option, json_option, print_json


@click.group("api-token", cls=FriendlyGroup)
def api_token() -> None:
    """Tokens of the intake API: for an HRIS, a portal, a chat bot."""


@api_token.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="submit or read; may be given twice.")
@home_option
@json_option
def add(name: str, scopes: tuple[str, ...], home: Path, as_json: bool) -> None:
    """Make a token. Its letters are shown once and stored as a hash only."""
    from cases.store import api_tokens
    from cases.store.engine import writing

    with writing(_record(home)) as connection:
        letters = api_tokens.make(connection, name, scopes, datetime.now(UTC))
    if as_json:
        print_json({"name": name, "token": letters, "scopes": list(scopes)})
    else:
        click.echo(f"{letters}\nKeep it now: it is shown this once.")


@api_token.command("list")
@home_option
@json_option
def show(home: Path, as_json: bool) -> None:
    """Every token, without its letters."""
    from cases.store import api_tokens
    from cases.store.engine import reading

    with reading(_record(home)) as connection:
        found = api_tokens.everyone(connection)
    for one in found:
        row = {"name": one.name, "scopes": sorted(one.scopes), "made": one.created_at, "revoked": one.revoked_at}
        if as_json:
            print_json(row)
        else:
            state = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else "in force"
            click.echo(f"{one.name}: {', '.join(sorted(one.scopes))}, made {one.created_at:%Y-%m-%d}, {state}")


@api_token.command("revoke")
@click.argument("name")
@home_option
@json_option
def revoke(name: str, home: Path, as_json: bool) -> None:
    """Take a token out of force, at once and for good."""
    from cases.store import api_tokens
    from cases.store.engine import writing

    with writing(_record(home)) as connection:
        api_tokens.revoke(connection, name, now := datetime.now(UTC))
    print_json({"name": name, "revoked": now}) if as_json else click.echo(f"{name} opens nothing any more.")


def _record(home: Path) -> Any:
    from cases.store.engine import open_database
    from gateway.settings import Everything, load, must_exist

    return open_database(load(Everything, must_exist(home)).record_url, schema="heed_record")
