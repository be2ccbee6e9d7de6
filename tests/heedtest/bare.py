"""The measure of the bench: aiosmtpd as it comes, with a handler that only appends to a list."""

import asyncio
import json
import sys
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from heedtest.helper import Helper, say


class BareServer(Helper):
    """Bare aiosmtpd in a process of its own; `address` is where it listens."""

    def __init__(self) -> None:
        super().__init__("heedtest.bare")
        self.address: tuple[str, int] = (self.ready["host"], self.ready["port"])


class Appending:
    """Keeps what comes, and answers 250."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.received.append(envelope)
        return "250 OK"


async def main(_options: dict[str, Any]) -> None:
    handler = Appending()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler), host="127.0.0.1", port=0)
    host, port = server.sockets[0].getsockname()[:2]
    say({"host": host, "port": port})
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
