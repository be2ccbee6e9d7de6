"""Messages between guard and child: JSON behind a length of four bytes, big-endian, with a deadline on the guard's side."""

import json
import os
import select
import time
from typing import BinaryIO

LARGEST = 16_000_000
"""Bytes of one message; fifty decisions on a thousand rules take a twentieth of that."""

Json = list["Json"] | dict[str, "Json"] | str | int | None


class BrokenFrameError(Exception):
    """The other side is gone, too slow, or does not keep to the format. The words say which."""


def encode(message: object) -> bytes:
    """One message as bytes."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return len(body).to_bytes(4, "big") + body


def read(stream: BinaryIO) -> Json:
    """The next message of a blocking stream. Raises EOFError when the other side has closed it."""
    length = int.from_bytes(_exactly(stream, 4), "big")
    message: Json = json.loads(_exactly(stream, length))
    return message


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


class Pipe:
    """The guard's end: two descriptors that never block longer than they are told. Times are `time.monotonic` seconds."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._buffer = bytearray()
        for descriptor in (reading, writing):
            os.set_blocking(descriptor, False)

    def send(self, data: bytes, until: float) -> None:
        """Write all of `data` by the time `until`. Raises BrokenFrameError."""
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._writing, view) :]
            except BlockingIOError:
                _wait(self._writing, select.POLLOUT, until)
            except OSError as error:
                raise BrokenFrameError("died") from error

    def receive(self, until: float) -> Json:
        """The next message by the time `until`. Raises BrokenFrameError."""
        self._fill(4, until)
        length = int.from_bytes(self._buffer[:4], "big")
        if length > LARGEST:
            raise BrokenFrameError("answered nonsense")
        self._fill(4 + length, until)
        body = bytes(self._buffer[4 : 4 + length])
        del self._buffer[: 4 + length]
        try:
            message: Json = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BrokenFrameError("answered nonsense") from error
        return message

    def _fill(self, length: int, until: float) -> None:
        while len(self._buffer) < length:
            try:
                data = os.read(self._reading, 65_536)
            except BlockingIOError:
                _wait(self._reading, select.POLLIN, until)
                continue
            except OSError as error:
                raise BrokenFrameError("died") from error
            if not data:
                raise BrokenFrameError("died")
            self._buffer += data


def _wait(descriptor: int, event: int, until: float) -> None:
    """Until the descriptor is ready; poll, because select stops at 1,024 descriptors."""
    left = until - time.monotonic()
    poll = select.poll()
    poll.register(descriptor, event)
    if left <= 0 or not poll.poll(left * 1000):
        raise BrokenFrameError("hung")
