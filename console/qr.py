"""A QR code as SVG, so that a phone can scan the second factor's link (ISO/IEC 18004, byte mode, level L, versions 1–10)."""

from dataclasses import dataclass, field
from itertools import product

from cases.errors import Refused

# Level L of ISO/IEC 18004 table 9, by version from 1.
CHECK_PER_BLOCK = (7, 10, 15, 20, 26, 18, 20, 24, 30, 18)
BLOCKS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 4)
QUIET = 4
"""Modules of white around it (clause 5.3.8)."""
_FORMAT_MASK, _FORMAT_POLYNOMIAL, _VERSION_POLYNOMIAL = 0x5412, 0x537, 0x1F25
_LEVEL_L = 1
_MASK = 0
"""Rows and columns that sum to an even number are turned; any mask may be used, a reader is told which."""


@dataclass
class Grid:
    """The square while it is drawn: dark modules, and which are fixed and hold no data."""

    size: int
    dark: list[list[bool]] = field(init=False)
    fixed: list[list[bool]] = field(init=False)

    def __post_init__(self) -> None:
        """All white, nothing fixed."""
        self.dark = [[False] * self.size for _ in range(self.size)]
        self.fixed = [[False] * self.size for _ in range(self.size)]

    def fix(self, row: int, column: int, *, dark: bool) -> None:
        """Set a module of a pattern; outside the square nothing happens."""
        if 0 <= row < self.size and 0 <= column < self.size:
            self.dark[row][column], self.fixed[row][column] = dark, True


def svg(text: str) -> str:
    """The code of a text as an SVG image, black on white. Raises `Refused` beyond 271 bytes."""
    grid = draw(text.encode())
    side = grid.size + 2 * QUIET
    squares = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, column in product(range(grid.size), repeat=2)
        if grid.dark[row][column]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="QR code of the key">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{squares}" fill="#000"/></svg>'
    )


def draw(data: bytes) -> Grid:
    """The square for these bytes, in the smallest version that holds them."""
    version = next((v for v in range(1, 11) if len(data) <= _room(v)), None)
    if version is None:
        raise Refused("too long for a QR code of this kind")
    grid = Grid(17 + 4 * version)
    _patterns(grid, version)
    _place(grid, _codewords(data, version))
    return grid


def _room(version: int) -> int:
    """Bytes that fit: the data codewords less mode and length."""
    return _data_codewords(version) - (2 if version < 10 else 3)


def _data_codewords(version: int) -> int:
    return _modules(version) // 8 - CHECK_PER_BLOCK[version - 1] * BLOCKS[version - 1]


def _modules(version: int) -> int:
    """Modules that carry data and checks: all but finders, timing, alignment, format and version."""
    count = (16 * version + 128) * version + 64
    if version >= 2:
        aligned = version // 7 + 2
        count -= (25 * aligned - 10) * aligned - 55
    return count - (36 if version >= 7 else 0)


def _codewords(data: bytes, version: int) -> bytes:
    """Mode, length, data and padding, in blocks with their checks, interleaved (clauses 7.4 and 7.6)."""
    length_bits = 8 if version < 10 else 16
    capacity = _data_codewords(version)
    bits = f"0100{len(data):0{length_bits}b}" + "".join(f"{byte:08b}" for byte in data)
    bits += "0" * min(4, capacity * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    filled = [int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)]
    filled += [0xEC if place % 2 == 0 else 0x11 for place in range(capacity - len(filled))]
    count = BLOCKS[version - 1]
    short, longer = capacity // count, capacity % count
    blocks, start = [], 0
    for number in range(count):
        size = short + (1 if number >= count - longer else 0)
        blocks.append(filled[start : start + size])
        start += size
    checks = [_checks(block, CHECK_PER_BLOCK[version - 1]) for block in blocks]
    return bytes(_interleaved(blocks) + _interleaved(checks))


def _interleaved(blocks: list[list[int]]) -> list[int]:
    return [block[place] for place in range(max(map(len, blocks))) for block in blocks if place < len(block)]


def _checks(block: list[int], count: int) -> list[int]:
    """Reed-Solomon remainder over GF(256) modulo x⁸ + x⁴ + x³ + x² + 1."""
    generator = [1]
    for power in range(count):
        root = _power(power)
        generator = [
            (generator[place] if place < len(generator) else 0) ^ (_times(generator[place - 1], root) if place else 0)
            for place in range(len(generator) + 1)
        ]
    remainder = [0] * count
    for byte in block:
        factor = byte ^ remainder[0]
        remainder = [*remainder[1:], 0]
        remainder = [one ^ _times(weight, factor) for one, weight in zip(remainder, generator[1:], strict=True)]
    return remainder


def _times(left: int, right: int) -> int:
    product_ = 0
    for place in range(7, -1, -1):
        product_ = (product_ << 1) ^ ((product_ >> 7) * 0x11D)
        product_ ^= ((right >> place) & 1) * left
    return product_


def _power(exponent: int) -> int:
    value = 1
    for _ in range(exponent):
        value = _times(value, 2)
    return value


def _patterns(grid: Grid, version: int) -> None:
    """Timing, finders, alignment, format and version (clause 6.3)."""
    last = grid.size - 1
    for place in range(grid.size):
        grid.fix(6, place, dark=place % 2 == 0)
        grid.fix(place, 6, dark=place % 2 == 0)
    for row, column in ((3, 3), (3, last - 3), (last - 3, 3)):
        for down, right in product(range(-4, 5), repeat=2):
            ring = max(abs(down), abs(right))
            grid.fix(row + down, column + right, dark=ring not in {2, 4})
    places = _alignment(version, grid.size)
    corners = {(6, 6), (6, places[-1]), (places[-1], 6)} if places else set()
    for row, column in product(places, repeat=2):
        if (row, column) not in corners:
            for down, right in product(range(-2, 3), repeat=2):
                grid.fix(row + down, column + right, dark=max(abs(down), abs(right)) != 1)
    _format(grid)
    if version >= 7:
        _version(grid, version)


def _alignment(version: int, size: int) -> list[int]:
    if version == 1:
        return []
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    return [6, *sorted(size - 7 - number * step for number in range(count - 1))]


def _format(grid: Grid) -> None:
    """Level and mask with their check bits, twice, and the one module that is always dark (clause 7.9)."""
    data = _LEVEL_L << 3 | _MASK
    rest = data
    for _ in range(10):
        rest = (rest << 1) ^ ((rest >> 9) * _FORMAT_POLYNOMIAL)
    bits = (data << 10 | rest) ^ _FORMAT_MASK
    first = [*((row, 8) for row in (0, 1, 2, 3, 4, 5, 7, 8)), *((8, column) for column in (7, 5, 4, 3, 2, 1, 0))]
    last = grid.size - 1
    second = [*((8, last - place) for place in range(8)), *((last - 6 + place, 8) for place in range(7))]
    for place in range(15):
        dark = bool(bits >> place & 1)
        for row, column in (first[place], second[place]):
            grid.fix(row, column, dark=dark)
    grid.fix(grid.size - 8, 8, dark=True)


def _version(grid: Grid, version: int) -> None:
    """The version with its check bits, beside two finders (clause 7.10)."""
    rest = version
    for _ in range(12):
        rest = (rest << 1) ^ ((rest >> 11) * _VERSION_POLYNOMIAL)
    bits = version << 12 | rest
    for place in range(18):
        dark, far, near = bool(bits >> place & 1), grid.size - 11 + place % 3, place // 3
        grid.fix(far, near, dark=dark)
        grid.fix(near, far, dark=dark)


def _place(grid: Grid, codewords: bytes) -> None:
    """Bits in pairs of columns from the right, upwards and downwards in turn, masked (clause 7.7.3)."""
    bits = [byte >> place & 1 for byte in codewords for place in range(7, -1, -1)]
    rights = [right if right > 6 else right - 1 for right in range(grid.size - 1, 0, -2)]
    at = 0
    for turn, right in enumerate(rights):
        rows = range(grid.size - 1, -1, -1) if turn % 2 == 0 else range(grid.size)
        for row, column in product(rows, (right, right - 1)):
            if not grid.fixed[row][column]:
                bit = bits[at] if at < len(bits) else 0
                grid.dark[row][column] = bool(bit) ^ ((row + column) % 2 == 0)
                at += 1
