"""References and receipts: random, readable aloud, and mistyped ones are noticed."""

import secrets

from hypothesis import given
from hypothesis import strategies as st

from cases.model.codes import ALPHABET, new_receipt, new_reference, read_receipt, read_reference

BITS = st.integers(0, 2**35 - 1)


@given(BITS)
def test_a_reference_reads_back_however_it_is_typed(bits: int) -> None:
    reference = new_reference(lambda _count: bits)
    assert read_reference(reference) == reference
    assert read_reference(f" {reference.lower().replace('-', ' ')} ") == reference
    assert read_reference(reference.replace("0", "O").replace("1", "l")) == reference


@given(BITS, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_letter_is_noticed(bits: int, position: int, letter: str) -> None:
    code = new_reference(lambda _count: bits)[3:].replace("-", "")
    changed = code[:position] + letter + code[position + 1 :]
    assert changed == code or read_reference(changed) == ""


@given(st.text(max_size=40))
def test_nothing_else_is_a_receipt_that_differs_from_itself(text: str) -> None:
    code = read_receipt(text)
    assert code == "" or read_receipt(code) == code


def test_a_receipt_carries_a_hundred_bits_and_a_check() -> None:
    asked: list[int] = []
    receipt = new_receipt(lambda count: asked.append(count) or secrets.randbits(count))  # type: ignore[func-returns-value]
    assert asked == [100]
    assert len(read_receipt(receipt)) == 21
