"""`heed console`: the staff site as a process."""

import secrets
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from gateway.options import home_option


@click.command()
@home_option
def console(home: Path) -> None:
    """The staff site. Holds the service and index keys, and a person's vault key while they are signed in."""
    from waitress import create_server  # type: ignore[import-untyped]  # carries no types

    from cases.keys.files import KeyFiles
    from cases.store.engine import open_database
    from console.app import create_app
    from console.desk import Desk
    from gateway.inbox.inbox import Inbox
    from gateway.logs import configure, silence
    from gateway.serve.ready import announce
    from gateway.settings import ConsoleSlice, load
    from webforms.forms import known_fields

    configure()
    settings = load(ConsoleSlice, home)
    keys = KeyFiles(settings.keys_folder)
    door = Inbox(open_database(settings.inbox_url, schema="heed_inbox", busy_seconds=5), keys.public("triage"))
    desk = Desk(
        record=open_database(settings.record_url, schema="heed_record", busy_seconds=5),
        inbox=open_database(settings.inbox_url, schema="heed_inbox", busy_seconds=5),
        door=door,
        service=keys.pair("service"),
        index=keys.secret("index"),
        console=settings.console,
        oidc=settings.oidc,
        warn_days=settings.keeping.warn_days,
        organisation=settings.organisation,
        now=lambda: datetime.now(UTC),
        random_bytes=secrets.token_bytes,
        home=settings.home,
        fields=known_fields(),
    )
    silence()
    server = create_server(
        create_app(desk),
        host=settings.console.host,
        port=settings.console.port,
        threads=settings.console.threads,
        ident=None,
        clear_untrusted_proxy_headers=True,
        max_request_body_size=16 * 1024 * 1024,
        inbuf_overflow=17 * 1024 * 1024,
        outbuf_overflow=64 * 1024 * 1024,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    host = f"[{settings.console.host}]" if ":" in settings.console.host else settings.console.host
    announce(console=f"{host}:{server.effective_port}")
    server.run()
    server.close()
    door.close()
    desk.record.dispose()
    desk.inbox.dispose()
