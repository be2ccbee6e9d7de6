"""A text's words: its runs of letters and digits. Every mail is cut several times, and patterns take five times as long."""

import re

WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")

_ASCII = [chr(code) for code in range(128)]
_BETWEEN_WORDS = str.maketrans({one: " " for one in _ASCII if not one.isalnum()})
_BETWEEN_LETTERS = str.maketrans({one: " " for one in _ASCII if not one.isalpha()})


def words_of(text: str) -> list[str]:
    """What `WORD.findall` gives: runs of letters and digits."""
    return text.translate(_BETWEEN_WORDS).split() if text.isascii() else WORD.findall(text)


def letters_of(text: str) -> list[str]:
    """Runs of letters alone."""
    return text.translate(_BETWEEN_LETTERS).split() if text.isascii() else _LETTERS.findall(text)
