"""What clients put before a subject, in their languages."""

import pytest

from gateway.normalizer.headers.subject_prefixes import says_forward, says_reply, without_prefixes


@pytest.mark.parametrize(
    "prefix", ["Re:", "RE[2]:", "AW:", "[HR] Re:", "RES:", "SV:", "Odp:", "Antwort:", "Antw:", "回复：", "Réf :"]
)
def test_answers(prefix):
    assert says_reply(f"{prefix} My pay")
    assert not says_forward(f"{prefix} My pay")
    assert without_prefixes(f"{prefix} {prefix} My pay") == "My pay"


@pytest.mark.parametrize("prefix", ["Fwd:", "FW:", "WG:", "TR :", "RV:", "I:", "ENC:", "VB:", "转发:", "転送："])
def test_forwards(prefix):
    assert says_forward(f"{prefix} My pay")
    assert not says_reply(f"{prefix} My pay")
    assert without_prefixes(f"Re: {prefix} My pay") == "My pay"


def test_vs_is_an_answer_where_it_names_what_it_answers():
    assert says_forward("VS: My pay")
    assert not says_forward("VS: My pay", names_parent=True)


@pytest.mark.parametrize(
    "subject", ["My pay: Re", "Reimbursement: travel", "Trip: Leeds", "", "Is this right?", "Revised: plan"]
)
def test_ordinary_subjects_have_none(subject):
    assert not says_reply(subject)
    assert not says_forward(subject)
    assert without_prefixes(subject) == subject
