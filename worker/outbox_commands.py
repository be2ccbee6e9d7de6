"""`heed outbox`: effects that were given up, with the cause, and trying them again."""

from pathlib import Path

import click

from gateway.options import FriendlyGroup, home_option, json_option, print_json


@click.group(cls=FriendlyGroup)
def outbox() -> None:
    """Promised mail and other effects that were given up: kept, with the cause, until they are retried."""


@outbox.command("list")
@home_option
@json_option
def outbox_list(home: Path, as_json: bool) -> None:
    """All blocked effects, the newest first; metadata only."""
    from rich.console import Console
    from rich.table import Table

    from cases.store import outbox as store
    from cases.store.engine import open_database, reading
    from gateway.settings import RelaySlice, load, must_exist

    settings = load(RelaySlice, must_exist(home))
    with reading(open_database(settings.record_url, schema="heed_record")) as connection:
        found = store.blocked(connection)
    if as_json:
        for one in found:
            at = one.blocked_at.isoformat(timespec="seconds") if one.blocked_at else ""
            print_json(
                {"id": one.id, "reference": one.reference, "kind": one.kind, "blocked_at": at, "attempts": one.attempts,
                 "error": one.error, "may_retry": one.may_retry}
            )  # fmt: skip
        return
    if not found:
        click.echo("Nothing is blocked.")
        return
    table = Table("Id", "Case", "Kind", "Blocked (UTC)", "Attempts", "Why", box=None)
    for one in found:
        at = f"{one.blocked_at:%Y-%m-%d %H:%M}" if one.blocked_at else ""
        why = one.error if one.may_retry else f"{one.error}; nothing of it was kept to retry"
        table.add_row(one.id, one.reference, one.kind, at, str(one.attempts), why)
    Console().print(table)


@outbox.command("retry")
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Retry all of them.")
@home_option
@json_option
def outbox_retry(ids: tuple[str, ...], everything: bool, home: Path, as_json: bool) -> None:
    """Try blocked effects once more, from the beginning."""
    from datetime import UTC, datetime

    from cases.audit.chain import DEPLOYMENT
    from cases.audit.trail import NewEvent, append
    from cases.errors import Refused
    from cases.store import outbox as store
    from cases.store.engine import open_database, writing
    from gateway.settings import RelaySlice, load, must_exist

    if bool(ids) == everything:
        raise click.UsageError("name ids, or say --all")
    settings, now = load(RelaySlice, must_exist(home)), datetime.now(UTC)
    with writing(open_database(settings.record_url, schema="heed_record")) as connection:
        tried = store.retry(connection, now, ids)
        if unknown := sorted(set(ids) - set(tried)):
            raise Refused(f"{unknown[0]} is not blocked, or nothing of it was kept; `heed outbox list` shows all")
        if tried:
            append(connection, [NewEvent(DEPLOYMENT, "effects.retried", "operator", now, {"entries": list(tried)})])
    if as_json:
        print_json({"retried": tried})
        return
    click.echo(f"{len(tried)} tried again." if tried else "Nothing is blocked.")
