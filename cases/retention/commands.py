"""`heed retention`: which cases come to their end, and having the workers see to it now."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from gateway.options import FriendlyGroup, home_option, json_option, print_json


@click.group(cls=FriendlyGroup)
def retention() -> None:
    """How long closed cases are kept, as rules.yaml says, and their erasure."""


@retention.command("list")
@home_option
@json_option
def retention_list(home: Path, as_json: bool) -> None:
    """Every closed case with an end, soonest first: when, and what it waits for."""
    _, found = _look(home)
    for one in found:
        _show(one, as_json=as_json)
    if not found and not as_json:
        click.echo("No closed case has an end.")


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@home_option
@json_option
def retention_run(dry_run: bool, home: Path, as_json: bool) -> None:
    """Look now instead of at night: who is due is warned about or erased by the running workers, within seconds.

    Nothing is erased that was not warned about `keeping.warn_days` before, or that a legal hold keeps.
    """
    from cases.retention.erasing import undone_until
    from cases.retention.expiring import State
    from cases.store.engine import reading, writing
    from cases.store.outbox import promise_to_attend

    engine, found = _look(home)
    due = [one for one in found if one.state in {State.WARN, State.ERASE}]
    now = datetime.now(UTC)
    with reading(engine) as connection:
        until = undone_until(connection, now)
    for one in due:
        _show(one, as_json=as_json)
    if not dry_run:
        with writing(engine) as connection:
            promise_to_attend(connection, [(one.key(f"{now:%Y%m%d%H%M%S}"), one.case_id, False) for one in due], now)
    if as_json:
        return
    erased = sum(one.state is State.ERASE for one in due)
    would = "would be" if dry_run else "are"
    click.echo(f"{erased} {would} erased, {len(due) - erased} {would} warned about.")
    if until is not None:
        click.echo(
            f"What is erased now could come back from a backup until {until:%Y-%m-%d}, when the last one expires."
        )


def _look(home: Path) -> tuple[Any, list[Any]]:
    from cases.errors import Refused
    from cases.keys.files import KeyFiles
    from cases.retention.expiring import every
    from cases.store.engine import open_database, reading
    from cases.store.rulesets import published
    from gateway.settings import Everything, load, must_exist
    from rules import load as load_rules
    from rules.keeping import keeping_of

    settings = load(Everything, must_exist(home))
    engine = open_database(settings.record_url, schema="heed_record")
    service = KeyFiles(settings.keys_folder).pair("service")
    with reading(engine) as connection:
        text = published(connection)
        if text is None:
            raise Refused("no ruleset is published: start `heed serve` once")
        warn = timedelta(days=settings.keeping.warn_days)
        found = every(connection, service, keeping_of(load_rules(text)), now=datetime.now(UTC), warn=warn)
    return engine, found


def _show(one: Any, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "reference": one.reference,
                "category": one.category,
                "outcome": one.outcome,
                "closed_at": one.closed_at.isoformat(timespec="seconds"),
                "due_at": one.due_at.isoformat(timespec="seconds"),
                "state": one.state.value,
            }
        )
        return
    click.echo(f"{one.reference}  {one.due_at:%Y-%m-%d}  {WORDS[one.state.value]:24} {one.category}")


WORDS = {
    "kept": "kept until then",
    "held": "kept by a legal hold",
    "warn": "its lead is to be told",
    "warned": "its lead was told",
    "erase": "its time is over",
}
