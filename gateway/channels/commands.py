"""`heed smtp`: the mail door as a process."""

import asyncio
import logging
import signal
from pathlib import Path

import click

from gateway.options import home_option


@click.command()
@home_option
def smtp(home: Path) -> None:
    """The SMTP door. Holds the triage public key and the inbox, nothing else."""
    from cases.keys.files import KeyFiles
    from cases.store.engine import open_database
    from gateway.channels.protocol import DoorProtocol
    from gateway.channels.smtp import Policy, listen
    from gateway.inbox.inbox import Inbox
    from gateway.logs import configure
    from gateway.serve.ready import announce
    from gateway.settings import SmtpSlice, load

    configure()
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's own log quotes addresses and commands
    settings = load(SmtpSlice, home)
    inbox = Inbox(
        open_database(settings.inbox_url, schema="heed_inbox", busy_seconds=5),
        KeyFiles(settings.keys_folder).public("triage"),
        on_their_way=lambda: DoorProtocol.open_now,
    )
    aliases = (settings.organisation.hr_address, *settings.mail.aliases)
    policy = Policy.of(aliases, settings.smtp.networks, settings.smtp.max_bytes)

    async def run() -> None:
        server = await listen(
            inbox,
            policy,
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
