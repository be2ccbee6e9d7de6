"""The SMTP door: checks policy, seals what it is handed, answers 250 when it is on disk."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from cases.errors import TryLater
from cases.model.words import Channel
from gateway.inbox.envelope import Delivery
from gateway.inbox.inbox import Inbox

log = logging.getLogger("heed.smtp")

TOKEN_PREFIXES = ("bounce",)

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose mail is taken, from where, how much."""

    aliases: frozenset[str]
    networks: tuple[Network, ...]
    max_bytes: int

    @classmethod
    def of(cls, aliases: tuple[str, ...], networks: tuple[str, ...], max_bytes: int) -> "Policy":
        """A policy from settings; addresses are compared without case."""
        return cls(frozenset(a.casefold() for a in aliases), tuple(ip_network(n) for n in networks), max_bytes)

    def takes(self, recipient: str) -> bool:
        """Whether a recipient is ours: an alias, an alias with a token (`hr+TOKEN@`), or `bounce+TOKEN@` of its domain."""
        local, _, domain = recipient.strip("<>").casefold().rpartition("@")
        plain, plus, _token = local.partition("+")
        if f"{plain}@{domain}" in self.aliases:
            return True
        return bool(plus) and plain in TOKEN_PREFIXES and any(a.endswith("@" + domain) for a in self.aliases)

    def admits(self, peer: str) -> bool:
        """Whether a peer's address is in a configured network."""
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        return any(address in network for network in self.networks)


class Door:
    """aiosmtpd's handler. Nothing between the socket and the disk can go wrong but size, policy and the database."""

    def __init__(self, inbox: Inbox, policy: Policy) -> None:
        self._inbox = inbox
        self._policy = policy

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept configured aliases and token addresses only, from configured networks only."""
        if not self._policy.admits(_peer(session)):
            return "550 5.7.1 Mail is not taken from this address"
        if not self._policy.takes(address):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Seal, store, and answer 250 once it is synced; 451 when the inbox cannot store now."""
        delivery = Delivery(
            channel=Channel.MAIL,
            raw=bytes(envelope.original_content or b""),
            envelope_sender=envelope.mail_from or "<>",
            envelope_recipients=tuple(envelope.rcpt_tos),
            peer=_peer(session),
            helo=str(session.host_name or ""),
        )
        try:
            reference = await asyncio.wrap_future(self._inbox.put(delivery))
        except TryLater as error:
            log.error("not stored: %s", error)  # noqa: TRY400  the error quotes nothing, its trace might
            return "451 4.3.0 Your message could not be stored just now, please send it again"
        return f"250 2.0.0 Stored as {reference}"

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is temporary for the sender, and none of its text leaves this machine."""
        log.error("fault at the door: %s", type(error).__name__)
        return "451 4.3.0 Something went wrong here, please send it again"


class DoorProtocol(SMTP):
    """aiosmtpd's protocol with real mail's line lengths, and a bound on connections."""

    open_now = 0

    def __init__(self, door: Door, most: int, *, data_size_limit: int) -> None:
        # RFC 5321 4.5.3.1.6 says 1000 octets; real mail has longer lines, and only its size may refuse it.
        self.line_length_limit = data_size_limit + 1024
        super().__init__(
            door, data_size_limit=data_size_limit, enable_SMTPUTF8=True, hostname="heed", ident="Heed", timeout=300
        )
        self._most = most

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Tell one too many to come back later."""
        if DoorProtocol.open_now >= self._most and isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too many connections, please come back\r\n")
            transport.close()
            return
        DoorProtocol.open_now += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """One more may come."""
        if self.transport is not None:
            DoorProtocol.open_now -= 1
            super().connection_lost(error)


async def listen(
    inbox: Inbox, policy: Policy, *, host: str, port: int, most: int, ready: Callable[[str, int], None]
) -> Any:
    """Open the door; calls `ready` with the address bound, and returns asyncio's server."""
    door = Door(inbox, policy)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: DoorProtocol(door, most, data_size_limit=policy.max_bytes), host=host, port=port
    )
    bound = server.sockets[0].getsockname()
    ready(bound[0], bound[1])
    return server


def _peer(session: Session) -> str:
    return str(session.peer[0]) if isinstance(session.peer, tuple) else ""
