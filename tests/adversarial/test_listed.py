"""The twenty checks of the anonymous channel and of confidentiality: where each one is, and that it is still there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

CHECKS = {
    "1 address and agent nowhere": ["adversarial/test_running.py", "webforms/test_server.py", "deploy/test_nginx.py"],
    "2 nothing said in logs or Redis": ["adversarial/test_running.py", "system/test_redis.py"],
    "3 no cookie, no script, no third party": ["adversarial/test_running.py", "webforms/browser/test_journeys.py"],
    "4 exact headers": ["webforms/test_headers.py", "adversarial/test_running.py"],
    "5 one answer to what is no receipt": ["webforms/test_receipt.py", "webforms/test_server.py"],
    "6 markers gone from copies": ["gateway/cleaning/test_copies.py"],
    "7 bombs and names bounded": ["gateway/cleaning/test_hostile.py"],
    "8 downloads inert": ["console/test_originals.py", "console/test_sealed.py"],
    "9 scripts inert": [
        "gateway/normalizer/test_any_bytes.py",
        "console/browser/test_journeys.py",
        "adversarial/test_hostile_submissions.py",
    ],
    "10 every route, role, foreign case": ["console/test_matrix.py"],
    "11 every route declares its policy": ["console/test_policy.py"],
    "12 the excluded see nothing": ["console/test_policy.py", "worker/test_conflicts.py"],
    "13 identity before, during, after a grant": ["console/test_trust.py", "console/test_originals.py"],
    "14 sessions and forgery": ["console/test_sign_in.py"],
    "15 export cells, headers from a subject": ["cases/exporting/test_case.py", "worker/mail/test_outgoing.py"],
    "16 forged mail": ["worker/test_strangers.py", "cases/keys/test_tokens.py"],
    "17 rules that grow": ["rules/test_guards.py", "rules/test_mistakes.py"],
    "18 bound to its place": ["cases/keys/test_sealing.py", "webforms/test_receipt.py"],
    "19 after retention": ["cases/retention/test_retention.py", "webforms/test_receipt.py"],
    "20 a write to Redis": ["worker/test_queues.py"],
}
NAMED = {
    "webforms/test_receipt.py": [
        "test_whatever_is_no_receipt_gets_one_answer",
        "test_a_thousand_guesses_are_throttled_while_the_owner_gets_in",
        "test_an_erased_case_gives_the_same_answer_as_a_wrong_receipt",
        "test_a_moved_wrap_opens_nothing",
    ],
    "webforms/test_server.py": [
        "test_wrong_and_malformed_receipts_take_alike",
        "test_markers_are_found_nowhere_on_disk",
        "test_the_watch_above_would_notice",
    ],
    "webforms/test_headers.py": [
        "test_every_answer_has_exactly_these_headers",
        "test_every_route_is_among_those_pages",
    ],
    "worker/test_queues.py": ["test_anything_else_is_refused", "test_a_pickle_is_not_opened"],
    "system/test_redis.py": ["test_redis_holds_opaque_ids_only"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_is_where_it_is_said_to_be(check: str) -> None:
    for name in CHECKS[check]:
        assert re.search(r"^ *def test_", (TESTS / name).read_text(), re.MULTILINE), name


@pytest.mark.parametrize("name", NAMED)
def test_what_carries_a_check_keeps_its_name(name: str) -> None:
    text = (TESTS / name).read_text()
    assert [one for one in NAMED[name] if f"def {one}(" not in text] == []


def test_there_are_twenty() -> None:
    assert [int(check.split()[0]) for check in CHECKS] == list(range(1, 21))
