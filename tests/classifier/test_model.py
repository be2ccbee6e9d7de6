"""What an assessment holds, when the model abstains, and that a batch is the same as one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.language import function_words
from classifier.masking import MASKS
from classifier.model import Message, Model
from classifier.reading import read_batch
from classifier.text import chunk_starts, words
from classifier.vocabulary import Vocabulary

PAY = "My salary for August is short, the overtime of two weekends was not paid and nobody in payroll answers me."
TOUCHED = "My supervisor keeps touching me and making sexual comments about my body, I want to report harassment."
CALM = "The printer on the second floor is out of toner again and the meeting room needs a new lamp, thank you. "


def test_a_plain_message_gets_its_category(model):
    found = model.assess("", PAY, "en")
    assert found.category == "payroll"
    assert 0.5 < found.confidence <= 1
    assert found.abstained_because == ""
    assert found.suggestions == ()
    assert found.model == model.version
    assert found.language == "en"


def test_scores_are_probabilities_best_first(model):
    scores = [score for _, score in model.assess("", PAY).scores]
    assert sum(scores) == pytest.approx(1.0, abs=1e-4)
    assert scores == sorted(scores, reverse=True)
    assert {name for name, _ in model.assess("", PAY).scores} == set(model.classes)


def test_risk_is_a_score_of_its_own(model):
    assert model.assess("", TOUCHED).risk > 0.5 > model.assess("", PAY).risk


def test_a_batch_is_the_same_as_one_by_one(model):
    messages = [
        Message("", PAY),
        Message("Hi", TOUCHED),
        Message("", ""),
        Message("", CALM * 20),
        Message("", "ok"),
    ] * 15
    together = model.assess_many(messages)
    apart = [model.assess(message.subject, message.text) for message in messages]
    for one, other in zip(together, apart, strict=True):
        assert one.category == other.category
        assert one.risk == pytest.approx(other.risk, abs=1e-5)
        assert [word.text for word in one.evidence] == [word.text for word in other.evidence]


def test_no_messages_give_no_assessments(model):
    assert model.assess_many([]) == []


@pytest.mark.parametrize(
    ("text", "language", "because"),
    [
        (PAY, "it", "language"),
        ("Ho bisogno di parlare con qualcuno del mio stipendio che non è stato pagato", "", "language"),
        ("", "", "too short"),
        ("Hello", "en", "too short"),
        ("4711 4712 4713 4714", "en", "too short"),
        ("zzqx wwvk qqjj xxzz kkqq vvzz", "en", "too short"),
    ],
)
def test_it_abstains_with_three_suggestions(model, text, language, because):
    found = model.assess("", text, language)
    assert found.category == ""
    assert found.abstained_because == because
    assert found.suggestions == tuple(name for name, _ in found.scores[:3])


def test_it_abstains_when_nothing_stands_out(held):
    calibration = replace(held.manifest.calibration, abstain_below=0.999)
    unsure = Model(replace(held, manifest=replace(held.manifest, calibration=calibration)))
    assert unsure.assess("", PAY).abstained_because == "low margin"


def test_a_tentative_category_is_suggested_and_not_chosen(held):
    young = Model(replace(held, manifest=replace(held.manifest, tentative=("payroll",))))
    found = young.assess("", PAY)
    assert (found.category, found.abstained_because) == ("", "new category")
    assert found.suggestions[0] == "payroll"


def test_evidence_stands_in_the_text_and_has_no_function_word_or_mask(model):
    found = model.assess("", f"Dear Karen, {PAY} Please pay me my 450 euros, thanks. Regards, Karen")
    assert found.evidence
    for word in found.evidence:
        assert word.text.lower() in PAY.lower()
        assert word.text.lower() not in function_words("en")
        assert word.text not in MASKS
        assert word.weight > 0
    assert [word.weight for word in found.evidence] == sorted((word.weight for word in found.evidence), reverse=True)


def test_the_riskiest_chunk_is_the_one_that_matters(model):
    found = model.assess("", CALM * 6 + TOUCHED + " " + CALM * 6)
    assert "sexual comments" in found.risk_chunk
    assert len(found.risk_chunk) < 600


def test_risk_is_read_chunk_by_chunk_and_the_highest_counts(held):
    """The pooled log-odds equal the highest of the chunks, each read as a text of its own."""
    vocabulary = Vocabulary(held.hashes, held.blocks, held.idf, held.block_weights)
    only_chunks = replace(
        held.manifest.calibration.risk, riskiest_chunk=1.0, whole_text=0.0, categories=0.0, intercept=0.0
    )
    manifest = replace(held.manifest, calibration=replace(held.manifest.calibration, risk=only_chunks))
    pooled = replace(held, manifest=manifest)
    document = words("", CALM * 6 + TOUCHED + " " + CALM * 6)
    starts = chunk_starts(document.counted)
    pieces = [
        replace(document, written=document.written[start:end], counted=document.counted[start:end])
        for start, end in zip(starts, [*starts[1:], document.length], strict=True)
    ]
    assert len(pieces) > 3
    whole = read_batch(pooled, vocabulary, [document])
    each = read_batch(pooled, vocabulary, pieces)
    assert whole.risk[0] == pytest.approx(each.risk.max(), abs=1e-6)
    assert whole.chunks[0][0] == starts[int(np.argmax(each.risk))]


def test_names_change_nothing(model):
    one, other = (model.assess("", f"{PAY} Regards, {name}") for name in ("Karen", "Mohammed"))
    assert one.scores == other.scores
    assert one.risk == other.risk


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_is_assessed(model, text, subject):
    found = model.assess(subject, text)
    assert 0 <= found.risk <= 1
    assert 0 <= found.confidence <= 1 + 1e-9


def test_a_risk_says_something_only_of_a_text_that_was_read(model):
    assert model.assess("", PAY, "en").read
    assert not model.assess("", PAY, "pl").read
    assert not model.assess("", "ok", "en").read
