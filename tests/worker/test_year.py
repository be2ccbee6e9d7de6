"""A small simulated year: clocks as the oracle counts them, nothing missed in silence, no step twice, no word to a party."""

from random import Random

from heedtest.year import Year


def test_a_year_of_cases_is_counted_as_the_oracle_counts(bench) -> None:
    year = Year(bench.shop, bench.clock, Random(13))
    assert year.run(cases=25, steps=12) == []
    assert year.did["missed"] > 5
    assert (
        min(year.did[one] for one in ("steps", "told", "published", "exclude", "sort", "rule", "reopen", "downtime"))
        > 0
    )
