"""Another ruleset while work goes on: nobody waits for it, and a bad one changes nothing."""

import threading

import pytest
from heedtest.worker import mail, rows

from cases.errors import TryLater
from cases.store import rulesets, tables
from cases.store.engine import writing
from rules import load
from rules.language.load import hash_of
from worker.rulekeeper import RulesKeeper, made_ready


@pytest.fixture
def keeper(bench):
    made = []

    def make(**more):
        made.append(RulesKeeper(bench.shop.record, "reference", lambda _ruleset: None, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def publish(bench, text):
    with writing(bench.shop.record) as connection:
        rulesets.publish(connection, hash_of(text), text, by="test", reason="", now=bench.shop.now())
    return hash_of(text)


@pytest.fixture
def text(bench):
    return bench.shop.rules()[0].text


def test_a_batch_meets_what_was_just_published(bench, keeper, text):
    keeps = keeper()
    assert keeps.current().ruleset.hash == hash_of(text)
    fresh = publish(bench, text.replace("grope]", "grope, poke]"))
    assert keeps.current().ruleset.hash == fresh


def test_work_goes_on_by_the_old_rules_while_others_load(bench, keeper, text, monkeypatch):
    keeps, loading, go_on = keeper(patience=0.0), threading.Event(), threading.Event()
    old = keeps.current()

    def slowly(loaded, wanted):
        loading.set()
        assert go_on.wait(20)
        return made_ready(loaded, wanted)

    monkeypatch.setattr("worker.rulekeeper.made_ready", slowly)
    fresh = publish(bench, text.replace("grope]", "grope, poke]"))
    assert keeps.current() is old
    assert loading.wait(20)
    assert keeps.current() is old
    go_on.set()
    keeps._coming.join(20)
    assert keeps.current().ruleset.hash == fresh


def test_a_ruleset_that_cannot_be_loaded_leaves_the_old_one_in_force(bench, keeper, text, caplog):
    keeps = keeper()
    old = keeps.current()
    bad = publish(bench, text.replace("team: payroll", "team: pairoll"))
    assert keeps.current() is old
    assert f"ruleset {bad} was not taken" in caplog.text
    fresh = publish(bench, text.replace("grope]", "grope, poke]"))
    assert keeps.current().ruleset.hash == fresh


def test_a_worker_that_starts_meanwhile_decides_by_the_newest_that_loads(bench, keeper, text):
    publish(bench, text.replace("team: payroll", "team: pairoll"))
    assert keeper().current().ruleset.hash == hash_of(text)
    reference = bench.deliver(mail(text="He gropes me."))
    bench.triage()
    assert [(row.reference, row.category) for row in rows(bench.shop.record, tables.case)] == [
        (reference, "harassment")
    ]


def test_nothing_published_that_loads_is_a_matter_of_time(bench, keeper, text):
    with writing(bench.shop.record) as connection:
        connection.execute(tables.publication.delete())
    with pytest.raises(TryLater):
        keeper().current()
    publish(bench, "version: 0\n")
    with pytest.raises(TryLater):
        keeper().current()


def test_an_engine_that_fails_the_rulesets_tests_does_not_decide(bench, text, monkeypatch, caplog):
    class Silent:
        name = "durable-rules"

        def fire_many(self, phase, signals):
            return [()] * len(signals)

    monkeypatch.setattr("worker.rulekeeper.make_engine", lambda ruleset, wanted: Silent())
    tested = text + "tests:\n  - {name: t, given: {text: he gropes me}, expect: {category: harassment}}\n"
    assert made_ready(load(tested), "auto").engine.name == "reference"
    assert "fails tests of ruleset" in caplog.text
