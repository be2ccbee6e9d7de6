"""A notice of a case that was merged since is answered: its words reach who it was about, and nobody else."""

from email.message import EmailMessage

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, answer, hired, plain, round_
from heedtest.worker import mail, rows

from cases.handling.hand import Hand
from cases.handling.several.merging import merge
from cases.store import people, tables
from cases.store.engine import writing
from cases.store.sight import Viewer

KIM, LENA = "kim@acme.example", "lena@acme.example"
LEVELS = ("low", "moderate", "high", "critical")


@pytest.fixture
def office(bench):
    return hired(bench)


def opened_by(office, sender: str, subject: str, text: str) -> tuple[str, EmailMessage]:
    """The reference of the case that a mail opens, and the notice of it."""
    reference = office.deliver(mail(subject=subject, text=text, sender=sender, **PROVEN), sender=sender)
    return reference, round_(office)[FAY]


def merged(office, gone: str, kept: str) -> None:
    with writing(office.shop.record) as connection:
        lena = people.find(connection, LENA)
        assert lena is not None
        hand = Hand(Viewer(lena, {}), None, office.shop.keys.service, office.clock[0], office.shop.keys.index)
        merge(connection, gone, kept, hand, LEVELS)


def status_of(office, reference: str) -> str:
    return next(row.status for row in rows(office.shop.record, tables.case) if row.reference == reference)


def test_it_goes_to_who_wrote_first_and_never_to_the_other_cases_reporter(office) -> None:
    sams, notice = opened_by(office, SAM, "My payslip", "My overtime is missing.")
    kims, _ = opened_by(office, KIM, "My payslip too", "I wonder about my bonus.")
    merged(office, sams, kims)
    sent = answer(office, notice, "Dear Sam, your overtime will be paid.")
    assert set(sent) == {SAM, FAY}
    assert "your overtime will be paid" in plain(sent[SAM])
    assert kims in plain(sent[FAY])
    assert "a thread of their own" in plain(sent[FAY])
    follows = mail(subject="Re:", text="Thank you.", sender=SAM, reply_to=str(sent[SAM]["Message-ID"]), **PROVEN)
    office.deliver(follows, sender=SAM, to=(sent[SAM]["Reply-To"].addresses[0].addr_spec,))
    assert KIM not in round_(office)
    threads = [(row.direction, bool(row.party_id)) for row in rows(office.shop.record, tables.message)]
    assert threads[-2:] == [("outbound", True), ("inbound", True)]


@pytest.mark.parametrize("form", [b"%PDF the form", b"%PDF the form" + bytes(range(256)) * 600], ids=["small", "large"])
def test_files_go_along(office, form: bytes) -> None:
    sams, notice = opened_by(office, SAM, "My payslip", "My overtime is missing.")
    kims, _ = opened_by(office, KIM, "My payslip too", "I wonder about my bonus.")
    merged(office, sams, kims)
    sent = answer(office, notice, "Here it is.", files=[("form.pdf", form)])
    assert set(sent) == {SAM, FAY}
    files = [(one.get_filename(), one.get_content()) for one in sent[SAM].iter_attachments()]
    assert files == [("form.pdf", form)]


def test_what_would_reach_further_than_their_thread_is_done_in_the_console(office) -> None:
    sams, notice = opened_by(office, SAM, "My payslip", "My overtime is missing.")
    kims, _ = opened_by(office, KIM, "My payslip too", "I wonder about my bonus.")
    merged(office, sams, kims)
    sent = answer(office, notice, "#close answered\nIt is paid.")
    assert set(sent) == {FAY}
    assert "was merged into another" in plain(sent[FAY])
    assert status_of(office, kims) == "assigned"


def test_a_note_stays_inside(office) -> None:
    sams, notice = opened_by(office, SAM, "My payslip", "My overtime is missing.")
    kims, _ = opened_by(office, KIM, "My payslip too", "I wonder about my bonus.")
    merged(office, sams, kims)
    assert answer(office, notice, "#note\nSam called twice about this.") == {}


def test_the_same_reporters_two_cases_are_answered_as_one(office) -> None:
    first, notice = opened_by(office, SAM, "My payslip", "My overtime is missing.")
    second, _ = opened_by(office, SAM, "My bonus", "I wonder about my bonus.")
    merged(office, first, second)
    sent = answer(office, notice, "#close answered\nBoth are paid.")
    assert "Both are paid." in plain(sent[SAM])
    assert status_of(office, second) == "closed"
