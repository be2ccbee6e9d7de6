"""A mail in a colleague's name that nothing proves: the case's page says so, and does not call it a reporter's."""

from datetime import timedelta

from heedtest.offices import Office
from heedtest.worker import mail

from cases.staff_mail import StaffMail, keep_note, locked
from cases.store.engine import writing
from gateway.normalizer import normalize_mail


def test_an_unverified_note_is_shown_as_not_proven(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "My overtime is missing.")
    raw = mail(sender="Fay Moss <fay@acme.example>", text="Pay him at once.")
    said = normalize_mail(raw, now=office.clock[0])
    with writing(office.desk.record) as connection:
        case = locked(connection, reference)
        assert case is not None
        letter = StaffMail("f" * 32, said, raw, "print")
        now = office.clock[0] + timedelta(minutes=1)
        keep_note(connection, case, letter, office.desk.index, now, verb="reply.unverified", reason="unproven")
    page = office.sign_in("pia@acme.example").case(reference)
    assert "Not proven to be from Fay Moss" in page
    assert "in a colleague's name and is not proven to be from them" in page
    assert "not the reporter's" not in page
