"""`heed smtp` and `heed imap`: the mail doors as processes."""

import asyncio
import logging
import signal
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cases.errors import Refused
from gateway.options import FriendlyGroup, counted, home_option, json_option, print_json

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from gateway.channels.imap.keeping import Refetched
    from gateway.inbox.inbox import Inbox
    from gateway.settings import ImapSlice


@click.command()
@home_option
def smtp(home: Path) -> None:
    """The SMTP door. Holds the triage public key and the inbox, nothing else."""
    from cases.keys.files import KeyFiles
    from cases.store.engine import open_database, reading
    from gateway.channels.protocol import DoorProtocol
    from gateway.channels.smtp import Policy, listen
    from gateway.inbox import accepted
    from gateway.inbox.inbox import Inbox
    from gateway.logs import configure
    from gateway.serve.ready import announce
    from gateway.settings import SmtpSlice, load

    configure()
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's own log quotes addresses and commands
    settings = load(SmtpSlice, home)
    engine = open_database(settings.inbox_url, schema="heed_inbox", busy_seconds=5)
    inbox = Inbox(engine, KeyFiles(settings.keys_folder).public("triage"), on_their_way=lambda: DoorProtocol.open_now)

    def look() -> frozenset[str]:
        with reading(engine) as connection:
            return accepted.listed(connection)

    aliases = (settings.organisation.hr_address, *settings.mail.aliases)
    policy = Policy.of(aliases, settings.smtp.networks, settings.smtp.max_bytes)

    async def run() -> None:
        server = await listen(
            inbox,
            policy,
            look,
            host=settings.smtp.host,
            port=settings.smtp.port,
            most=settings.smtp.max_connections,
            ready=lambda host, port: announce(smtp=f"{host}:{port}"),
        )
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, ended.set)
        await ended.wait()
        server.close()

    asyncio.run(run())
    inbox.close()


@click.group(cls=FriendlyGroup, invoke_without_command=True)
@home_option
@click.pass_context
def imap(context: click.Context, home: Path) -> None:
    """The mailbox door. Holds the triage public key, the mailboxes' credentials and the inbox, nothing else."""
    if context.invoked_subcommand is None:
        _fetch_for_ever(home)


@imap.command()
@click.option(
    "--since", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day, as in 2026-03-31."
)
@click.option("--mailbox", "wanted", multiple=True, metavar="NAME", help="Only this mailbox; may be repeated.")
@home_option
@json_option
def refetch(since: datetime, wanted: tuple[str, ...], home: Path, as_json: bool) -> None:
    """After a restore: bring back what done and held folders have had since DATE; what Heed has stays one case."""
    from gateway.channels.imap.session import FAULTS, words_for
    from gateway.settings import ImapSlice, load, must_exist

    settings = load(ImapSlice, must_exist(home))
    today = datetime.now(UTC).date()
    if since.date() > today:
        raise click.UsageError("--since lies in the future")
    failed = []
    for name in wanted or tuple(settings.imap.mailboxes):
        try:
            found = _refetched(name, settings, since.date(), today)
        except FAULTS as error:
            failed.append(f"{name}: {words_for(error)}")
            continue
        for one in found:
            if as_json:
                print_json({"mailbox": name, "folder": one.folder, "stored": one.stored, "left": one.left})
            else:
                click.echo(
                    f"{name}: {counted(one.stored, 'mail')} of {one.folder} put in the inbox again, {one.left} left"
                )
    if failed:
        raise Refused("; ".join(failed))


def _refetched(name: str, settings: "ImapSlice", since: date, today: date) -> "list[Refetched]":
    from cases.store.engine import writing
    from gateway.channels.imap.door import door_of
    from gateway.channels.imap.folders import find_folders
    from gateway.channels.imap.keeping import refetch as read_again
    from gateway.channels.imap.session import connect
    from gateway.inbox import mailboxes

    inbox, states = _open_inbox(settings)
    try:
        door = door_of(name, settings, inbox, states)
        with writing(states) as connection:
            fetcher = door.fetcher(mailboxes.salt_of(connection, name))
        session = connect(door.mailbox, door.tokens, settings.imap.timeout)
        try:
            folders = find_folders(session, door.mailbox)
            return list(read_again(session, fetcher, folders, since, f"{since} {today}"))
        finally:
            session.close()
    finally:
        inbox.close()
        states.dispose()


def _fetch_for_ever(home: Path) -> None:
    from gateway.channels.imap.door import door_of
    from gateway.logs import configure
    from gateway.serve.ready import announce
    from gateway.settings import ImapSlice, load

    configure()
    settings = load(ImapSlice, home)
    if not settings.imap.mailboxes:
        raise Refused("no mailbox is configured: add a table [imap.mailboxes.NAME] to heed.toml")
    inbox, states = _open_inbox(settings)
    doors = [door_of(name, settings, inbox, states) for name in settings.imap.mailboxes]
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    signal.signal(signal.SIGINT, lambda _number, _frame: ended.set())
    threads = [threading.Thread(target=door.run, name=f"imap-{door.name}", daemon=True) for door in doors]
    for thread in threads:
        thread.start()
    announce(imap=len(doors))
    ended.wait()
    for door in doors:
        door.end()
    for thread in threads:
        thread.join(timeout=2.0 / len(threads))
    inbox.close()


def _open_inbox(settings: "ImapSlice") -> "tuple[Inbox, Engine]":
    """The write-only end of the inbox, and the same database for what is known of the mailboxes."""
    from cases.keys.files import KeyFiles
    from cases.store.engine import open_database
    from gateway.inbox.inbox import Inbox

    public = KeyFiles(settings.keys_folder).public("triage")
    inbox = Inbox(open_database(settings.inbox_url, schema="heed_inbox", busy_seconds=5), public)
    return inbox, open_database(settings.inbox_url, schema="heed_inbox", busy_seconds=5)
