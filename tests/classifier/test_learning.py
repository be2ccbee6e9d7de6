"""What a refit sees, when it is due, and which candidates are refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import log

import pytest

from cases.errors import Refused
from classifier.evaluation import Evaluation, Interval, evaluate
from classifier.learning import ENOUGH, Correction, as_watchful, categories, is_due, judge, resolve, training_rows
from classifier.model import Model
from classifier.taxonomy import CLASSES

START = datetime(2026, 3, 1, tzinfo=UTC)


def correction(number=1, **changes):
    base = Correction(
        message=f"m{number}",
        at=START + timedelta(hours=number),
        persona=f"sender-{number}",
        language="en",
        subject="",
        text=f"message number {number} about a missing allowance",
        category="payroll",
        risk="low",
    )
    return replace(base, **changes)


def measured(rows=100, **figures):
    values = {"high_risk_recall": 0.9, "top_1": 0.75, "calibration_error": 0.05, "false_alarms": 0.1} | figures
    return Evaluation(
        "", rows, (), {name: Interval(value, 0, 1, rows) for name, value in values.items()}, (), (), (), ()
    )


def test_the_latest_correction_of_a_message_counts(rows):
    first, second = correction(), correction(at=START + timedelta(days=9), category="benefits")
    (own,) = [row for row in training_rows(rows, [second, first]) if row.id == "correction-m1"]
    assert own.category == "benefits"
    assert own.persona == "sender-1"


def test_a_refit_sees_the_whole_corpus_again(rows):
    assert set(rows) <= set(training_rows(rows, [correction()]))


def test_what_may_not_train_does_not(rows):
    assert training_rows(rows, [correction(trainable=False), correction(2, text="  ")]) == rows


def test_a_later_untrainable_correction_takes_the_earlier_out(rows):
    sealed = correction(at=START + timedelta(days=2), trainable=False)
    assert training_rows(rows, [correction(), sealed]) == rows


def test_frozen_messages_never_train_not_even_as_corrections(rows):
    frozen = rows[:3]
    copied = correction(subject=frozen[0].subject.upper(), text=f"  {frozen[0].text.upper()}")
    assert training_rows(rows, [copied], frozen=frozen) == rows[3:]


def test_renamed_and_merged_categories_keep_their_history(rows):
    renamed = {"payroll": "pay", "leave": "time_off", "time_off": "absence"}
    after = training_rows(rows, [correction()], renamed=renamed)
    assert len(after) == len(rows) + 1
    assert not {"payroll", "leave", "time_off"} & {name for row in after for name in row.acceptable}
    assert sum(row.category == "absence" for row in after) == sum(row.category == "leave" for row in rows)


def test_a_merger_leaves_no_category_beside_itself(rows):
    row = replace(rows[0], category="payroll", also=("benefits",))
    (after,) = training_rows([row], [], renamed={"benefits": "payroll"})
    assert (after.category, after.also) == ("payroll", ())


def test_known_categories_follow_additions_and_renamings():
    names = categories(["pets"], {"payroll": "pay", "expenses": "pay"})
    assert {"pets", "pay"} <= set(names)
    assert not {"payroll", "expenses"} & set(names)
    assert len(names) == len(CLASSES)


def test_renaming_in_a_circle_is_refused():
    with pytest.raises(Refused, match="circle"):
        resolve("a", {"a": "b", "b": "a"})


def test_an_unknown_risk_is_refused_without_its_text(rows):
    with pytest.raises(Refused, match="m1") as caught:
        training_rows(rows, [correction(risk="enormous")])
    assert "allowance" not in str(caught.value)


def test_training_is_due_after_enough_corrections_or_a_while_with_one():
    day, now = timedelta(days=1), START + timedelta(hours=30)
    many = [correction(number, at=START + timedelta(minutes=number + 1)) for number in range(ENOUGH)]
    assert is_due(many, START, START + timedelta(hours=1), day)
    assert not is_due(many[1:], START, START + timedelta(hours=1), day)
    assert is_due(many[:1], START, now, day)
    assert not is_due([], START, now, day)
    assert not is_due(many, START + timedelta(hours=2), now, timedelta(hours=1))
    assert not is_due([correction(trainable=False)], START, now, day)


@pytest.mark.parametrize(
    ("figures", "word"),
    [
        ({"high_risk_recall": 0.89}, "recall"),
        ({"top_1": 0.735}, "accuracy"),
        ({"calibration_error": 0.07}, "calibration"),
        ({"false_alarms": 0.12}, "false alarms"),
    ],
)
def test_a_candidate_that_loses_what_matters_is_refused(figures, word):
    verdict = judge(measured(), measured(**figures))
    assert not verdict.accepted
    assert word in verdict.because[0]


@pytest.mark.parametrize(
    "figures", [{}, {"top_1": 0.74}, {"high_risk_recall": 0.95, "top_1": 0.8}, {"calibration_error": 0.01}]
)
def test_a_candidate_that_holds_or_gains_is_accepted(figures):
    assert judge(measured(), measured(**figures)).accepted


def lowered(held, by):
    """The same model, all of whose risks have lower log-odds."""
    risk = held.manifest.calibration.risk
    calibration = replace(held.manifest.calibration, risk=replace(risk, intercept=risk.intercept - by))
    return replace(held, manifest=replace(held.manifest, calibration=calibration))


def test_a_candidate_that_calm_corrections_made_calmer_is_moved_back_to_find_as_many_reports(held, model, rows):
    faintest = min(model.assess(row.subject, row.text, "en").risk for row in rows if row.high_risk)
    current = lowered(held, log(faintest / (1 - faintest)) - 0.1)  # it finds its last report by a hair
    calmer = lowered(current, 0.4)
    assert recall(calmer, rows) < recall(current, rows)
    moved = as_watchful(calmer, Model(current), rows)
    assert recall(moved, rows) == recall(current, rows)
    assert caution_rate(moved, rows) == caution_rate(calmer, rows)


def test_a_candidate_that_lost_more_than_its_balance_stays_as_it_is_and_one_that_lost_nothing_too(held, model, rows):
    far = lowered(held, 30.0)
    assert as_watchful(far, model, rows) is far
    assert as_watchful(held, model, rows) is held


def recall(held, rows):
    return evaluate(Model(held), rows).figures["high_risk_recall"].value


def caution_rate(held, rows):
    return evaluate(Model(held), rows).figures["caution_rate"].value


def test_a_calibration_error_that_chance_alone_explains_refuses_nothing():
    well = measured(calibration_error=0.02)
    assert judge(well, measured(calibration_error=0.049)).accepted
    assert not judge(well, measured(calibration_error=0.052)).accepted


def test_models_measured_on_different_messages_are_not_compared():
    with pytest.raises(Refused, match="different"):
        judge(measured(), measured(rows=99))


def test_a_frozen_set_without_high_risk_is_refused():
    bare = replace(measured(), figures={})
    with pytest.raises(Refused, match="high-risk recall"):
        judge(bare, bare)
