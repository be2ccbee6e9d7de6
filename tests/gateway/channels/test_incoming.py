"""DATA, however it is cut into pieces, gives the mail that was sent, and what was sent behind it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gateway.channels.protocol import Incoming

LINES = st.lists(
    st.sampled_from([b"", b".", b"..", b".a", b"a.", b"\r", b"\n", b"\n.\n", b"abc", b"\x00\xff"]), max_size=8
)
END = b".\r\n"


def as_sent(lines: list[bytes]) -> bytes:
    """RFC 5321 4.5.2, by a sender that goes line by line."""
    text = b"".join(line + b"\r\n" for line in lines)
    return b"".join(
        b"." + one if one.startswith(b".") else one for one in text.split(b"\r\n")[:-1] for one in [one + b"\r\n"]
    )


@given(
    lines=LINES, behind=st.sampled_from([b"", b"QUIT\r\n", b".\r\n", b"\r\n.\r\n"]), cuts=st.lists(st.integers(0, 80))
)
def test_the_mail_and_what_came_behind_it(lines: list[bytes], behind: bytes, cuts: list[int]) -> None:
    wire = as_sent(lines) + END + behind
    places = sorted({0, len(wire), *(cut for cut in cuts if cut < len(wire))})
    incoming, rest, read = Incoming(None), None, 0
    for start, end in pairwise(places):
        rest, read = incoming.add(wire[start:end]), end
        if rest is not None:
            break
    assert rest is not None
    assert rest + wire[read:] == behind
    assert incoming.mail() == b"".join(line + b"\r\n" for line in lines)


def test_a_lone_dot_between_bare_newlines_ends_nothing() -> None:
    incoming = Incoming(None)
    assert incoming.add(b"a\n.\nMAIL FROM:<x@y>\n") is None
    assert incoming.add(b"b\r\n.\r\n") == b""
    assert incoming.mail() == b"a\n.\nMAIL FROM:<x@y>\nb\r\n"


def test_what_is_too_large_is_refused_at_its_end_and_not_kept() -> None:
    incoming = Incoming(100)
    for _ in range(50):
        assert incoming.add(b"0123456789\r\n") is None
    assert len(incoming.mail()) < 10
    assert incoming.add(b".\r\n") == b""
    assert incoming.too_large


def test_as_large_as_allowed_is_taken() -> None:
    incoming = Incoming(12)
    incoming.add(b"0123456789\r\n.\r\n")
    assert not incoming.too_large
    assert incoming.mail() == b"0123456789\r\n"
