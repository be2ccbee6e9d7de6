"""Turns drawn by several workers at once: nobody draws the same, and who works alone leaves no gaps."""

from concurrent.futures import ThreadPoolExecutor

from cases.store.engine import writing
from cases.store.turns import Turns


def test_two_workers_never_draw_the_same_turn(stores, opened) -> None:
    engines = [stores.open()[1] for _ in range(2)]

    def work(engine) -> list[int]:  # type: ignore[no-untyped-def]
        drawn = []
        for _ in range(10):
            turns = Turns(engine, 5)
            drawn += [turns.take("er") for _ in range(3)]
            with writing(engine) as connection:
                turns.give_back(connection)
        return drawn

    with ThreadPoolExecutor(2) as pool:
        drawn = [turn for turns in pool.map(work, engines) for turn in turns]
    assert len(set(drawn)) == len(drawn) == 60
    for engine in engines:
        engine.dispose()


def test_who_works_alone_leaves_no_gaps(opened) -> None:
    _, record = opened
    drawn = []
    for _ in range(4):
        turns = Turns(record, 50)
        drawn += [turns.take("er"), turns.take("er")]
        with writing(record) as connection:
            turns.give_back(connection)
    assert drawn == list(range(8))
