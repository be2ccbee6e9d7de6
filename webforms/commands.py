"""`heed web`: the public site as a process."""

import secrets
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from gateway.options import home_option


@click.command()
@home_option
def web(home: Path) -> None:
    """The public site. Holds the triage public key, the receipt pepper and the form-token key."""
    from cases.keys.files import KeyFiles
    from cases.store.engine import open_database
    from gateway.inbox.inbox import Inbox
    from gateway.logs import configure
    from gateway.serve.ready import announce
    from gateway.settings import WebSlice, load
    from gateway.settings.doors import on_loopback
    from webforms.app import create_app
    from webforms.record import StoredRecord
    from webforms.server import Server
    from webforms.site import Site

    configure()
    settings = load(WebSlice, home)
    keys = KeyFiles(settings.keys_folder)
    inbox = Inbox(
        open_database(settings.inbox_url, schema="heed_inbox", busy_seconds=5),
        keys.public("triage"),
    )
    record = StoredRecord(
        open_database(settings.inbox_url, schema="heed_inbox", busy_seconds=5),
        open_database(settings.record_url, schema="heed_record", busy_seconds=5),
    )
    site = Site(
        inbox=inbox,
        record=record,
        web=settings.web,
        organisation=settings.organisation,
        pepper=keys.secret("receipt"),
        form_key=keys.secret("form"),
        older_peppers=keys.older("receipt"),
        older_form_keys=keys.older("form"),
        now=lambda: datetime.now(UTC),
        random_bits=secrets.randbits,
        home=settings.home,
        anonymous_open=lambda: on_loopback(settings.web, settings.organisation.public_url) or record.guarded(),
    )
    server = Server(create_app(site), settings.web)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    announce(web=server.address)
    server.run()
    server.end()
    inbox.close()
    record.close()
