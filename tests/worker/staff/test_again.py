"""The same answer delivered again, and two colleagues who answer at once."""

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, answer, hired, plain, read, round_, words_of
from heedtest.worker import mail, rows
from sqlalchemy import update

from cases.store import tables
from cases.store.engine import writing

LENA = "lena@acme.example"


@pytest.fixture
def office(bench):
    office = hired(bench)
    office.deliver(mail(subject="My payslip", text="My overtime is missing.", sender=SAM, **PROVEN))
    office.notice = round_(office)[FAY]
    return office


def test_an_answer_that_comes_again_under_another_message_id_goes_out_once(office) -> None:
    assert SAM in answer(office, office.notice, "#wait\nIt is paid.", files=[("slip.pdf", b"%PDF slip")])
    told = answer(office, office.notice, "#wait\nIt is paid.", files=[("slip.pdf", b"%PDF slip")])
    assert set(told) == {FAY}
    assert "not sent once more" in plain(told[FAY])
    assert [one[0] for one in words_of(office)] == ["inbound", "outbound"]
    assert "message.repeated" in [row.verb for row in rows(office.shop.record, tables.event)]


def test_what_only_looks_like_it_goes_out(office) -> None:
    assert SAM in answer(office, office.notice, "It is paid.")
    assert SAM in answer(office, office.notice, "It is paid.", files=[("slip.pdf", b"%PDF slip")])
    assert SAM in answer(office, office.notice, "It is paid!")
    office.pass_time(minutes=30)
    assert SAM in answer(office, office.notice, "It is paid!")


def test_the_same_words_after_the_reporter_wrote_again_are_another_answer(office) -> None:
    assert SAM in answer(office, office.notice, "Yes.")
    office.deliver(
        mail(subject="My payslip", text="And in May too?", sender=SAM, reply_to="<m1@acme.example>", **PROVEN)
    )
    assert SAM in answer(office, round_(office)[FAY], "Yes.")


def test_the_second_of_two_who_answer_at_once_hears_of_the_first(office) -> None:
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).values(backup=LENA))
    to = (office.notice["Reply-To"].addresses[0].addr_spec,)
    for sender, text in ((FAY, "It is paid in May."), (LENA, "It is paid in June.")):
        raw = mail(text=text, sender=sender, reply_to=str(office.notice["Message-ID"]), **PROVEN)
        office.deliver(raw, sender=sender, to=to)
        office.pass_time(seconds=1)
    office.triage()
    office.pass_time(seconds=5)
    sent = [(one.to, plain(read(one))) for one in office.send()]
    assert sorted(to for to, _ in sent) == [LENA, SAM, SAM]
    told = dict(sent)[LENA]
    assert "Fay Moss has answered too" in told
    assert "in May" not in told
    assert set(answer(office, office.notice, "And in July.")) == {SAM, FAY}, (
        "she answers what was sent before Lena wrote"
    )
