"""References and receipts: random Crockford base-32 codes with a check character."""

from collections.abc import Callable

# Crockford's alphabet leaves out I, L, O and U; what people type for them is folded back.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
REFERENCE_RANDOM = 7
RECEIPT_RANDOM = 20

RandomBits = Callable[[int], int]


def check_character(body: str) -> str:
    """The Luhn mod N check character (N = 32): finds every single wrong character and most swapped neighbours."""
    total = 0
    for place, letter in enumerate(reversed(body)):
        doubled = _VALUE[letter] * (2 if place % 2 == 0 else 1)
        total += doubled // 32 + doubled % 32
    return ALPHABET[-total % 32]


def new_reference(random_bits: RandomBits) -> str:
    """A case reference `HR-XXXX-XXXX`: 35 random bits and a check character. It grants nothing."""
    code = _random_code(REFERENCE_RANDOM, random_bits)
    return f"HR-{code[:4]}-{code[4:]}"


def read_reference(text: str) -> str:
    """The reference a person typed, in its normal form, or "" when it is none (wrong length, letter or check)."""
    letters = _fold(text)
    if letters.startswith("HR"):
        letters = letters[2:]
    code = _checked(letters, REFERENCE_RANDOM)
    return f"HR-{code[:4]}-{code[4:]}" if code else ""


def new_receipt(random_bits: RandomBits) -> str:
    """An anonymous reporter's receipt: 100 random bits and a check character, in groups of four and a last of five."""
    return show_receipt(_random_code(RECEIPT_RANDOM, random_bits))


def read_receipt(text: str) -> str:
    """The 21 letters of the receipt a person typed, without groups, or "" when it is none."""
    return _checked(_fold(text), RECEIPT_RANDOM)


def show_receipt(code: str) -> str:
    """A receipt's letters in groups, for a person to write down."""
    return "-".join((code[:4], code[4:8], code[8:12], code[12:16], code[16:]))


def _random_code(length: int, random_bits: RandomBits) -> str:
    bits = random_bits(5 * length)
    body = "".join(ALPHABET[bits >> (5 * place) & 31] for place in range(length))
    return body + check_character(body)


def _fold(text: str) -> str:
    return "".join(letter for letter in text.strip().upper() if letter not in "- \t\u2010\u2011\u2013")


def _checked(letters: str, length: int) -> str:
    if len(letters) != length + 1 or any(letter not in _VALUE for letter in letters):
        return ""
    code = "".join(ALPHABET[_VALUE[letter]] for letter in letters)
    return code if check_character(code[:-1]) == code[-1] else ""


def new_password(choice: Callable[[str], str]) -> str:
    """Eighty random bits in groups that can be read aloud. `choice` draws one of a string's letters."""
    letters = "".join(choice(ALPHABET.lower()) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))
