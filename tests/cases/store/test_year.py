"""A small simulated year: every clock as the oracle counts it, nothing missed in silence, no step twice."""

from random import Random

import pytest
from heedtest.year import Year
from sqlalchemy import Engine


@pytest.mark.parametrize("seed", [1, 2])
def test_a_year_of_cases_is_counted_as_the_oracle_counts(record: Engine, seed: int) -> None:
    year = Year(record, Random(seed))
    assert year.run(cases=60, steps=50) == []
    assert year.counted["missed"] > 5
    assert year.counted["steps"] > 5
