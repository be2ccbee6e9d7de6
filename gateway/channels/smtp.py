"""The SMTP door: checks policy, seals what it is handed, answers 250 when it is on disk."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from cases.errors import TryLater
from cases.model.words import Channel
from gateway.channels.answers import Answers
from gateway.channels.protocol import DoorProtocol
from gateway.inbox.envelope import Delivery
from gateway.inbox.inbox import Inbox

log = logging.getLogger("heed.smtp")

LOOK_EVERY = 60.0
LOOK_AGAIN_AFTER = 2.0
"""Seconds between two looks at the ruleset's aliases: at most, and at least."""

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


class Aliases:
    """Whose mail is taken at the moment: the policy's aliases, and those of the published ruleset.

    `look` reads the latter; it is asked once a minute, and sooner where a recipient is unknown.
    """

    def __init__(self, policy: Policy, look: Callable[[], frozenset[str]], clock: Callable[[], float]) -> None:
        self._configured = self._policy = policy
        self._look = look
        self._clock = clock
        self._looked = float("-inf")

    async def takes(self, recipient: str) -> bool:
        """Whether a recipient is ours. Raises `TryLater` when that cannot be told now."""
        known = self._policy.takes(recipient)
        if not known or self._clock() - self._looked > LOOK_EVERY:
            try:
                await self._look_again()
            except TryLater:
                if not known:
                    raise
                return True
        return self._policy.takes(recipient)

    async def _look_again(self) -> None:
        if self._clock() - self._looked < LOOK_AGAIN_AFTER:
            return
        found = await asyncio.get_running_loop().run_in_executor(None, self._look)
        self._looked = self._clock()
        self._policy = replace(self._configured, aliases=self._configured.aliases | found)


class Door:
    """aiosmtpd's handler. Nothing between the socket and the disk can go wrong but size, policy and the database."""

    def __init__(self, inbox: Inbox, policy: Policy, aliases: Aliases, answers: Answers) -> None:
        self._inbox = inbox
        self._policy = policy
        self._aliases = aliases
        self._answers = answers

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept configured aliases and token addresses only, from configured networks only."""
        if not self._policy.admits(_peer(session)):
            return "550 5.7.1 Mail is not taken from this address"
        try:
            taken = await self._aliases.takes(address)
        except TryLater as error:
            log.error("recipients cannot be told: %s", error)  # noqa: TRY400  the error quotes nothing
            return "451 4.3.0 Whose address this is cannot be told just now, please send it again"
        if not taken:
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
            reference = await self._answers.wait(self._inbox.put(delivery))
        except TryLater as error:
            log.error("not stored: %s", error)  # noqa: TRY400  the error quotes nothing, its trace might
            return "451 4.3.0 Your message could not be stored just now, please send it again"
        return f"250 2.0.0 Stored as {reference}"

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is temporary for the sender, and none of its text leaves this machine."""
        log.error("fault at the door: %s", type(error).__name__)
        return "451 4.3.0 Something went wrong here, please send it again"


async def listen(
    inbox: Inbox,
    policy: Policy,
    look: Callable[[], frozenset[str]],
    *,
    host: str,
    port: int,
    most: int,
    ready: Callable[[str, int], None],
) -> Any:
    """Open the door; calls `ready` with the address bound, and returns asyncio's server.

    `look` gives further aliases, whenever it is asked.
    """
    loop = asyncio.get_running_loop()
    door = Door(inbox, policy, Aliases(policy, look, time.monotonic), Answers(loop))
    server = await loop.create_server(
        lambda: DoorProtocol(door, most, data_size_limit=policy.max_bytes), host=host, port=port
    )
    bound = server.sockets[0].getsockname()
    ready(bound[0], bound[1])
    return server


def _peer(session: Session) -> str:
    return str(session.peer[0]) if isinstance(session.peer, tuple) else ""
