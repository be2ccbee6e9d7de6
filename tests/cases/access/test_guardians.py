"""When the anonymous channel may open to the world."""

import pytest

from cases.access.guardians import Guardian, ready

CHAIR = Guardian("chair@acme.example", "board@acme.example", administrator=False)
AUDIT = Guardian("audit@acme.example", "committee@acme.example", administrator=False)


@pytest.mark.parametrize(
    ("guardians", "opens"),
    [
        ([CHAIR, AUDIT], True),
        ([CHAIR], False),
        ([], False),
        ([CHAIR, Guardian("audit@acme.example", "board@acme.example", administrator=False)], False),
        ([CHAIR, Guardian("audit@acme.example", "chair@acme.example", administrator=False)], False),
        ([CHAIR, Guardian("audit@acme.example", "committee@acme.example", administrator=True)], False),
        ([CHAIR, Guardian("audit@acme.example", "", administrator=False)], False),
    ],
)
def test_two_guardians_in_different_lines_neither_an_administrator(guardians: list[Guardian], opens: bool) -> None:
    assert ready(guardians) is opens
