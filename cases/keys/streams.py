"""Files sealed as streams: pieces of a mebibyte under a key of their own, in bounded memory, none out of its place."""

from collections.abc import Iterable, Iterator

from nacl import utils
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES,
    crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_KEYBYTES,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)
from nacl.exceptions import CryptoError

from cases.keys.sealing import CannotOpen, Place

PIECE_BYTES = 1024 * 1024
"""Of the file in each piece; the last one may be shorter."""
SECRET_BYTES = crypto_secretstream_xchacha20poly1305_KEYBYTES + crypto_secretstream_xchacha20poly1305_HEADERBYTES
OVERHEAD = crypto_secretstream_xchacha20poly1305_ABYTES
_FINAL = crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MESSAGE = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


class StreamSealer:
    """Seals one file. `secret` (56 bytes) opens it; it is itself kept sealed to the file's case."""

    def __init__(self, file_id: str) -> None:
        key = utils.random(crypto_secretstream_xchacha20poly1305_KEYBYTES)
        self._file_id = file_id
        self._state = crypto_secretstream_xchacha20poly1305_state()
        self.secret = key + crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        self.size = 0

    def pieces(self, source: Iterable[bytes]) -> Iterator[bytes]:
        """The sealed pieces of what `source` gives in parts of any size; holds about two pieces at a time."""
        number, waiting = 0, b""
        for piece in _even(source):
            if number:
                yield self._push(number - 1, waiting, _MESSAGE)
            number, waiting = number + 1, piece
        yield self._push(max(0, number - 1), waiting, _FINAL)

    def _push(self, number: int, piece: bytes, tag: int) -> bytes:
        self.size += len(piece)
        return crypto_secretstream_xchacha20poly1305_push(self._state, piece, _place(self._file_id, number), tag)


def open_stream(secret: bytes, file_id: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The file in parts, piece by piece. Raises `CannotOpen` when one was altered, moved, or the end is missing.

    What was given before the fault is discovered is genuine, and in order.
    """
    key, header = (
        secret[:crypto_secretstream_xchacha20poly1305_KEYBYTES],
        secret[crypto_secretstream_xchacha20poly1305_KEYBYTES:],
    )
    state = crypto_secretstream_xchacha20poly1305_state()
    ended = False
    try:
        crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        for number, piece in enumerate(pieces):
            if ended:
                raise CannotOpen("the file has pieces after its end")
            part, tag = crypto_secretstream_xchacha20poly1305_pull(state, piece, _place(file_id, number))
            ended = tag == _FINAL
            yield part
    except (CryptoError, ValueError, TypeError) as error:
        raise CannotOpen("a piece of the file was altered, or belongs to another file") from error
    if not ended:
        raise CannotOpen("the end of the file is missing")


def _even(source: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of equal length, but for the last."""
    held = bytearray()
    for part in source:
        view = memoryview(part)
        for start in range(0, len(view), PIECE_BYTES):
            held += view[start : start + PIECE_BYTES]
            if len(held) >= PIECE_BYTES:
                yield bytes(held[:PIECE_BYTES])
                del held[:PIECE_BYTES]
    if held:
        yield bytes(held)


def _place(file_id: str, number: int) -> bytes:
    return Place("file_piece", f"{file_id}/{number}", "body").encoded()
