"""One SMTP conversation at a time, over a plain socket: any bytes can be said, and every answer is kept."""

import re
import socket
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its code and all its words."""

    code: int
    text: str

    @property
    def reference(self) -> str:
        """The reference in it, or ""."""
        found = re.search(r"HR-[0-9A-Z]{4}-[0-9A-Z]{4}", self.text)
        return found.group() if found else ""


@dataclass
class Conversation:
    """A connection to the door; `answers` keeps all that was said to us."""

    address: tuple[str, int]
    timeout: float = 60.0
    answers: list[Answer] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._socket = socket.create_connection(self.address, timeout=self.timeout)
        self._file = self._socket.makefile("rb")
        try:
            self.hear()
        except OSError:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        self._file.close()
        self._socket.close()

    def say(self, line: bytes) -> Answer:
        """Send a command and hear the answer."""
        self._socket.sendall(line + b"\r\n")
        return self.hear()

    def send(self, raw: bytes) -> None:
        """Send bytes and wait for nothing."""
        self._socket.sendall(raw)

    def hear(self) -> Answer:
        """The next answer; `ConnectionError` when there is none."""
        words = b""
        while True:
            line = self._file.readline()
            if not line:
                raise ConnectionError("the door hung up")
            words += line
            if line[3:4] != b"-":
                break
        answer = Answer(int(line[:3]), words.decode("utf-8", "replace"))
        self.answers.append(answer)
        return answer

    def mail(self, raw: bytes, *, sender: str = "someone@people.example", to: str = "hr@acme.example") -> Answer:
        """Hand over one mail after EHLO; the answer to DATA, or the first refusal before it."""
        for line in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{to}>", "DATA"):
            answer = self.say(line.encode())
            if answer.code >= 400:
                return answer
        stuffed = re.sub(rb"(?m)^\.", b"..", raw)
        self._socket.sendall(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        return self.hear()


def hand_over(
    address: tuple[str, int],
    raw: bytes,
    *,
    sender: str = "someone@people.example",
    to: str = "hr@acme.example",
    timeout: float = 60.0,
) -> Answer:
    """One mail in a connection of its own; the answer to it."""
    with Conversation(address, timeout) as door:
        door.say(b"EHLO client.example")
        return door.mail(raw, sender=sender, to=to)
