"""What may be quoted by mail, to whom."""

import pytest

from cases.access.quoting import may_quote
from cases.model.words import Access

LEVELS = ("low", "moderate", "high", "critical")


@pytest.mark.parametrize(
    ("access", "risk", "category_says", "same_organisation", "quoted"),
    [
        (Access.MANAGED, "moderate", False, True, True),
        (Access.MANAGED, "high", True, True, False),
        (Access.MANAGED, "critical", True, True, False),
        (Access.MANAGED, "a level of an older ruleset", True, True, False),
        (Access.MANAGED, "low", False, False, False),
        (Access.RESTRICTED, "low", False, True, False),
        (Access.RESTRICTED, "critical", True, True, True),
        (Access.RESTRICTED, "low", True, False, False),
        (Access.SEALED, "low", True, True, False),
    ],
)
def test_what_is_quoted(access, risk, category_says, same_organisation, quoted) -> None:
    said = may_quote(access, risk, LEVELS, category_says=category_says, same_organisation=same_organisation)
    assert said is quoted


def test_without_a_level_called_high_the_second_highest_is_it() -> None:
    levels = ("green", "amber", "red")
    allowed = [may_quote(Access.MANAGED, one, levels, category_says=False, same_organisation=True) for one in levels]
    assert allowed == [True, False, False]
