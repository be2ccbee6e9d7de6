"""`heed keys`: what there is, rotation while everything runs, and the offline recovery key."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.options import FriendlyGroup, ask_secret, counted, home_option, json_option, print_json


@click.group(cls=FriendlyGroup)
def keys() -> None:
    """The machine's keys, and the offline recovery key. People's own keys are under `heed staff`."""


@keys.command("list")
@home_option
@json_option
def keys_list(home: Path, as_json: bool) -> None:
    """Every key, its number, and how much still needs an older one."""
    from cases.keys.files import NAMES

    files, settings = _files(home)
    for name in NAMES:
        left = _left(settings, name, files) if files.older(name) else 0
        fact = {"key": name, "number": files.number(name), "older": len(files.older(name)), "waiting": left}
        if as_json:
            print_json(fact)
            continue
        old = f", {fact['older']} older kept to read" if fact["older"] else ""
        click.echo(f"{name:8} number {fact['number']}{old}{f', {left} values to box anew' if left else ''}")


@keys.command("rotate")
@click.argument("name")
@home_option
@json_option
def keys_rotate(name: str, home: Path, as_json: bool) -> None:
    """Put a new key in use (triage, service, token, receipt, form, anchor) while everything runs.

    `heed serve` starts those of its processes anew that hold it; where you run processes apart, restart them. What is sealed
    to the old key is boxed anew, in small steps; after an interruption `heed keys rewrap` goes on.
    """
    from cases.keys import rotation
    from cases.keys.files import HOLDERS
    from cases.store.engine import writing

    files, settings = _files(home)
    number = files.next_number(name)
    with writing(_record(settings)) as connection:  # first: who meets the new key looks here whether there is one
        rotation.note(connection, "key.rotated", name, number, "shell", datetime.now(UTC))
    files.rotate(name)
    done = _rewrap(settings, name, files, quiet=as_json)
    if as_json:
        print_json({"key": name, "number": number, "rewrapped": done, "restart": list(HOLDERS[name])})
        return
    click.echo(f"{name} key number {number} is in use; the one before is kept to read with.")
    click.echo(f"heed serve restarts {', '.join(HOLDERS[name])} now. Processes that run apart: restart them yourself.")
    if "console" in HOLDERS[name]:
        click.echo("Staff sign in again: their own keys live in the console's memory.")


@keys.command("rewrap")
@home_option
@json_option
def keys_rewrap(home: Path, as_json: bool) -> None:
    """Box anew whatever is still sealed to an older key; safe to run, and to interrupt, at any time."""
    files, settings = _files(home)
    for name in ("triage", "service"):
        done = _rewrap(settings, name, files, quiet=as_json)
        if as_json:
            print_json({"key": name, "rewrapped": done})
        else:
            click.echo(f"{name}: {done} boxed anew")


@keys.command("forget")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
@json_option
def keys_forget(name: str, yes: bool, home: Path, as_json: bool) -> None:
    """Destroy the older keys of a name. Refused while anything is known to need them; what that cannot tell is said."""
    from cases.errors import Refused
    from cases.keys import rotation
    from cases.store.engine import writing

    files, settings = _files(home)
    if not files.older(name):
        raise Refused(f"there is no older {name} key")
    _refuse_while_needed(settings, name, files)
    if not yes:
        click.confirm(f"{LOST[name]} Destroy it?", abort=True, err=True)
        _refuse_while_needed(settings, name, files)  # who answers may take their time
    gone = files.forget(name)
    with writing(_record(settings)) as connection:
        rotation.note(connection, "key.forgotten", name, gone, "shell", datetime.now(UTC))
    print_json({"key": name, "forgotten": gone}) if as_json else click.echo(f"{gone} older {name} key destroyed.")


LOST = {
    "triage": "Backups of the inbox from before the rotation can then not be opened.",
    "service": "Backups of the record from before the rotation can then not be read.",
    "token": "Reply addresses signed before the rotation stop working; they live 400 days.",
    "receipt": "Receipts shown before the rotation stop working for ever.",
    "form": "Forms opened before the rotation must be sent again.",
    "anchor": "Anchors signed before the rotation are then not known to be this deployment's.",
}


@keys.command("recovery")
@home_option
@json_option
def keys_recovery(home: Path, as_json: bool) -> None:
    """Make an offline recovery key. It is shown this once; sealed cases that come from now on open with it.

    Write it on paper and lock it away. Whoever holds it, and a copy of the database, reads those cases.
    """
    from cases.keys import recovery
    from cases.keys.sealing import KeyPair
    from cases.store.engine import writing

    _, settings = _files(home)
    pair = KeyPair.generate()
    with writing(_record(settings)) as connection:
        made = recovery.enrol(connection, pair, "shell", datetime.now(UTC))
    text = recovery.written(pair.private)
    if as_json:
        print_json({"id": made.id, "recovery_key": text})
        return
    click.echo(f"Recovery key {made.id}, shown this once and kept nowhere:\n\n    {text}\n")
    click.echo("Sealed cases that come from now on are wrapped to it. `heed keys recover` uses it.")


@keys.command("recover")
@click.argument("address")
@click.option("--case", "reference", default="", metavar="REFERENCE", help="One case that nobody can read any more.")
@home_option
@json_option
def keys_recover(address: str, reference: str, home: Path, as_json: bool) -> None:
    """Give a person back what a reset of their vault lost; asks for the recovery key on the terminal or stdin."""
    from cases.errors import Refused
    from cases.keys import recovery, resets
    from cases.model.codes import read_reference
    from cases.store import people
    from cases.store.engine import writing

    _, settings = _files(home)
    typed = ask_secret("Recovery key")
    pair, now = recovery.read(typed), datetime.now(UTC)
    with writing(_record(settings)) as connection:
        person = people.find(connection, address)
        if person is None or not person.active:
            raise Refused(f"{address} is no member of staff")
        if reference:
            given = resets.recover_case(connection, pair, read_reference(reference), person, "recovery key", now)
        else:
            given = resets.recover(connection, pair, person, "recovery key", now)
    print_json({"address": address, "restored": given}) if as_json else click.echo(
        f"{counted(given, 'key')} given to {address}."
    )


def _files(home: Path) -> tuple[Any, Any]:
    from cases.keys.files import KeyFiles
    from gateway.settings import Everything, load, must_exist

    settings = load(Everything, must_exist(home))
    return KeyFiles(settings.keys_folder), settings


def _record(settings: Any) -> Any:
    from cases.store.engine import open_database

    return open_database(settings.record_url, schema="heed_record")


def _parts(settings: Any, name: str) -> list[tuple[Any, Any]]:
    """Where values sealed to this key lie: database and column."""
    from cases.keys.rotation import SERVICE_PARTS, TRIAGE_PARTS, parts_of
    from cases.store.engine import open_database
    from cases.store.sealed import To
    from gateway.inbox.tables import metadata

    if name == "service":
        record = _record(settings)
        return [(record, part) for part in SERVICE_PARTS]
    if name == "triage":
        inbox = open_database(settings.inbox_url, schema="heed_inbox")
        record = _record(settings)
        return [(inbox, part) for part in parts_of(metadata, To.TRIAGE)] + [(record, part) for part in TRIAGE_PARTS]
    return []


def _left(settings: Any, name: str, files: Any) -> int:
    from cases.keys.rotation import waiting
    from cases.store.engine import reading

    left = 0
    for engine, part in _parts(settings, name):
        with reading(engine) as connection:
            left += waiting(connection, part, files.pair(name))
    return left


def _refuse_while_needed(settings: Any, name: str, files: Any) -> None:
    from cases.errors import Refused

    if left := _left(settings, name, files):
        raise Refused(f"{left} values are still sealed to it: run `heed keys rewrap` first")


def _rewrap(settings: Any, name: str, files: Any, *, quiet: bool) -> int:
    """Box anew, with a bar of progress on the terminal."""
    from rich.console import Console
    from rich.progress import Progress

    from cases.keys.rotation import rebox_part

    done = 0
    with Progress(console=Console(stderr=True), disable=quiet) as progress:
        for engine, part in _parts(settings, name):
            task = progress.add_task(f"{name}: {part.name}", total=_left(settings, name, files) or None)
            done += rebox_part(engine, part, files.pair(name), lambda count, t=task: progress.advance(t, count))  # type: ignore[misc]
    return done
