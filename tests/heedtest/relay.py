"""A mail relay with TLS and sign-in, as the large providers have it: in a thread of the test, certificate and all."""

import asyncio
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from heedtest.certificates import certify


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that it took."""

    recipient: str
    encrypted: bool
    user: str
    raw: bytes


@dataclass
class Relay:
    """What it took, whom it believes, and what it answers to its next recipients in place of taking them."""

    address: str = ""
    certificate: Path = Path()
    taken: list[Taken] = field(default_factory=list)
    believes: Callable[[str, str], bool] = lambda _user, _secret: True
    refusals: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: Any) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        user = session.auth_data.decode() if session.auth_data else ""
        encrypted = server.transport.get_extra_info("ssl_object") is not None
        raw = bytes(envelope.original_content or b"")
        self.taken += [Taken(to, encrypted, user, raw) for to in envelope.rcpt_tos]
        return "250 OK"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        from base64 import b64decode

        fields = b64decode(args[1]).decode().split("\1")
        user, token = fields[0].removeprefix("user="), fields[1].removeprefix("auth=Bearer ")
        if not self.believes(user, token):
            await server.challenge_auth('{"status":"401"}')
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=user.encode())


@contextmanager
def relay(*, implicit: bool = False) -> Iterator[Relay]:
    """A running relay on a port of its own; `implicit` speaks TLS from the first byte."""
    with tempfile.TemporaryDirectory(prefix="heed-relay-") as folder:
        taker = Relay(certificate=Path(folder) / "ca.pem")
        context = _certified(Path(folder))

        def believed(_server: Any, session: Session, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            assert isinstance(data, LoginPassword)
            good = taker.believes(data.login.decode(), data.password.decode())
            session.auth_data = data.login
            return AuthResult(success=good, handled=good, auth_data=data.login)

        def session() -> SMTP:
            if implicit:
                return SMTP(taker, hostname="relay.example")
            return SMTP(
                taker,
                hostname="relay.example",
                tls_context=context,
                require_starttls=True,
                authenticator=believed,
            )

        loop = asyncio.new_event_loop()
        serving = loop.create_server(session, "127.0.0.1", 0, ssl=context if implicit else None)
        server = loop.run_until_complete(serving)
        host, port = server.sockets[0].getsockname()[:2]
        taker.address = f"{host}:{port}"
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield taker
        finally:
            asyncio.run_coroutine_threadsafe(_end(server), loop).result(5)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _certified(folder: Path) -> ssl.SSLContext:
    certify(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
