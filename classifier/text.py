"""Turns a subject and a text into the plain words that features are counted on, each still tied to what was written."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from cases.model.runs import words_of
from classifier.masking import NAME, as_kept, mask, mask_names

LONGEST = 20_000  # characters read of one message: half from its beginning, half from its end
CHUNK = 350  # characters; measured for the risk score on long mails

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l"})
_APOSTROPHES = "’‘ʼ´`"
# French l', d', qu' are words; English 's and n't are not. The apostrophe comes first: a literal is found fast.
_ELISION = re.compile(r"'(?:(?<=\b[ldjmtscnLDJMTSCN]')|(?<=\b[Qq]u'))(?=[^\W\d_]{2})")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one message as written (but masked) and as counted: lower-case, unaccented, names masked.

    `written` and `counted` have the same length.
    """

    written: tuple[str, ...]
    counted: tuple[str, ...]

    @property
    def length(self) -> int:
        """How many words there are."""
        return len(self.counted)


def words(subject: str, text: str) -> Words:
    """The masked words of a message, the subject's first."""
    whole = f"{subject}\n{text}" if subject else text
    if len(whole) > LONGEST:
        whole = f"{whole[: LONGEST // 2]}\n{whole[-LONGEST // 2 :]}"
    if not whole.isascii():
        whole = unicodedata.normalize("NFC", whole).replace("\u00ad", "")
        for apostrophe in _APOSTROPHES:
            whole = whole.replace(apostrophe, "'")
    masked = mask(whole)
    if "'" in masked:
        masked = _ELISION.sub(" ", masked).replace("'", "")
    written = words_of(masked)
    if masked.isascii():
        lowered = words_of(masked.lower())
    else:
        lowered = [word.lower() if word.isascii() else fold(word.lower()) for word in written]
    return Words(tuple(written), tuple(mask_names(written, lowered)))


def kept_words(subject: str, text: str, name: str = "") -> str:
    """A message as it may be kept for learning: its counted words, the parts of its writer's own `name` masked too."""
    own = {fold(word.lower()) for word in words_of(name) if len(word) > 1}
    return as_kept([NAME if word in own else word for word in words(subject, text).counted])


def fold(word: str) -> str:
    """A lower-case word without accents, umlauts written out. Never empty, never with a space."""
    plain = unicodedata.normalize("NFKD", word.translate(_UMLAUTS))
    return "".join(letter for letter in plain if letter.isalnum()) or "\ufffd"


def chunk_starts(counted: Sequence[str], size: int = CHUNK) -> list[int]:
    """The index of each chunk's first word: chunks of about `size` characters, the last never under a third of it."""
    starts = [0]
    ends = list(accumulate([len(word) + 1 for word in counted]))
    before = 0
    # A chunk ends with the word that takes it past `size`; the text's last word starts no other.
    while (last := bisect_right(ends, before + size)) + 1 < len(ends):
        starts.append(last + 1)
        before = ends[last]
    if len(starts) > 1 and ends[-1] - before < size // 3:
        starts.pop()
    return starts
