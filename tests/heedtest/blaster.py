"""An SMTP client that costs next to nothing: persistent connections, one mail after the other on each."""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from heedtest.helper import Helper, say
from heedtest.mails import Mail, make_mail

RETRY_AFTER = 0.2
"""Seconds before a mail that was not answered 250 is sent again, with the same bytes."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mail that was answered 250: when its last byte left and when the answer came (seconds, CLOCK_MONOTONIC)."""

    message_id: str
    sent: float
    answered: float

    @property
    def latency(self) -> float:
        """Seconds from the last byte to the answer."""
        return self.answered - self.sent


@dataclass(frozen=True, slots=True)
class Blasted:
    """What a blast came to. `others` counts every answer to a mail that was not 250, and lost connections."""

    accepted: tuple[Accepted, ...]
    others: dict[str, int]
    began: float
    ended: float

    @property
    def rate(self) -> float:
        """Accepted mails a second."""
        return len(self.accepted) / max(self.ended - self.began, 1e-9)


class Blaster(Helper):
    """Sends until `count` mails are accepted (0: until told to stop), at most `rate` a second (0: at full speed)."""

    def __init__(
        self,
        address: tuple[str, int],
        *,
        run: str,
        count: int = 0,
        connections: int = 8,
        rate: float = 0.0,
        first: int = 0,
        to: str = "hr@acme.example",
    ) -> None:
        super().__init__(
            "heedtest.blaster",
            host=address[0],
            port=address[1],
            run=run,
            count=count,
            connections=connections,
            rate=rate,
            first=first,
            to=to,
        )

    def aim(self, address: tuple[str, int]) -> None:
        """From now on, connect to another address (the door came back on another port)."""
        self.tell(host=address[0], port=address[1])

    def finish(self) -> Blasted:
        """Wait for the last answer."""
        return _blasted(self.answer())

    def stop(self) -> Blasted:
        """Begin no further mail, wait for those begun to be accepted, and say what came of all."""
        return _blasted(self.ask(stop=True))


def blast(address: tuple[str, int], *, run: str, count: int, connections: int = 8, first: int = 0) -> Blasted:
    """`count` mails over `connections` at full speed."""
    with Blaster(address, run=run, count=count, connections=connections, first=first) as blaster:
        return blaster.finish()


def _blasted(said: dict[str, Any]) -> Blasted:
    accepted = tuple(Accepted(*one) for one in said["accepted"])
    return Blasted(accepted, said["others"], said["began"], said["ended"])


class Plan:
    """What is left to send, shared by the connections."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.next = options["first"]
        self.last = options["first"] + options["count"] if options["count"] else None
        self.stopped = False
        self.began = time.monotonic()
        self.accepted: list[tuple[str, float, float]] = []
        self.others: Counter[str] = Counter()
        self.under_way = 0

    def take(self) -> Mail | None:
        """The next mail, or None when there is none left."""
        if self.stopped or self.next == self.last:
            return None
        self.next += 1
        self.under_way += 1
        return make_mail(self.options["run"], self.next - 1, to=self.options["to"])

    def wait(self) -> float:
        """Seconds until the next mail may begin."""
        rate = self.options["rate"]
        return max(0.0, self.began + (self.next - self.options["first"]) / rate - time.monotonic()) if rate else 0.0


class UnansweredError(Exception):
    """The connection went, or the answer was not the one hoped for."""


async def work(plan: Plan) -> None:
    """One connection: mail after mail, a new connection whenever it is lost, each mail until it is accepted."""
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while True:
        if plan.options["rate"]:
            await asyncio.sleep(plan.wait())
        mail = plan.take()
        if mail is None:
            break
        while True:
            try:
                streams = streams or await connect(plan)
                sent = await deliver(*streams, mail, plan.options["to"])
                plan.accepted.append((mail.message_id, sent, time.monotonic()))
                plan.under_way -= 1
                break
            except (UnansweredError, OSError) as error:
                plan.others[str(error) if isinstance(error, UnansweredError) else type(error).__name__] += 1
                if streams is not None:
                    streams[1].close()
                streams = None
                await asyncio.sleep(RETRY_AFTER)
    if streams is not None:
        streams[1].close()


async def connect(plan: Plan) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(plan.options["host"], plan.options["port"])
    await expect(reader, b"220")
    writer.write(b"EHLO blaster.example\r\n")
    await expect(reader, b"250")
    return reader, writer


async def deliver(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mail: Mail, to: str) -> float:
    """Send one mail; gives the time its last byte was written."""
    writer.write(f"MAIL FROM:<{mail.sender}>\r\n".encode())
    await expect(reader, b"250")
    writer.write(f"RCPT TO:<{to}>\r\n".encode())
    await expect(reader, b"250")
    writer.write(b"DATA\r\n")
    await expect(reader, b"354")
    sent = time.monotonic()
    writer.write(mail.raw + b"\r\n.\r\n")
    await expect(reader, b"250")
    return sent


async def expect(reader: asyncio.StreamReader, code: bytes) -> None:
    while True:
        line = await asyncio.wait_for(reader.readline(), 60)
        if not line.endswith(b"\n"):
            raise UnansweredError("connection lost")
        if line[3:4] != b"-":
            break
    if not line.startswith(code):
        raise UnansweredError(line.decode("ascii", "replace").strip())


async def listen(plan: Plan) -> None:
    """Obey the lines on stdin."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        command = json.loads(line)
        plan.stopped = plan.stopped or bool(command.pop("stop", False))
        plan.options.update(command)


async def main(options: dict[str, Any]) -> None:
    plan = Plan(options)
    say({"ready": True})
    listening = asyncio.create_task(listen(plan))
    await asyncio.gather(*(work(plan) for _ in range(options["connections"])))
    ended = max((answered for _, _, answered in plan.accepted), default=time.monotonic())
    while not plan.stopped and plan.last is None:
        await asyncio.sleep(0.05)
    say({"accepted": plan.accepted, "others": plan.others, "began": plan.began, "ended": ended})
    await listening


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
