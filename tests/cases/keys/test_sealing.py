"""Sealed values open for their key, in their place, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.keys.sealing import CannotOpen, KeyPair, Opener, Place, Sealer, seal, sealed_to, unseal

KEYS = KeyPair.generate()
PLACE = Place("message", "m1", "content")


@given(st.binary(max_size=500))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    assert unseal(KEYS, seal(KEYS.public, plain, PLACE), PLACE) == plain


@pytest.mark.parametrize(
    "place", [Place("message", "m2", "content"), Place("message", "m1", "raw"), Place("case_file", "m1", "content")]
)
def test_a_value_moved_to_another_row_column_or_table_does_not_open(place: Place) -> None:
    sealed = seal(KEYS.public, b"words", PLACE)
    with pytest.raises(CannotOpen):
        unseal(KEYS, sealed, place)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(CannotOpen):
        unseal(KeyPair.generate(), seal(KEYS.public, b"words", PLACE), PLACE)


@given(st.integers(min_value=0, max_value=130), st.integers(min_value=1, max_value=255))
def test_any_flipped_byte_is_noticed(position: int, flip: int) -> None:
    sealed = bytearray(seal(KEYS.public, b"some words that matter", PLACE))
    position %= len(sealed)
    sealed[position] ^= flip
    with pytest.raises(CannotOpen):
        unseal(KEYS, bytes(sealed), PLACE)


@given(st.binary(max_size=200))
def test_garbage_is_refused_with_a_sentence(garbage: bytes) -> None:
    with pytest.raises(CannotOpen):
        unseal(KEYS, garbage, PLACE)


def test_the_same_words_sealed_twice_look_different() -> None:
    assert seal(KEYS.public, b"words", PLACE) != seal(KEYS.public, b"words", PLACE)


def test_neither_words_nor_private_key_show() -> None:
    assert b"payslip" not in seal(KEYS.public, b"my payslip", PLACE)
    assert repr(KEYS.private) not in repr(KEYS)


def test_a_sealed_value_names_its_key() -> None:
    one, other = KeyPair.generate(), KeyPair.generate()
    assert sealed_to(seal(one.public, b"", PLACE)) != sealed_to(seal(other.public, b"", PLACE))


def test_an_opener_that_knows_a_data_key_still_asks_for_the_place_and_the_whole_value() -> None:
    keys, here, there = KeyPair.generate(), Place("outbox", "1", "payload"), Place("outbox", "2", "payload")
    sealer, opener = Sealer(keys.public), Opener(keys)
    first, second = sealer.seal(b"one", here), sealer.seal(b"two", there)
    assert (opener.unseal(first, here), opener.unseal(second, there)) == (b"one", b"two")
    for value, place in (
        (second, here),
        (second[:-1] + bytes([second[-1] ^ 1]), there),
        (seal(KeyPair.generate().public, b"x", here), here),
    ):
        with pytest.raises(CannotOpen):
            opener.unseal(value, place)
