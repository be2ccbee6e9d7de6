"""`heed directory`: who works here, from a file; and how old what is known is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.options import FriendlyGroup, counted, home_option, json_option, print_json

MOST_SHOWN = 20


@click.group(cls=FriendlyGroup)
def directory() -> None:
    """Who works here: managers, departments, sites, grades; for rules, conflicts of interest and rates."""


@directory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--many-leavers", is_flag=True, help="It is right that more than a fifth of the people are missing.")
@home_option
@json_option
def directory_import(file: Path, dry_run: bool, many_leavers: bool, home: Path, as_json: bool) -> None:
    """Take over a CSV file of everyone who works here. Whoever is missing from it has left.

    The first line names the columns: address (needed), name, nicknames, aliases, manager (an address), department, location,
    country, organisation, grade, job_title, language. Several aliases or nicknames stand between semicolons.
    """
    from cases.directory.importing import compare, take_over
    from cases.directory.reading import read_people
    from cases.errors import Refused
    from cases.leaving import leave
    from cases.store import people
    from cases.store.engine import reading, writing

    found = read_people(file.read_bytes())
    if found.problems:
        _complain(file, found.problems)
        raise Refused(f"{file} was not imported: {counted(len(found.problems), 'problem')}")
    record, office = office_of(home)
    for warning in found.warnings[:MOST_SHOWN]:
        click.echo(f"{file}:{warning} (imported all the same)", err=True)
    handed = []
    if dry_run:
        with reading(record) as connection:
            changes = compare(connection, found.people)
    else:
        now = datetime.now(UTC)
        with writing(record) as connection:
            changes = take_over(connection, found.people, by="shell", now=now, many_leavers=many_leavers)
            gone = {address for one in changes.left for address in (one.address, *one.aliases)}
            staff = [one.address for one in people.everyone(connection) if one.address in gone]
            handed = [leave(connection, address, office, by="shell", now=now) for address in staff]
    _report(changes, handed, len(found.warnings), dry_run=dry_run, as_json=as_json)


def _complain(file: Path, problems: Any) -> None:
    from cases.directory.table import MOST_PROBLEMS

    for problem in problems[:MOST_PROBLEMS]:
        click.echo(f"{file}:{problem}", err=True)
    if len(problems) > MOST_PROBLEMS:
        click.echo(f"… and {len(problems) - MOST_PROBLEMS} more", err=True)


def _report(changes: Any, handed: list[Any], warnings: int, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        counts = {name: len(getattr(changes, name)) for name in ("added", "changed", "left")}
        staff = [{"person": one.person, "reassigned": one.reassigned, "ownerless": one.ownerless} for one in handed]
        print_json({"dry_run": dry_run, "people": changes.people, **counts, "warnings": warnings, "staff_left": staff})
        return
    tense = "would be" if dry_run else "were"
    left, added, changed = len(changes.left), len(changes.added), len(changes.changed)
    click.echo(
        f"{counted(changes.people, 'person', 'people')}: {added} {tense} added, {changed} changed, {left} marked as having left."
    )
    for person in changes.left[:MOST_SHOWN] if dry_run else ():
        click.echo(f"  leaves: {person.address}")
    for one in handed:
        say_handed(one)


def say_handed(handed: Any) -> None:
    """What became of a leaver's cases, in words."""
    click.echo(f"{handed.person} no longer works on cases; {counted(handed.reassigned, 'case')} handed over.")
    if handed.ownerless:
        click.echo(
            f"  {counted(handed.ownerless, 'case')} without an owner now: add somebody who may have it", err=True
        )


@directory.command("status")
@home_option
@json_option
def directory_status(home: Path, as_json: bool) -> None:
    """When the directory was last imported, and how many people it has by department and site."""
    from cases.directory.rates import headcount
    from cases.store.directory import last_import, load
    from cases.store.engine import reading

    record, _ = office_of(home)
    with reading(record) as connection:
        last, known = last_import(connection), load(connection)
    counts = {name: headcount(known.people(), name) for name in ("department", "location")}
    if as_json:
        at = last.at.isoformat(timespec="seconds") if last else None
        print_json({"imported_at": at, "people": last.people if last else 0, **counts})
        return
    if last is None:
        click.echo("No directory yet: heed directory import people.csv")
        return
    click.echo(f"{counted(last.people, 'person', 'people')}, imported {last.at:%Y-%m-%d %H:%M} UTC by {last.by}.")
    for name, groups in counts.items():
        for group, people in sorted(groups.items(), key=lambda one: (-one[1], one[0])):
            click.echo(f"  {name:11} {people:6}  {group or '(unknown)'}")


def office_of(home: Path) -> tuple[Any, Any]:
    """The record, and who could take over a leaver's cases."""
    from cases.keys.files import KeyFiles
    from cases.leaving import Office
    from cases.store.engine import open_database, reading
    from cases.store.rulesets import published
    from gateway.settings import Everything, load, must_exist
    from rules import load as load_rules

    settings = load(Everything, must_exist(home))
    record = open_database(settings.record_url, schema="heed_record")
    with reading(record) as connection:
        text = published(connection)
    teams = load_rules(text).teams if text else {}
    members = {
        name: tuple(one.casefold() for one in (*team.members, team.backup, team.lead) if one)
        for name, team in teams.items()
    }
    keys = KeyFiles(settings.keys_folder)
    return record, Office(members, keys.public("service"), keys.secret("index"))
