"""Tokens in addresses: unforgeable, short, blind to case, and dead after their day."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.keys.tokens import TOKEN_LENGTH, Purpose, TokenKeys, is_for, read, sign

KEYS = TokenKeys(((1, b"k" * 32),))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNTIL = date(2027, 6, 1)
TOKEN = sign(KEYS, "HR-7K2M-94QX", "sam@acme.example", Purpose.REPLY, UNTIL)


def test_a_token_says_case_person_purpose_and_expiry() -> None:
    token = read(KEYS, TOKEN, NOW)
    assert token is not None
    assert (token.reference, token.purpose, token.expires) == ("HR-7K2M-94QX", Purpose.REPLY, UNTIL)
    assert is_for(KEYS, token, "Sam@acme.example ")
    assert not is_for(KEYS, token, "pat@acme.example")


def test_without_the_key_nobody_can_tell_whom_it_is_for() -> None:
    """Two keys give the same person two tags, so that addresses cannot be tried against a token found in a mailbox."""
    other = TokenKeys(((1, b"o" * 32),))
    theirs = read(other, sign(other, "HR-7K2M-94QX", "sam@acme.example", Purpose.REPLY, UNTIL), NOW)
    mine = read(KEYS, TOKEN, NOW)
    assert theirs is not None
    assert mine is not None
    assert theirs.person != mine.person


def test_it_fits_an_address_and_survives_relays_that_change_case() -> None:
    assert len(TOKEN) == TOKEN_LENGTH <= 40
    assert read(KEYS, TOKEN.upper(), NOW) == read(KEYS, TOKEN, NOW)


@pytest.mark.parametrize(("day", "alive"), [(1, True), (2, False)])
def test_it_dies_after_its_day(day: int, alive: bool) -> None:
    assert (read(KEYS, TOKEN, datetime(2027, 6, day, 23, 59, tzinfo=UTC)) is not None) is alive


@given(st.integers(0, TOKEN_LENGTH - 2), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_no_changed_letter_is_believed(position: int, letter: str) -> None:
    changed = TOKEN[:position] + letter + TOKEN[position + 1 :]
    assert changed == TOKEN or read(KEYS, changed, NOW) is None


@given(st.text(max_size=60))
def test_anything_else_is_no_token(text: str) -> None:
    assert read(KEYS, text, NOW) is None


def test_rotated_keys_read_old_tokens_and_sign_with_the_new_one() -> None:
    rotated = TokenKeys((*KEYS.keys, (2, b"n" * 32)))
    assert read(rotated, TOKEN, NOW) is not None
    fresh = sign(rotated, "HR-7K2M-94QX", "sam@acme.example", Purpose.REPLY, UNTIL)
    assert read(rotated, fresh, NOW) is not None
    assert read(KEYS, fresh, NOW) is None
    old = read(rotated, TOKEN, NOW)
    assert old is not None
    assert is_for(rotated, old, "sam@acme.example")
