"""Compressed RTF bodies, as Outlook hides them in winmail.dat."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.normalizer.bodies.rich_text import decompress, rtf_to_text

# The example of MS-OXRTFCP 4.1.
EXAMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
    "0af32068656c090020627705b06c647d0a800fa0"
)  # fmt: skip


def plain(rtf):
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def literals(rtf):
    """LZFu without any reference back."""
    runs = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    return struct.pack("<II4sI", len(runs) + 12, len(rtf), b"LZFu", 0) + runs


def test_the_example_of_the_specification():
    rtf = decompress(EXAMPLE)
    assert rtf == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert rtf_to_text(rtf) == "hello world"


@given(st.binary(max_size=300))
def test_what_was_packed_comes_out(rtf):
    assert decompress(plain(rtf)) == rtf
    assert decompress(literals(rtf)) == rtf


@given(st.binary(max_size=300))
def test_any_bytes(octets):
    decompress(b"\x2d\0\0\0\xff\xff\0\0LZFu\0\0\0\0" + octets)
    assert isinstance(rtf_to_text(b"{\\rtf1 " + octets), str)


@given(
    st.lists(
        st.sampled_from(
            [b"{", b"}", b"\\", b"\\u-10179", b"\\uc9 ", b"\\'e", b"\\'e4", b"\\*", b"\\par ", b"x", b"\\ansicpg932 "]
        )
    )
)
def test_tokens_in_any_order(pieces):
    rtf_to_text(b"{\\rtf1" + b"".join(pieces)).encode("utf-8", "replace")


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator x;}\pard a \'e4 \u8364?\par b\tab x}", "a ä €\nb\tx"),
        (rb"{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hello\htmlrtf\par}\htmlrtf0 there}", "Hello\nthere"),
        (rb"{\rtf1\ansicpg932 \'93\'fa\'96\'7b}", "日本"),
        (rb"{\rtf1 \u-10179?\u-8704?}", "😀"),
        (rb"{\rtf1 a \{b\} \\ c}", "a {b} \\ c"),
        (b"no rtf", ""),
    ],
)  # fmt: skip
def test_text(rtf, text):
    assert rtf_to_text(rtf) == text
