"""aiosmtpd's protocol as this door speaks it: real mail's line lengths, DATA read in large pieces, a bound on connections."""

import asyncio
import re
import sys
from typing import Any

from aiosmtpd.smtp import SMTP, syntax

_PLAIN_ADDRESS = re.compile(r"<([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+)>(?:\Z|\s+)")
"""What nearly every MAIL and RCPT carries. The rest, quoted or strange, goes through the library's full parser."""
_MOST_IN_LOCAL_PART = 64
_END_OF_DATA = b"\r\n.\r\n"
_PIECE = sys.maxsize
"""Bytes read at once: more than the reader ever holds, so that nothing is left in it."""


class Incoming:
    """The bytes of one DATA as they arrive, up to the line with a lone dot. What is larger than `most` is not kept."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._data = bytearray(b"\r\n")  # so that the first line begins like every other
        self.too_large = False

    def add(self, piece: bytes) -> bytes | None:
        """Take a piece. Once the end is there, gives what came behind it (a further command); None before."""
        looked = max(0, len(self._data) - len(_END_OF_DATA) + 1)
        self._data += piece
        end = self._data.find(_END_OF_DATA, looked)
        behind = None if end < 0 else bytes(self._data[end + len(_END_OF_DATA) :])
        if end >= 0:
            del self._data[end + 2 :]
        if self.too_large or (self._most and len(self._data) - 2 > self._most):
            self.too_large = True
            del self._data[: -len(_END_OF_DATA)]
        return behind

    def mail(self) -> bytes:
        """The mail, without the dots that RFC 5321 4.5.2 has its sender put before those that begin a line."""
        plain = self._data.replace(b"\r\n.", b"\r\n")
        return bytes(memoryview(plain)[2:])


class DoorProtocol(SMTP):
    """One connection. RFC 5321 throughout; what is stricter or quicker than the library says so where it stands."""

    open_now = 0

    def __init__(self, door: Any, most: int, *, data_size_limit: int) -> None:
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

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        plain = _PLAIN_ADDRESS.match(arg)
        if plain and plain[1].index("@") <= _MOST_IN_LOCAL_PART and ".." not in plain[1]:
            return plain[1], arg[plain.end() :]
        address, rest = super()._getaddr(arg)
        return address, rest

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  aiosmtpd's name
        """Take one mail. The library reads it line by line, which costs more than sealing it does."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        incoming = Incoming(self.data_size_limit)
        while (rest := incoming.add(await self._piece())) is None:
            pass
        if rest:
            self._reader.feed_data(rest)  # a command sent along: nothing else is in the buffer, so it comes next
        if incoming.too_large:
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            await self.push("552 Error: Too much mail data")
            return
        self.envelope.content = self.envelope.original_content = incoming.mail()
        del incoming
        status = await self._call_handler_hook("DATA")
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(status)

    async def _piece(self) -> bytes:
        """Whatever has arrived. It gives its sender more time (RFC 5321 4.5.3.2.5): a large mail on a slow line is not late."""
        piece = await self._reader.read(_PIECE)
        if not piece:
            raise ConnectionResetError
        self._reset_timeout()
        return piece
