"""Figures of assessments that were written by hand, and their renderings."""

import json

import numpy as np
import pytest
from rich.console import Console

from cases.errors import Refused
from cases.model.assessment import Assessment
from classifier import evaluation, page, report
from classifier.corpus import Row

CLASSES = ("payroll", "leave", "misconduct", "other")


def row(number, category, also=(), risk="low", kind="report"):
    return Row(f"r{number}", f"p{number}", "en", "", "text", category, also, risk, kind)


def answer(*names, confidence=0.8, risk=0.1, given=True):
    scores = tuple((name, confidence if at == 0 else 0.05) for at, name in enumerate(names))
    return Assessment(names[0] if given else "", confidence, scores, risk)


@pytest.fixture
def result():
    rows = [
        row(1, "payroll"),
        row(2, "leave", also=("payroll",)),
        row(3, "misconduct", risk="high"),
        row(4, "misconduct", risk="critical"),
        row(5, "other", kind="near_miss"),
    ]
    answers = [
        answer("payroll", "leave", "other"),
        answer("payroll", "leave", "other"),
        answer("misconduct", "leave", "other", risk=0.9),
        answer("leave", "misconduct", "other", risk=0.4, given=False, confidence=0.2),
        answer("payroll", "leave", "misconduct", risk=0.7),
    ]
    return evaluation.measure(rows, answers, CLASSES, (0.5, 0.3), "abc")


def test_acceptable_answers_count_as_right(result):
    assert result.figures["top_1"].value == pytest.approx(3 / 5)
    assert result.figures["top_3"].value == pytest.approx(4 / 5)
    assert result.figures["answered"].value == pytest.approx(4 / 5)
    assert result.figures["top_1_answered"].value == pytest.approx(3 / 4)


def test_risk_figures_count_recall_and_false_alarms(result):
    assert result.figures["high_risk_recall"].value == pytest.approx(1 / 2)
    assert result.figures["caution_recall"].value == 1.0
    assert result.figures["false_alarms"].value == pytest.approx(1 / 3)
    assert result.figures["false_alarms_harmless"].value == 1.0
    assert result.figures["false_alarms_routine"].value == 0.0
    assert result.figures["caution_rate"].value == pytest.approx(3 / 5)


def test_the_confusion_counts_truth_by_answer(result):
    assert result.confusion[CLASSES.index("misconduct")] == (0, 1, 1, 0)
    assert result.confusion[CLASSES.index("leave")] == (0, 1, 0, 0)
    assert report.worst_confusions(result) == [("misconduct", "leave", 1), ("other", "payroll", 1)]


def test_categories_have_their_own_figures(result):
    (own,) = [item for item in result.by_class if item.name == "misconduct"]
    assert (own.rows, own.top_1, own.top_3, own.precision) == (2, 0.5, 1.0, 1.0)


def test_an_interval_holds_its_value_and_draws_whole_personas():
    flags = np.array([True] * 30 + [False] * 10)
    apart = evaluation.interval(flags, [str(number) for number in range(40)])
    assert apart.low < apart.value == 0.75 < apart.high
    together = evaluation.interval(flags, ["a"] * 30 + ["b"] * 10)
    assert together.high - together.low > apart.high - apart.low


def test_it_is_the_same_every_time(result, model, rows):
    first, second = (evaluation.evaluate(model, rows) for _ in range(2))
    assert first == second
    assert first.model == model.version


def test_no_rows_are_refused(model):
    with pytest.raises(Refused, match="no messages"):
        evaluation.evaluate(model, [])


def test_json_holds_only_numbers_and_null(result):
    said = json.loads(json.dumps(evaluation.as_json(result), allow_nan=False))
    assert said["figures"]["top_1"]["value"] == 0.6
    assert [item["precision"] for item in said["by_class"] if item["name"] == "other"] == [None]


def test_the_terminal_and_the_page_show_every_figure(result):
    console = Console(record=True, width=140, file=None, quiet=False)
    with console.capture() as caught:
        report.show(result, console)
    html = page.render(result, "a <title>")
    for key in result.figures:
        assert report.figure_name(key) in caught.get()
        assert report.figure_name(key) in html
    assert "a &lt;title&gt;" in html
    assert "<script" not in html
    assert "http" not in html
