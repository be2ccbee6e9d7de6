"""Each mail of tests/corpus against the fields that its JSON states."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.normalizer import normalize_mail, submission_to_json

CORPUS = Path(__file__).parents[2] / "corpus"
MAILS = sorted(CORPUS.rglob("*.eml"))
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def holds(found, wanted):
    """Whether `found` says all that `wanted` says; objects may say more."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(key in found and holds(found[key], value) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(found) == len(wanted) and all(map(holds, found, wanted))
    return bool(found == wanted)


def test_the_corpus_is_there():
    assert len(MAILS) > 150


@pytest.mark.parametrize("path", MAILS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_corpus(path):
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    mentions = expected.pop("problems_mention", [])
    submission = normalize_mail(path.read_bytes(), now=NOW)
    found = submission_to_json(submission, path.name)
    wrong = {key: (found.get(key), value) for key, value in expected.items() if not holds(found.get(key), value)}
    assert not wrong
    assert all(any(word in problem for problem in found["problems"]) for word in mentions), found["problems"]
    assert not [problem for problem in found["problems"] if "could not be read (" in problem]
