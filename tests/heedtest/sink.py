"""A mail relay's stand-in: takes whatever comes, notes it, and misbehaves on request."""

import asyncio
import json
import os
import re
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from heedtest.helper import Helper, say


class Mood(StrEnum):
    """How the sink answers at the end of DATA. Only answers to a mail meet its moods; notices to staff always pass."""

    ACCEPT = "accept"
    LATER = "later"  # 451
    REFUSE = "refuse"  # 550
    HANG = "hang"  # never an answer; the mail is not taken
    SLOW = "slow"  # takes the mail, and answers 250 only once the mood has changed
    DROP = "drop"  # takes the mail, then closes the connection instead of answering
    DIE = "die"  # takes the mail, any mail, and dies before it answers


@dataclass(frozen=True, slots=True)
class Sunk:
    """A mail as the sink took it; `at` in seconds of CLOCK_MONOTONIC, `answered` is False where it dropped."""

    message_id: str
    in_reply_to: str
    sender: str
    recipients: tuple[str, ...]
    at: float
    digest: str
    answered: bool
    raw: bytes


class Sink(Helper):
    """The relay in a process of its own; `address` is HOST:PORT, as `--relay` wants it."""

    def __init__(self, *, port: int = 0, keep: bool = True, journal: Path | None = None) -> None:
        """With a `journal` what was taken outlives the process: another one on the same journal goes on with it."""
        self._journal = journal
        super().__init__("heedtest.sink", port=port, keep=keep, journal=str(journal or ""))
        self.address = f"{self.ready['host']}:{self.ready['port']}"

    def feel(self, mood: Mood, times: int = 0) -> None:
        """Answer like this from now on, or only the next `times` times."""
        self.ask(mood=mood.value, times=times)

    def count(self) -> int:
        """How many mails it took so far."""
        return int(self.ask(count=True))

    def answers(self) -> int:
        """How many different mails it took that answer another: acknowledgements, not notices to staff."""
        return int(self.ask(answers=True))

    def offered(self) -> int:
        """How many times a whole answer was offered, taken or not."""
        return int(self.ask(offered=True))

    def taken_for(self, address: str) -> list[float]:
        """When it took the mails to one address, in seconds of CLOCK_MONOTONIC."""
        return [float(at) for at in self.ask(to=address)]

    def mails(self) -> list[Sunk]:
        """All it took; with a journal, all that whoever wrote in it took."""
        if self._journal is None:
            return [_sunk(one) for one in self.ask(mails=True)]
        lines = self._journal.read_bytes().splitlines() if self._journal.exists() else []
        return [_sunk(json.loads(line)) for line in lines]


def _sunk(one: dict[str, Any]) -> Sunk:
    return Sunk(**{**one, "recipients": tuple(one["recipients"]), "raw": one["raw"].encode("latin-1")})


class Books:
    """What was taken, and the mood."""

    def __init__(self, *, keep: bool, journal: str = "") -> None:
        self.journal = Path(journal).open("ab", buffering=0) if journal else None  # noqa: SIM115  while it lives
        self.taken: list[dict[str, Any]] = []
        self.answers = set[str]()
        self.offered = 0
        self.mood = Mood.ACCEPT
        self.times = 0
        self._keep = keep

    def decide(self, raw: bytes) -> Mood:
        """The mood for one more mail."""
        if self.mood is Mood.DIE:
            return self.mood
        if b"\r\nIn-Reply-To:" not in raw.partition(b"\r\n\r\n")[0]:
            return Mood.ACCEPT
        self.offered += 1
        mood = self.mood
        if self.times:
            self.times -= 1
            if not self.times:
                self.mood = Mood.ACCEPT
        return mood

    def note(self, sender: str, recipients: list[str], raw: bytes, *, answered: bool) -> None:
        """Write down a mail that was taken."""
        head = raw.partition(b"\r\n\r\n")[0].decode("latin-1")
        one = {
            "message_id": _header(head, "Message-ID"),
            "in_reply_to": _header(head, "In-Reply-To"),
            "sender": sender,
            "recipients": list(recipients),
            "at": time.monotonic(),
            "digest": sha256(raw).hexdigest(),
            "answered": answered,
            "raw": raw.decode("latin-1") if self._keep else "",
        }
        if one["in_reply_to"]:
            self.answers.add(one["message_id"])
        self.taken.append(one)
        if self.journal is not None:  # in one write: a process that is killed leaves whole lines
            self.journal.write(json.dumps(one).encode() + b"\n")


async def serve(books: Books, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection."""
    sender, recipients = "", list[str]()
    writer.write(b"220 sink.example ESMTP\r\n")
    try:
        while line := await reader.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            match verb.upper():
                case "EHLO":
                    writer.write(b"250-sink.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000\r\n")
                case "MAIL":
                    sender, recipients = _address(rest), []
                    writer.write(b"250 OK\r\n")
                case "RCPT":
                    recipients.append(_address(rest))
                    writer.write(b"250 OK\r\n")
                case "DATA":
                    writer.write(b"354 go on\r\n")
                    raw = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
                    if not await _answer(books, sender, recipients, raw, writer):
                        break
                case "QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                case _:
                    writer.write(b"250 OK\r\n")
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    writer.close()


async def _answer(books: Books, sender: str, recipients: list[str], raw: bytes, writer: asyncio.StreamWriter) -> bool:
    """Answer one whole mail as the mood is; False when the connection shall end."""
    match books.decide(raw):
        case Mood.ACCEPT:
            books.note(sender, recipients, raw, answered=True)
            writer.write(b"250 OK\r\n")
        case Mood.LATER:
            writer.write(b"451 4.3.0 not now\r\n")
        case Mood.REFUSE:
            writer.write(b"550 5.7.1 not here\r\n")
        case Mood.SLOW:
            books.note(sender, recipients, raw, answered=True)
            while books.mood is Mood.SLOW:
                await asyncio.sleep(0.02)
            writer.write(b"250 OK\r\n")
        case Mood.DROP:
            books.note(sender, recipients, raw, answered=False)
            return False
        case Mood.DIE:
            books.note(sender, recipients, raw, answered=False)
            os._exit(9)
        case Mood.HANG:
            while books.mood is Mood.HANG:
                await asyncio.sleep(0.05)
            return False
    return True


def _header(head: str, name: str) -> str:
    """The value of the first header of this name, unfolded; the relay must cost little beside what it measures."""
    found = re.search(rf"^{name}:([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", head, re.IGNORECASE | re.MULTILINE)
    return " ".join(found[1].split()) if found else ""


def _address(words: str) -> str:
    return words.partition("<")[2].partition(">")[0]


async def obey(books: Books) -> None:
    """Answer the commands on stdin; end with it."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        command = json.loads(line)
        if "mood" in command:
            books.mood, books.times = Mood(command["mood"]), command["times"]
            say("ok")
        elif "count" in command:
            say(len(books.taken))
        elif "answers" in command:
            say(len(books.answers))
        elif "to" in command:
            say([mail["at"] for mail in books.taken if command["to"] in mail["recipients"]])
        elif "offered" in command:
            say(books.offered)
        else:
            say(books.taken)


async def main(options: dict[str, Any]) -> None:
    books = Books(keep=options["keep"], journal=options["journal"])
    server = await asyncio.start_server(
        lambda reader, writer: serve(books, reader, writer), "127.0.0.1", options["port"], limit=64 * 1024 * 1024
    )
    host, port = server.sockets[0].getsockname()[:2]
    say({"host": host, "port": port})
    await obey(books)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
