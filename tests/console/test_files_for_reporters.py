"""Files that staff send along with an answer: in the mail, or at the reporter's own page; nobody else's page has them."""

from email import message_from_bytes, policy
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from heedtest.fronts import visit
from heedtest.offices import Browser, Office
from werkzeug.test import TestResponse

LETTER = b"%PDF-1.4 the letter" + bytes(range(256)) * 1200
GUS, PIA = "gus@acme.example", "pia@acme.example"


def send(staff: Browser, reference: str, *files: tuple[str, bytes]) -> TestResponse:
    given = [(BytesIO(content), name) for name, content in files]
    return staff.reply(reference, "Here is the letter.", files=given)


def test_a_reporter_downloads_at_their_page_what_staff_sent(office: Office, public: FlaskClient) -> None:
    reference, receipt = office.anonymous("The books are cooked.")
    assert send(office.sign_in(GUS), reference, ("../our „letter“.pdf", LETTER), ("b.txt", b"two")).status_code == 303
    page = visit(public, receipt)
    assert 'name="file" value="2/0"' in page.text
    assert "our „letter“.pdf" in page.text
    assert "Gus" not in page.text
    first, second = visit(public, receipt, file="2/0"), visit(public, receipt, file="2/1")
    assert (first.status_code, first.data, second.data) == (200, LETTER, b"two")
    assert first.mimetype == "application/octet-stream"
    assert first.headers["Content-Disposition"].startswith("attachment; filename=")
    assert first.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("wanted", ["1/0", "2/1", "3/0", "9999999/0", "2/-1", "../../x"])
def test_nothing_else_is_to_be_had_there(office: Office, public: FlaskClient, wanted: str) -> None:
    reference, receipt = office.anonymous("The books are cooked.", ("mine.txt", b"what I took"))
    send(office.sign_in(GUS), reference, ("a.txt", b"one"))
    answer = visit(public, receipt, file=wanted)
    assert answer.mimetype == "text/html"
    assert b"what I took" not in answer.data


def test_a_note_s_files_and_another_case_s_stay_where_they_are(office: Office, public: FlaskClient) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    _, other = office.anonymous("The forklift has no brakes.")
    send(office.sign_in(GUS), reference, ("a.txt", b"one"))
    assert visit(public, other, file="2/0").status_code == 404


def test_by_mail_they_come_along(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "My bank wants a letter about my salary.")
    pia = office.sign_in(PIA)
    assert send(pia, reference, ("letter.pdf", LETTER)).status_code == 303
    (mail,) = [one for one in office.send() if b"Here is the letter." in one.content]
    read = message_from_bytes(mail.content, policy=policy.default)
    assert [(one.get_filename(), one.get_content()) for one in read.iter_attachments()] == [("letter.pdf", LETTER)]
    assert "letter.pdf" in pia.case(reference)


def test_too_many_files_are_refused_and_the_words_are_kept(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "My bank wants a letter about my salary.")
    refused = send(office.sign_in(PIA), reference, *[(f"{n}.txt", b"x") for n in range(11)])
    assert refused.status_code == 409
    assert "11 files are too many" in refused.text
    assert "Here is the letter." in refused.text


def test_a_party_gets_files_too_and_their_thread_lists_them(office: Office) -> None:
    reference = office.mail("ben@acme.example", "Please help", "They harass me")
    erin = office.sign_in("erin@acme.example")
    wim = {"role": "witness", "name": "Wim", "address": "wim@acme.example", "once": "c" * 32}
    assert erin.post(f"/cases/{reference}/parties", **wim).status_code == 303
    given = {"text": "Is this the list?", "once": "d" * 32, "files": [(BytesIO(LETTER), "list.pdf")]}
    assert erin.post(f"/cases/{reference}/parties/{'c' * 32}/write", **given).status_code == 303
    (mail,) = [one for one in office.send() if one.to == "wim@acme.example"]
    read = message_from_bytes(mail.content, policy=policy.default)
    assert [(one.get_filename(), one.get_content()) for one in read.iter_attachments()] == [("list.pdf", LETTER)]
    link = f'<a href="/cases/{reference}/files/2/0">list.pdf</a>'
    assert link in erin.get(f"/cases/{reference}/people").text
    assert erin.get(f"/cases/{reference}/files/2/0").data == LETTER
    many = given | {"once": "e" * 32, "files": [(BytesIO(b"x"), f"{n}.txt") for n in range(11)]}
    refused = erin.post(f"/cases/{reference}/parties/{'c' * 32}/write", **many)
    assert refused.status_code == 409
    assert "11 files are too many" in refused.text
    assert "Is this the list?" in refused.text
