"""`heed audit`: check the trail, anchor it, read what happened; no content anywhere."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.options import FriendlyGroup, counted, home_option, json_option, print_json


@click.group(cls=FriendlyGroup)
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@click.option(
    "--anchor",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True),
    help="An anchor that was kept elsewhere, as mailed or printed; may be given several times.",
)
@click.option("--words", is_flag=True, help="Open what the service key opens, and hold it against the trail; audited.")
@home_option
@json_option
def audit_verify(files: tuple[Path, ...], words: bool, home: Path, as_json: bool) -> None:
    """Check every link of every chain, every anchor, every digest; names the first bad one and exits 1."""
    from cases.audit.anchor import read
    from cases.audit.verifying import verify
    from cases.store.engine import reading

    elsewhere = [read(_text(path)) for path in files]
    engine, keys = _record(home), _keys(home)
    service = keys.pair("service") if words else None
    if words:
        _note(engine, "words.verified")
    with reading(engine) as connection:
        found = verify(connection, known=_public(keys), elsewhere=elsewhere, service=service)
    broken = found.broken
    if as_json:
        where = {"stream": broken.stream, "seq": broken.seq, "problem": broken.problem} if broken else None
        counts = {name: getattr(found, name) for name in ("streams", "events", "heads", "anchors")}
        print_json({"ok": broken is None, **counts, "broken": where})
    elif broken is None:
        events, streams = counted(found.events, "event"), counted(found.streams, "stream")
        heads, anchors = counted(found.heads, "head"), counted(found.anchors, "anchor")
        click.echo(f"{events} in {streams}, {heads}, {anchors}: unbroken.")
    if broken is not None:
        if not as_json:
            click.echo(f"Broken at event {broken.seq} of {broken.stream}: {broken.problem}", err=True)
        sys.exit(1)


@audit.command("anchor")
@home_option
@json_option
def audit_anchor(home: Path, as_json: bool) -> None:
    """Sign where the trail stands now. Keep what is printed elsewhere; `heed audit verify --anchor FILE` checks against it."""
    from cases.audit.anchoring import make
    from cases.store.engine import writing

    engine, keys = _record(home), _keys(home)
    with writing(engine) as connection:
        made = make(connection, keys.secret("anchor"), by="shell", now=datetime.now(UTC))
    if as_json:
        print_json({name: str(getattr(made, name)) for name in ("number", "at", "seq", "hash", "key", "signature")})
    else:
        click.echo(made.written(), nl=False)


@audit.command("key")
@home_option
@json_option
def audit_key(home: Path, as_json: bool) -> None:
    """The public key that anchors are signed with, and those before it: give them to whoever checks."""
    for number, public in enumerate(_public(_keys(home))):
        state = "in use" if number == 0 else "before"
        print_json({"key": public, "state": state}) if as_json else click.echo(f"{public}  {state}")


@audit.command("show")
@click.argument("reference", required=False)
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True)
@home_option
@json_option
def audit_show(reference: str | None, limit: int, home: Path, as_json: bool) -> None:
    """The newest events of a case, or without a reference those of the deployment: who did what when, never what was said."""
    from cases.audit.chain import DEPLOYMENT
    from cases.audit.looking import case_stream, newest
    from cases.store.engine import reading

    engine = _record(home)
    with reading(engine) as connection:
        stream = case_stream(connection, reference) if reference else DEPLOYMENT
        events = newest(connection, stream, most=limit)
    for one in events:
        if as_json:
            print_json(
                {"seq": one.seq, "at": one.at.isoformat(), "verb": one.verb, "actor": one.actor, "data": one.data}
            )
        else:
            click.echo(f"{one.seq:>6}  {one.at:%Y-%m-%d %H:%M:%S}  {one.verb:24} {one.actor}  {one.data}")


def _text(path: Path) -> str:
    return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8", errors="replace")


def _note(engine: Any, verb: str) -> None:
    from cases.audit.chain import DEPLOYMENT
    from cases.audit.trail import NewEvent, append
    from cases.store.engine import writing

    with writing(engine) as connection:
        append(connection, [NewEvent(DEPLOYMENT, verb, "shell", datetime.now(UTC), {})])


def _keys(home: Path) -> Any:
    from cases.keys.files import KeyFiles
    from gateway.settings import must_exist

    files = KeyFiles(must_exist(home) / "keys")
    files.create_missing()  # a home from before there were anchors
    return files


def _public(files: Any) -> list[str]:
    from cases.audit.anchor import public_of

    return [public_of(seed) for seed in (files.secret("anchor"), *files.older("anchor"))]


def _record(home: Path) -> Any:
    from cases.store.engine import open_database
    from gateway.settings import Everything, load, must_exist

    return open_database(load(Everything, must_exist(home)).record_url, schema="heed_record")
