"""What is missing before a case closes: every need, every step, the second person; and the exhaustive refusal of the rest."""

from dataclasses import replace
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused
from cases.model.completeness import Filled
from cases.model.demands import IN_WORDS, NOT_A_CASE, Demands, Need, Standing, check_closing, missing
from cases.model.lifecycle import Outcome

FULL = Standing(
    parties=1, findings=1, evidence=1, decision=True, root_cause=True, told=True, done_steps=frozenset("ab")
)
WITHOUT = {
    Need.PARTIES: replace(FULL, parties=0),
    Need.ROOT_CAUSE: replace(FULL, root_cause=False),
    Need.FINDINGS: replace(FULL, findings=0),
    Need.EVIDENCE: replace(FULL, evidence=0),
    Need.DECISION: replace(FULL, decision=False),
    Need.RESOLUTION: replace(FULL, told=False),
}
SETS = list(chain.from_iterable(combinations(Need, size) for size in range(len(Need) + 1)))


def test_every_need_has_words_and_only_it_is_named_when_only_it_lacks() -> None:
    everything = Demands(close_needs=frozenset(Need))
    assert missing(everything, FULL, Outcome.DONE, by_owner=True) == ()
    for need, standing in WITHOUT.items():
        assert missing(everything, standing, Outcome.DONE, by_owner=True) == (IN_WORDS[need],)
    assert missing(everything, FULL, None, by_owner=True) == (IN_WORDS[Need.OUTCOME],)


@pytest.mark.parametrize("needs", SETS)
def test_every_set_of_needs_of_an_empty_case_is_named_in_full(needs: tuple[Need, ...]) -> None:
    demands = Demands(close_needs=frozenset(needs))
    wanted = {IN_WORDS[one] for one in needs} - {IN_WORDS[Need.OUTCOME]}
    assert set(missing(demands, Standing(), Outcome.DONE, by_owner=True)) == wanted


def test_an_outcome_is_needed_whatever_the_category_says() -> None:
    with pytest.raises(Refused, match="an outcome"):
        check_closing(Demands(), FULL, None, by_owner=False)


def test_open_steps_are_counted_and_the_first_is_named() -> None:
    demands = Demands(steps=("a", "b", "c", "d"))
    assert missing(demands, FULL, Outcome.DONE, by_owner=True) == ("2 of 4 steps, first “c”",)


def test_a_second_person_is_asked_of_the_owner_alone() -> None:
    demands = Demands(second_person=True)
    assert "second person" in missing(demands, FULL, Outcome.DONE, by_owner=True)[0]
    assert missing(demands, FULL, Outcome.DONE, by_owner=False) == ()


def test_what_was_no_case_is_closed_without_the_rest_but_not_by_its_owner() -> None:
    demands = Demands(steps=("x",), close_needs=frozenset(Need), second_person=True)
    for outcome in Outcome:
        waived = missing(demands, Standing(), outcome, by_owner=False) == ()
        assert waived is (outcome in NOT_A_CASE)
        assert missing(demands, Standing(), outcome, by_owner=True)


@given(st.builds(Filled, *(st.booleans() for _ in range(6))))
def test_the_score_is_the_share_of_what_is_there(filled: Filled) -> None:
    assert filled.percent == round(100 * (6 - len(filled.lacking)) / 6)
