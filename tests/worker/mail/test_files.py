"""Files by mail, small and large: they travel both ways; what is too large is named, or refused with its reason."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, answer, hired, plain, round_
from heedtest.worker import mail, rows
from sqlalchemy import select

from cases.store import files, tables
from cases.store.engine import reading
from cases.store.key_tables import file as file_table

SMALL, LARGE = b"%PDF-1.4 small", b"%PDF-1.4 " + bytes(range(256)) * 1600


@pytest.fixture
def office(bench):
    assert len(LARGE) > files.INLINE_BYTES
    return hired(bench)


def with_files(raw: bytes, *contents: bytes) -> bytes:
    message = message_from_bytes(raw, policy=policy.default)
    for number, content in enumerate(contents):
        message.add_attachment(content, maintype="application", subtype="pdf", filename=f"scan {number}.pdf")
    return message.as_bytes()


def came_along(message: EmailMessage) -> list[tuple[str | None, bytes]]:
    return [(one.get_filename(), one.get_content()) for one in message.iter_attachments()]


def notice(office, *contents: bytes) -> EmailMessage:
    office.deliver(with_files(mail(subject="My timesheets", text="See the scans.", **PROVEN), *contents))
    return round_(office)[FAY]


def most(office, number: int) -> None:
    outgoing = office.shop.settings.outgoing.model_copy(update={"max_file_bytes": number})
    office.shop.settings = office.shop.settings.model_copy(update={"outgoing": outgoing})


def kept_in_pieces(office) -> int:
    with reading(office.shop.record) as connection:
        return len(connection.execute(select(file_table.c.id)).all())


def test_large_files_reach_the_owner_as_they_came(office) -> None:
    told = notice(office, LARGE, SMALL)
    assert kept_in_pieces(office)
    assert came_along(told) == [("scan 0.pdf", LARGE), ("scan 1.pdf", SMALL)]


def test_large_files_of_an_answer_reach_the_reporter(office) -> None:
    sent = answer(office, notice(office), "Here is the form.", files=[("form.pdf", LARGE)])
    assert kept_in_pieces(office)
    assert came_along(sent[SAM]) == [("form.pdf", LARGE)]


def test_files_too_large_for_a_mail_are_named_and_wait_in_the_console(office) -> None:
    most(office, len(LARGE))
    told = notice(office, LARGE, SMALL)
    assert came_along(told) == []
    assert "too large for a mail: scan 0.pdf, scan 1.pdf. Open them in the console." in plain(told)
    assert "> See the scans." in plain(told)


def test_an_answer_with_files_too_large_is_not_sent_without_them(office) -> None:
    told = notice(office)
    most(office, 1024 * 1024)
    sent = answer(office, told, "Here is the form.", files=[("form.pdf", LARGE * 3)])
    assert SAM not in sent
    assert "larger than 1 MB together" in plain(sent[FAY])


def test_an_answer_whose_files_cannot_go_along_when_it_leaves_is_reported_to_its_author(office) -> None:
    told = notice(office)
    sendable = office.shop.settings
    office.send = list  # nothing leaves yet
    answer(office, told, "Here is the form.", files=[("form.pdf", LARGE)])
    del office.send
    office.shop.settings = sendable
    most(office, 1000)
    assert office.send() == []
    (report,) = office.send()
    assert report.to == FAY
    assert b"did not go out" in report.content
    assert [row.state for row in rows(office.shop.record, tables.outbox) if row.key.startswith("reply:")] == ["blocked"]


def test_files_of_a_mail_that_a_colleague_passed_on_reach_its_owner(office) -> None:
    inner = with_files(mail(sender="old@partner.example", subject="My contract", text="Please see."), SMALL)
    outer = message_from_bytes(mail(subject="Fwd: My contract", text="For you.", sender=FAY, **PROVEN),
                               policy=policy.default)  # fmt: skip
    outer.add_attachment(message_from_bytes(inner, policy=policy.default))
    office.deliver(outer.as_bytes(), sender=FAY)
    owners = [one for one in round_(office).values() if "Please see." in plain(one)]
    assert [came_along(one)[:1] for one in owners] == [[("scan 0.pdf", SMALL)]]
