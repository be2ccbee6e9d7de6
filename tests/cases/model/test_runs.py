"""Words are cut as the patterns would."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from cases.model.runs import letters_of, words_of


@given(st.text() | st.text(st.characters(max_codepoint=127)))
@example("".join(map(chr, range(128))))
@example("it's 3½ o’clock_now,\u00a0naïve—Straße\x1c\x85٣ ²x Ⅷ")
def test_the_runs_are_those_of_the_patterns(text: str) -> None:
    assert words_of(text) == re.findall(r"[^\W_]+", text)
    assert letters_of(text) == re.findall(r"[^\W\d_]+", text)
