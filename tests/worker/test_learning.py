"""Learning from corrections, end to end: the record's corrections, a refit, the comparison, the pointer, the keeper."""

from pathlib import Path

import pytest
from heedtest.offices import Office, open_office

from cases.handling import sorting
from cases.model.words import Access
from cases.store import refits
from cases.store.engine import reading, writing
from cases.store.sight import find_case
from classifier import artifact, corpus, learning, store, training
from classifier.evaluation import Evaluation
from classifier.learning import Verdict
from classifier.text import kept_words
from gateway.settings import RelaySlice
from rules import load
from worker import modelkeeper
from worker.attending import learning as due
from worker.learning import learn, lesson
from worker.modelkeeper import ModelKeeper

CATEGORIES = ("leave", "payroll", "harassment_discrimination", "other")
RULES = (Path(__file__).parents[1] / "console" / "rules.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows():
    every = corpus.read(corpus.CORPUS / "en" / "seed.jsonl")
    return tuple(row for row in every if row.category in CATEGORIES)


@pytest.fixture(scope="module")
def held(rows):
    return training.train(rows)


@pytest.fixture
def office(tmp_path, monkeypatch, rows, held):
    monkeypatch.setattr(corpus, "load", lambda: rows)
    monkeypatch.setattr(corpus, "frozen", lambda: rows[::4])
    monkeypatch.setattr(store, "SHIPPED", tmp_path / "shipped")
    artifact.write(held, tmp_path / "shipped" / "first")
    with open_office(tmp_path, RULES) as opened:
        yield opened


def correct(office: Office, count: int) -> None:
    for number in range(count):
        reference = office.mail(
            f"w{number}@acme.example", f"Odd {number}", f"The barometer bonus of week {number} is off"
        )
        sort(office, reference, "payroll")


def sort(office: Office, reference: str, category: str, by: str = "fay@acme.example") -> None:
    """As the console does when somebody picks another category."""
    with writing(office.shop.record) as connection:
        hand = office.hand(by)
        sorting.set_category(
            connection,
            reference,
            hand,
            category,
            Access.MANAGED,
            [category],
            kept_words,
            promised=lambda *_: ((), ()),
            ruleset="",
        )


def refit(office: Office, home: Path):
    return learn(
        home, office.shop.record, office.shop.keys.service, load(office.rules), by="heed", now=lambda: office.clock[0]
    )


def test_a_refit_learns_what_people_said_and_workers_take_it_without_a_restart(office, tmp_path, monkeypatch):
    correct(office, 4)
    keeper = ModelKeeper(tmp_path, store.current(tmp_path))
    before = keeper.version
    monkeypatch.setattr(learning, "judge", lambda _before, _after: Verdict(True, ()))
    found = refit(office, tmp_path)
    assert found.artifact.manifest.data["messages"] == len(corpus.load()) - len(corpus.frozen()) + 4
    assert {"numpy", "scikit-learn"} <= found.artifact.manifest.libraries.keys()
    monkeypatch.setattr(modelkeeper, "LOOK_EVERY", 0.0)
    keeper.look()
    for _ in range(400):
        if keeper.version != before:
            break
        assert keeper._coming is not None
        keeper._coming.join(5)
    assert keeper.version == found.artifact.manifest.version
    with reading(office.shop.record) as connection:
        (row,) = refits.latest(connection)
        assert due.find(connection, office.clock[0], RelaySlice(home=tmp_path)) == []
    assert (row.outcome, row.corrections, row.model) == ("kept", 4, store.current_name(tmp_path))
    assert store.roll_back(tmp_path) == ""


def test_a_candidate_that_is_worse_is_refused_and_leaves_the_model_in_force(office, tmp_path, monkeypatch):
    correct(office, 1)
    monkeypatch.setattr(learning, "judge", lambda _before, _after: Verdict(False, ("accuracy went down",)))
    assert isinstance(refit(office, tmp_path).after, Evaluation)
    assert store.current_name(tmp_path) == ""
    with reading(office.shop.record) as connection:
        assert [(one.outcome, one.because) for one in refits.latest(connection)] == [
            ("refused", ("accuracy went down",))
        ]


def test_corrections_that_call_reports_harmless_are_refused_by_what_the_frozen_set_says(office, tmp_path, rows):
    """Nothing is made easier here: who corrects in bad faith, or by mistake, loses against the comparison."""
    grave = [row for number, row in enumerate(rows) if number % 4 and row.category == "harassment_discrimination"]
    for number, row in enumerate(grave):
        reference = office.mail(f"w{number}@acme.example", row.subject or "Hello", row.text)
        with reading(office.shop.record) as connection:
            desk = find_case(connection, reference, office.hand("fay@acme.example").viewer)
        sort(office, reference, "payroll", "fay@acme.example" if desk else "erin@acme.example")
    found = refit(office, tmp_path)
    assert not found.verdict.accepted
    assert any("recall" in reason or "accuracy" in reason for reason in found.verdict.because)
    assert store.current_name(tmp_path) == ""
    assert found.figures["high_risk_recall"][1] <= found.figures["high_risk_recall"][0]


def test_a_category_of_ones_own_is_learned_from_fifteen_examples_and_renamed_ones_keep_their_history(office):
    examples = ", ".join(f'"My hamster in box {word} needs the vet desk today please"' for word in "abcdefghijklmno")
    added = "  vet: {label: {en: Vet}, team: payroll, risk: low, sla: routine, family: administrative,"
    added += " examples: [" + examples + "]}\n"
    renamed = "  wages: {label: {en: Wages}, team: payroll, risk: low, sla: routine, family: administrative}\n"
    old = "  payroll:    {label: {en: Payroll}, team: payroll, risk: low, sla: routine, family: administrative}\n"
    text = RULES.replace(old, added + renamed + "  payroll: {renamed_to: wages}\n")
    text = text.replace("category: payroll", "category: wages")
    found = lesson(office.shop.record, office.shop.keys.service, load(text), office.shop.model)
    assert {"vet", "wages"} <= set(found.classes)
    assert "payroll" not in found.classes
    assert found.examples == 15
    assert sum(row.category == "wages" for row in found.rows) > 10
    made = training.train(found.rows, found.classes)
    assert "vet" in made.manifest.tentative  # suggested, never chosen
    assert "wages" in made.manifest.classes


def test_twenty_five_corrections_are_worth_a_training_and_fewer_wait_for_the_night(office, tmp_path):
    settings = RelaySlice(home=tmp_path)
    correct(office, 1)
    with reading(office.shop.record) as connection:
        assert due.find(connection, office.clock[0], settings) == []
        (found,) = due.find(connection, office.clock[0].replace(hour=2), settings)
        assert found.key.startswith("learning:")
    assert due.ENOUGH == learning.ENOUGH == 25
