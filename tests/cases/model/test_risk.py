"""High risk is the same wherever it is asked: for closing, quoting, withdrawing, lowering and outside teams."""

import pytest

from cases.model.risk import is_grave


@pytest.mark.parametrize(
    ("levels", "grave"),
    [
        (("low", "moderate", "high", "critical"), ["high", "critical"]),
        (("low", "moderate", "high", "severe", "critical"), ["high", "severe", "critical"]),
        (("low", "medium", "high"), ["medium", "high"]),
        (("green", "amber", "red"), ["amber", "red"]),
        (("low", "high"), ["high"]),
        (("green", "red"), ["red"]),
        (("high", "higher", "highest"), ["higher", "highest"]),
    ],
)
def test_the_two_highest_and_what_is_called_high(levels: tuple[str, ...], grave: list[str]) -> None:
    assert [one for one in levels if is_grave(one, levels)] == grave


def test_a_level_of_an_older_ruleset_is_high() -> None:
    assert is_grave("orange", ("green", "red"))
    assert is_grave("", ("green", "red"))
