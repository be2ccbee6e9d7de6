"""The QR code: read back here by its own rules, bit by bit; checks that Reed-Solomon syndromes vanish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused
from console.qr import BLOCKS, CHECK_PER_BLOCK, Grid, _power, _times, draw, svg

FORMAT_L_MASK_0 = "111011111000100"  # ISO/IEC 18004 annex C, table C.1: level L, mask 000


def read(grid: Grid) -> tuple[int, list[list[int]]]:
    """Version, and the blocks with data and checks, as a reader collects them."""
    version = (grid.size - 17) // 4
    bits = []
    column, up = grid.size - 1, True
    while column > 0:
        if column == 6:
            column -= 1
        for row in reversed(range(grid.size)) if up else range(grid.size):
            free = [at for at in (column, column - 1) if not grid.fixed[row][at]]
            bits += [grid.dark[row][at] ^ ((row + at) % 2 == 0) for at in free]
        column, up = column - 2, not up
    words = [int("".join("01"[bit] for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) // 8 * 8, 8)]
    count, checks = BLOCKS[version - 1], CHECK_PER_BLOCK[version - 1]
    total = len(words) - count * checks
    sizes = [total // count + (1 if number >= count - total % count else 0) for number in range(count)]
    blocks: list[list[int]] = [[] for _ in range(count)]
    stream = iter(words)
    for place in range(max(sizes)):
        for number in range(count):
            if place < sizes[number]:
                blocks[number].append(next(stream))
    for _ in range(checks):
        for block in blocks:
            block.append(next(stream))
    return version, blocks


def text_of(grid: Grid) -> bytes:
    version, blocks = read(grid)
    data = [word for block in blocks for word in block[: -CHECK_PER_BLOCK[version - 1]]]
    bits = "".join(f"{word:08b}" for word in data)
    assert bits[:4] == "0100", "byte mode"
    width = 8 if version < 10 else 16
    length = int(bits[4 : 4 + width], 2)
    start = 4 + width
    return bytes(int(bits[start + 8 * at : start + 8 * at + 8], 2) for at in range(length))


@given(st.binary(min_size=1, max_size=271))
def test_what_is_drawn_is_read_back_and_every_block_checks(data: bytes) -> None:
    grid = draw(data)
    assert text_of(grid) == data
    version, blocks = read(grid)
    for block in blocks:
        for power in range(CHECK_PER_BLOCK[version - 1]):
            value = 0
            for word in block:
                value = _times(value, _power(power)) ^ word
            assert value == 0


def test_format_bits_are_those_of_the_standard() -> None:
    grid = draw(b"heed")
    first = [
        (8, 0),
        (8, 1),
        (8, 2),
        (8, 3),
        (8, 4),
        (8, 5),
        (8, 7),
        (8, 8),
        (7, 8),
        *((row, 8) for row in (5, 4, 3, 2, 1, 0)),
    ]
    assert "".join("01"[grid.dark[row][column]] for row, column in first) == FORMAT_L_MASK_0


def test_three_finders_and_a_quiet_zone() -> None:
    grid = draw(b"heed")
    for row, column in ((0, 0), (0, grid.size - 7), (grid.size - 7, 0)):
        assert all(grid.dark[row][column + at] for at in range(7))
        assert grid.dark[row + 3][column + 3]
        assert not grid.dark[row + 1][column + 1]
    assert f'viewBox="0 0 {grid.size + 8} {grid.size + 8}"' in svg("heed")


def test_too_long_is_refused() -> None:
    with pytest.raises(Refused):
        draw(b"x" * 272)
