"""The path from SMTP to the Maildir: a mail becomes a case, is acknowledged, and a reply joins it."""

import re

import pytest
from heedtest.door import hand_over
from heedtest.homes import ended, one_answer, one_case
from heedtest.look import answers_to, cases_by_message_id, envelopes, rows, settled
from heedtest.mails import make_mail
from heedtest.served import Served, heed
from heedtest.waiting import wait_until

pytestmark = pytest.mark.system


def messages(served: Served, reference: str) -> int:
    """How many messages a case has."""
    joined = "SELECT count(*) FROM message m JOIN case_file c ON c.id = m.case_id WHERE c.reference = ?"
    return int(rows(served.home / "record.db", joined, reference)[0][0])


def test_a_mail_becomes_an_acknowledged_case(local: Served) -> None:
    mail = make_mail("path", 1)
    answer = hand_over(local.door, mail.raw, sender=mail.sender)
    assert answer.code == 250
    reference = one_case(local, mail.message_id)
    assert answer.reference == reference
    acknowledgement = one_answer(local, mail.message_id)
    assert mail.sender in acknowledgement["To"]
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert mail.message_id in acknowledgement["References"]
    assert reference in acknowledgement.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert reference in {case["reference"] for case in heed(local.home, "cases", "list")}


def test_a_reply_joins_its_case_by_the_token_alone(local: Served) -> None:
    mail = make_mail("path", 2)
    hand_over(local.door, mail.raw, sender=mail.sender)
    reference = one_case(local, mail.message_id)
    reply_to = re.search(r"<(hr\+[a-z2-7]+@acme\.example)>", str(one_answer(local, mail.message_id)["Reply-To"]))
    assert reply_to is not None
    body = f"From: {mail.sender}\r\nMessage-ID: <reply.2@people.example>\r\nSubject: another\r\n\r\nOne more thing.\r\n"
    answer = hand_over(local.door, body.encode(), sender=mail.sender, to=reply_to.group(1))
    assert ended(local, answer.reference) == "triaged"
    assert messages(local, reference) == 2
    assert cases_by_message_id(local.home, ["<reply.2@people.example>"])["<reply.2@people.example>"] == [reference]


def test_a_forged_token_joins_nothing(local: Served) -> None:
    mail = make_mail("path", 3)
    hand_over(local.door, mail.raw, sender=mail.sender)
    reference = one_case(local, mail.message_id)
    body = f"From: {mail.sender}\r\nMessage-ID: <forged.3@people.example>\r\nSubject: Re: {reference}\r\n\r\nHello.\r\n"
    hand_over(local.door, body.encode(), sender=mail.sender, to=f"hr+{'a' * 37}@acme.example")
    assert one_case(local, "<forged.3@people.example>") != reference
    assert messages(local, reference) == 1


def test_the_same_mail_twice_is_one_case_and_one_acknowledgement(local: Served) -> None:
    mail = make_mail("path", 4)
    answers = [hand_over(local.door, mail.raw, sender=mail.sender) for _ in range(2)]
    assert [ended(local, answer.reference) for answer in answers] == ["triaged", "triaged"]
    wait_until(lambda: settled(local.home), "nothing to be under way")
    one_case(local, mail.message_id)
    one_answer(local, mail.message_id)


def test_automatic_mail_is_a_case_that_is_never_acknowledged(local: Served) -> None:
    raw = b"From: Robot <robot@people.example>\r\nMessage-ID: <auto.5@people.example>\r\nSubject: Out of office\r\n"
    raw += b"Auto-Submitted: auto-replied\r\n\r\nI am away until Monday.\r\n"
    ended(local, hand_over(local.door, raw, sender="robot@people.example").reference)
    wait_until(lambda: settled(local.home), "nothing to be under way")
    assert answers_to(local.home / "outgoing", "<auto.5@people.example>") == []


def test_the_bytes_leave_the_inbox_and_the_trail_verifies(local: Served) -> None:
    wait_until(lambda: settled(local.home), "nothing to be under way")
    assert rows(
        local.home / "inbox.db", "SELECT count(*) FROM envelope WHERE sealed IS NOT NULL AND state = 'triaged'"
    ) == [(0,)]
    assert not envelopes(local.home).get("held")
    heed(local.home, "audit", "verify")
