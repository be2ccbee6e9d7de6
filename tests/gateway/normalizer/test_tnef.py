"""winmail.dat that states more than it holds: the work is that of its bytes, not of its claims."""

import struct
import sys
from types import FrameType
from typing import Any

import pytest

from gateway.normalizer.bodies.tnef import unpack
from gateway.normalizer.problems import Problems

HEAD = b"\x78\x9f\x3e\x22\0\0"
CLAIMED = 1_000_000
PROPERTIES, RECIPIENTS, RENDERING, ATTACHMENT = 0x9003, 0x9004, 0x9002, 0x9005
VALUES = struct.pack("<IHHI", 1, 0x1002, 0x1000, CLAIMED) + bytes(8)
"""One property of so many small numbers."""


def stated(name: int, data: bytes, *, level: int = 1) -> bytes:
    """One object of the stream."""
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + bytes(2)


@pytest.mark.parametrize(
    "stream",
    [
        stated(PROPERTIES, VALUES),
        stated(RECIPIENTS, struct.pack("<II", 1, CLAIMED) + bytes(8)),
        stated(RECIPIENTS, struct.pack("<I", 1000) + bytes(8)),
        stated(RENDERING, bytes(14), level=2) + stated(ATTACHMENT, VALUES, level=2),
    ],
    ids=["values", "a recipient's properties", "recipients", "values of a file"],
)
def test_what_is_only_claimed_costs_nothing(stream: bytes) -> None:
    unpack(HEAD + stream, Problems())  # what is imported once
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        unpack(HEAD + stream, Problems())
    finally:
        sys.setprofile(None)
    assert calls < 1000


def test_text_behind_a_list_of_recipients_is_read() -> None:
    text = b"The gate is broken.\0"
    stream = stated(RECIPIENTS, struct.pack("<I", 1) + bytes(8)) + stated(0x800C, text)
    found = unpack(HEAD + stream, Problems())
    assert found is not None
    assert found.text == "The gate is broken."
