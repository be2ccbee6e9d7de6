"""`heed backup` and `heed restore`."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.options import ask_secret, home_option, json_option, print_json

PASSPHRASE = "HEED_BACKUP_PASSPHRASE"  # noqa: S105  a variable's name


def _passphrase_options(command: Any) -> Any:
    return click.option(
        "--passphrase-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=f"Where the passphrase is; else the variable {PASSPHRASE}, else it is asked for.",
    )(command)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keys-to",
    type=click.Path(file_okay=False, path_type=Path),
    help="Another folder, on another disk, for the sealed keys; else they lie beside the databases.",
)
@_passphrase_options
@home_option
@json_option
def backup(folder: Path, keys_to: Path | None, passphrase_file: Path | None, home: Path, as_json: bool) -> None:
    """Copy everything into a new folder inside FOLDER, while Heed runs; older ones there are destroyed when their time is over.

    Keys, settings and rules are sealed by a passphrase, in a file of their own: without it the copies of the databases open
    for nobody, and with it alone neither. Lose it, and the backup is worth nothing.
    """
    from cases.backup import known
    from cases.backup.archive import make, prune, read_manifest
    from cases.store.engine import open_database, writing
    from gateway.settings import Everything, load, must_exist

    settings = load(Everything, must_exist(home))
    folder, now = folder.resolve(), datetime.now(UTC)
    if folder.is_relative_to(settings.home):
        raise click.UsageError("the backup would lie in the home that it is of; name a folder elsewhere")
    keys_folder = keys_to.resolve() if keys_to else folder
    passphrase = _passphrase(passphrase_file, confirm=True)
    days = settings.keeping.backup_days
    made = make(folder, keys_folder, settings.home, _stores(settings), passphrase, now=now, days=days)
    manifest = read_manifest(made)
    with writing(open_database(settings.record_url, schema="heed_record")) as connection:
        known.note(connection, manifest.made, manifest.expires, now=now)
    gone = prune(folder, keys_folder, now)
    if as_json:
        print_json({"backup": str(made), "expires_at": manifest.expires_at, "destroyed": gone})
        return
    click.echo(f"{made}\nis destroyed by the first `heed backup` after {manifest.expires:%Y-%m-%d}.")
    if gone:
        click.echo(f"Destroyed, as their time was over: {', '.join(gone)}")


@click.command()
@click.argument("made", metavar="BACKUP", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The sealed keys, where they were kept apart.",
)
@_passphrase_options
@home_option
@json_option
def restore(made: Path, keys_file: Path | None, passphrase_file: Path | None, home: Path, as_json: bool) -> None:
    """Put a backup into a new home, on this machine or another. An existing home is never touched."""
    from cases.backup.archive import KEYS, read_manifest
    from cases.backup.copying import copy_in, is_empty, suffix
    from cases.backup.sealing import unseal_home
    from cases.errors import Refused
    from cases.store.engine import open_database
    from gateway.settings import Everything, load

    if home.exists() and any(home.iterdir()):
        raise Refused(f"{home} is not empty: restore into a new home, `--home ANOTHER`")
    manifest = read_manifest(made)
    sealed = keys_file or made / KEYS
    if not sealed.is_file():
        raise Refused("the keys of this backup were kept apart: name their file with --keys")
    unseal_home(sealed.read_bytes(), _passphrase(passphrase_file, confirm=False), home)
    settings = load(Everything, home)
    for store in _stores(settings):
        source, engine = made / f"{store.name}.{suffix(store.url)}", open_database(store.url, schema=store.schema)
        if not source.is_file():
            raise Refused(f"the backup has no {source.name}: its settings name another kind of database")
        if not is_empty(engine, store.schema):
            raise Refused(f"the {store.name}'s database is not empty: make a new one, and name it in heed.toml")
        engine.dispose()
        copy_in(source, store.url, store.schema)
    _settle(settings, manifest)
    if as_json:
        print_json({"home": str(home), "made_at": manifest.at})
        return
    click.echo(f"Restored to {home}, as of {manifest.made:%Y-%m-%d %H:%M} UTC. `heed serve --home {home}` starts it.")
    day = f"{manifest.made:%Y-%m-%d}"
    click.echo(f"What came in since then: `heed imap refetch --since {day}` brings mail back from its mailboxes.")
    click.echo(
        "Cases erased since then are erased again within a day of starting; check the trail with `heed audit verify`."
    )


def _settle(settings: Any, manifest: Any) -> None:
    """The newest schema, the backup known to the record it is of, and the fact in the trail."""
    from cases.audit.chain import DEPLOYMENT
    from cases.audit.trail import NewEvent, append
    from cases.backup import known
    from cases.store import migrate
    from cases.store.engine import open_database, writing

    now = datetime.now(UTC)
    record = open_database(settings.record_url, schema="heed_record")
    migrate.upgrade(record, schema="heed_record")
    with writing(record) as connection:
        known.note(connection, manifest.made, manifest.expires, now=now)
        append(connection, [NewEvent(DEPLOYMENT, "record.restored", "shell", now, {"of": manifest.at})])
    record.dispose()


def _stores(settings: Any) -> Any:
    from cases.backup.archive import Store

    return (
        Store("inbox", settings.inbox_url, "heed_inbox"),
        Store("record", settings.record_url, "heed_record"),
    )


def _passphrase(file: Path | None, *, confirm: bool) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    if given := os.environ.get(PASSPHRASE):
        return given
    return ask_secret("Passphrase of the backup's keys", confirm=confirm)
