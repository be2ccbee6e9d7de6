"""Excerpts of a ruleset with a caret under what is meant."""

from hypothesis import given
from hypothesis import strategies as st

from console.carets import WIDTH, excerpt
from rules.language.problems import Problem


@given(
    before=st.text("abc :", max_size=200),
    word=st.text("xyz", min_size=1, max_size=20),
    after=st.text("abc :", max_size=200),
)
def test_the_caret_stands_under_the_word_wherever_it_is(before: str, word: str, after: str) -> None:
    shown, carets = excerpt(Problem(1, len(before) + 1, "", length=len(word), text=before + word + after)).split("\n")
    assert len(shown) <= WIDTH
    start = carets.index("^")
    assert shown[start:].startswith(word[: carets.count("^")]) or shown[start] == "…"
    assert len(carets) <= WIDTH


def test_no_line_no_excerpt() -> None:
    assert excerpt(Problem(1, 1, "the section is missing")) == ""
