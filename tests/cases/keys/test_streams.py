"""Files in sealed pieces: whole again after opening, in bounded memory, and none altered, moved, cut or swapped."""

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.keys.sealing import CannotOpen
from cases.keys.streams import OVERHEAD, PIECE_BYTES, StreamSealer, open_stream

SIZES = st.sampled_from([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 2 * PIECE_BYTES + 7])


def sealed(content: bytes, file_id: str = "a") -> tuple[bytes, list[bytes]]:
    sealer = StreamSealer(file_id)
    pieces = list(sealer.pieces([content]))
    assert sealer.size == len(content)
    return sealer.secret, pieces


@given(SIZES, st.integers(1, 3 * PIECE_BYTES))
def test_what_is_sealed_in_parts_of_any_size_is_whole_again(size: int, step: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    sealer = StreamSealer("a")
    pieces = list(sealer.pieces(content[at : at + step] for at in range(0, size, step)))
    assert b"".join(open_stream(sealer.secret, "a", pieces)) == content
    assert all(len(piece) == PIECE_BYTES + OVERHEAD for piece in pieces[:-1])


CONTENT = b"x" * (2 * PIECE_BYTES + 5)


@pytest.mark.parametrize(
    "change",
    [
        lambda pieces: pieces[:-1],
        lambda pieces: [pieces[1], pieces[0], pieces[2]],
        lambda pieces: [pieces[0], pieces[0], pieces[2]],
        lambda pieces: pieces[1:],
        lambda pieces: [*pieces, pieces[-1]],
        lambda pieces: [*pieces[:2], pieces[2][:-1] + bytes([pieces[2][-1] ^ 1])],
        lambda pieces: [b"short", *pieces[1:]],
        lambda _pieces: [],
    ],
    ids=["cut", "swapped", "repeated", "beginning gone", "more after the end", "altered", "no piece", "empty"],
)
def test_a_changed_stream_does_not_open(change: object) -> None:
    secret, pieces = sealed(CONTENT)
    with pytest.raises(CannotOpen):
        list(open_stream(secret, "a", change(pieces)))  # type: ignore[operator]


def test_pieces_moved_to_another_file_do_not_open() -> None:
    secret, pieces = sealed(CONTENT)
    with pytest.raises(CannotOpen):
        list(open_stream(secret, "b", pieces))


def test_25_megabytes_are_sealed_and_opened_in_a_few(tmp_path: object) -> None:
    """Measured with what Python allocates: the pieces in hand, never the file."""
    size = 25 * 1024 * 1024

    def source() -> Iterator[bytes]:
        for _ in range(size // 65536):
            yield bytes(65536)

    sealer = StreamSealer("a")
    tracemalloc.start()
    try:
        opened = sum(len(part) for part in open_stream_of(sealer, source()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert opened == size
    assert peak < 8 * PIECE_BYTES, f"{peak / PIECE_BYTES:.1f} MiB"


def open_stream_of(sealer: StreamSealer, source: Iterator[bytes]) -> Iterator[bytes]:
    """Sealed and opened piece by piece, as between a writer and a reader."""
    return open_stream(sealer.secret, "a", sealer.pieces(source))
