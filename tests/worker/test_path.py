"""From a stored envelope to an acknowledged case, without processes: what each step promises."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from heedtest.worker import both, mail, rows
from sqlalchemy import select

from cases.audit.verifying import verify
from cases.errors import Refused, TryLater
from cases.store import outbox, tables
from cases.store.engine import reading, writing
from gateway.inbox import states
from gateway.inbox.tables import envelope

PAYSLIP = mail(subject="My payslip", text="My overtime is missing.")


def test_a_mail_becomes_one_case_with_the_reference_of_the_door(bench) -> None:
    reference = bench.deliver(PAYSLIP)
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    assert (case.reference, case.category, case.status) == (reference, "unsorted", "assigned")
    (stored,) = rows(bench.shop.inbox, envelope)
    assert (stored.state, stored.sealed) == ("triaged", None)


def test_nothing_of_what_was_said_is_readable_in_either_database(bench, tmp_path) -> None:
    bench.deliver(mail(subject="Zanzibar", text="Quetzalcoatl owes me money.", sender="marker-person@acme.example"))
    bench.triage()
    bench.pass_time(seconds=5)
    bench.send()
    found = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    found += repr(
        [rows(engine, table) for engine, metadata in both(bench) for table in metadata.sorted_tables]
    ).encode()
    for marker in (b"Zanzibar", b"Quetzalcoatl", b"marker-person"):
        assert marker not in found


def test_the_acknowledgement_threads_and_says_it_is_automatic(bench) -> None:
    reference = bench.deliver(PAYSLIP)
    bench.triage()
    sent = next(one for one in bench.send() if one.to == "sam@acme.example")
    message = message_from_bytes(sent.content, policy=policy.default)
    assert message["In-Reply-To"] == message_from_bytes(PAYSLIP)["Message-ID"]
    assert message["Auto-Submitted"] == "auto-replied"
    assert reference in message["Subject"]
    assert reference in message.get_body(("plain",)).get_content()
    assert sent.envelope_from.startswith("bounce+")


def test_sending_meets_the_acknowledgement_clock_and_is_an_event(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.triage()
    bench.send()
    clocks = {row.kind: row.state for row in rows(bench.shop.record, tables.clock)}
    assert clocks["acknowledge"] == "met"
    assert clocks["first_response"] == "running"
    assert "acknowledgement.sent" in {row.verb for row in rows(bench.shop.record, tables.event)}
    with reading(bench.shop.record) as connection:
        assert verify(connection).broken is None


def test_a_reply_to_the_acknowledgement_joins_the_same_case(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.triage()
    acknowledgement = message_from_bytes(bench.send()[0].content)
    token_address = acknowledgement["Reply-To"].rpartition("<")[2].rstrip(">")
    bench.deliver(mail(subject="Re: My payslip", text="And the night shift too."), to=(token_address,))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    assert [row.number for row in rows(bench.shop.record, tables.message)] == [1, 2]


def test_a_reply_whose_client_drops_the_token_address_joins_by_our_message_id(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.triage()
    ours = message_from_bytes(bench.send()[0].content)["Message-ID"]
    bench.deliver(mail(text="More.", reply_to=ours))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1


def test_a_stranger_who_knows_reference_and_message_id_joins_nothing(bench) -> None:
    reference = bench.deliver(PAYSLIP)
    bench.triage()
    known = message_from_bytes(PAYSLIP)["Message-ID"]
    bench.deliver(mail(subject=f"Re: My payslip [{reference}]", sender="mallory@elsewhere.example", reply_to=known))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 2


def test_a_good_token_from_an_unknown_address_joins_unconfirmed(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.triage()
    ours = message_from_bytes(bench.send()[0].content)["Message-ID"]
    bench.deliver(mail(text="From home.", sender="sam@home.example", reply_to=ours), sender="sam@home.example")
    bench.triage()
    assert [row.confirmed for row in rows(bench.shop.record, tables.message)] == [True, False]


def test_the_same_mail_twice_is_one_case(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.deliver(PAYSLIP)
    bench.triage()
    bench.deliver(PAYSLIP, to=("hr@acme.example", "people@acme.example"))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    assert {row.state for row in rows(bench.shop.inbox, envelope)} == {"triaged"}
    assert [row.verb for row in rows(bench.shop.record, tables.event)].count("message.repeated") >= 1


def test_another_mail_under_a_known_message_id_is_not_swallowed(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.triage()
    bench.deliver(mail(text="Something else.", message_id=message_from_bytes(PAYSLIP)["Message-ID"]))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List-Id": "<l.acme.example>"},
        {"X-Heed-Loop": "acme.example"},
    ],
)
def test_automatic_mail_is_never_acknowledged(bench, headers) -> None:
    bench.deliver(mail(text="I am away.", **headers))
    bench.triage()
    bench.pass_time(minutes=1)
    assert "sam@acme.example" not in {one.to for one in bench.send()}


def test_an_empty_return_path_is_never_acknowledged(bench) -> None:
    bench.deliver(PAYSLIP, sender="<>")
    bench.triage()
    assert bench.send() == []


def test_a_rule_escalates_with_a_notice_that_carries_no_content(bench) -> None:
    bench.deliver(mail(subject="my boss Ferdinand", text="He keeps harassing me in the warehouse."))
    bench.triage()
    notice = next(one for one in bench.send() if one.to == "cho@acme.example")
    assert b"Ferdinand" not in notice.content
    assert b"warehouse" not in notice.content
    (case,) = rows(bench.shop.record, tables.case)
    assert (case.category, case.risk, case.access) == ("harassment", "high", "restricted")
    assert case.reference.encode() in notice.content


def test_running_a_batch_twice_changes_nothing(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.triage()
    with writing(bench.shop.inbox) as connection:  # as if we had died between the record's commit and the inbox's
        sealed = b"gone"
        connection.execute(envelope.update().values(state="new", batch="", leased_until=None, sealed=sealed))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1


def test_sending_twice_gives_the_same_bytes(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.triage()
    first = bench.send()[0]
    with writing(bench.shop.record) as connection:
        entry = connection.execute(select(tables.outbox).where(tables.outbox.c.id == first.entry_id)).one()
    assert entry.state == "done"
    bench.deliver(mail(text="Other."))
    bench.triage()
    bench.transport.error = TryLater("the relay said 451")
    bench.send()
    bench.transport.error = None
    bench.pass_time(seconds=6)
    again = {one.message_id for one in bench.send()}
    assert first.message_id not in again


def test_an_envelope_that_cannot_be_opened_is_held_with_a_sentence_and_the_rest_goes_on(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.deliver(mail(text="Another."))
    with writing(bench.shop.inbox) as connection:
        one = connection.execute(select(envelope.c.id).limit(1)).scalar_one()
        connection.execute(envelope.update().where(envelope.c.id == one).values(sealed=b"damaged"))
    bench.triage()
    assert sorted(row.state for row in rows(bench.shop.inbox, envelope)) == ["held", "triaged"]
    with reading(bench.shop.inbox) as connection:
        (held,) = states.held(connection)
    assert "sealed value" in held.error


def test_a_fault_of_ours_is_tried_five_times_then_held_and_retried_on_request(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.shop.model.error = RuntimeError("quotes: My overtime is missing")
    for _ in range(states.MOST_ATTEMPTS):
        bench.triage()
        bench.pass_time(seconds=30)
    with writing(bench.shop.inbox) as connection:
        states.hold_exhausted(connection, bench.shop.now())
        (held,) = states.held(connection)
        assert "overtime" not in held.error
        assert states.retry(connection, [held.reference]) == [held.reference]
    bench.shop.model.error = None
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1


def test_a_permanent_refusal_blocks_the_mail_visibly(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.triage()
    bench.transport.error = Refused("the mail relay answered 550 5.1.1")
    bench.send()
    entries = rows(bench.shop.record, tables.outbox)
    assert "blocked" in {row.state for row in entries}
    assert "mail.blocked" in {row.verb for row in rows(bench.shop.record, tables.event)}
    assert rows(bench.shop.record, tables.clock)[0].state == "running"


def test_ingested_mail_opens_cases_and_sends_nothing(bench) -> None:
    from cases.model.words import Channel
    from gateway.inbox.envelope import Delivery

    bench.inbox.put(Delivery(Channel.MAIL, PAYSLIP), quiet=True).result(10)
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    with reading(bench.shop.record) as connection:
        assert outbox.counts(connection) == {}


def test_events_carry_no_content(bench) -> None:
    bench.deliver(mail(subject="Zanzibar", text="Quetzalcoatl"))
    bench.triage()
    written = json.dumps([row.data for row in rows(bench.shop.record, tables.event)])
    assert "Zanzibar" not in written
    assert "Quetzalcoatl" not in written
    assert "sam@acme.example" not in written


def test_a_subject_with_line_breaks_never_becomes_a_header(bench) -> None:
    message = EmailMessage()
    raw = mail(text="x").replace(
        b"Subject: A question", b"Subject: =?utf-8?q?hello=0D=0ABcc=3A_evil=40elsewhere.example?="
    )
    bench.deliver(raw)
    bench.triage()
    sent = message_from_bytes(bench.send()[0].content)
    assert sent["Bcc"] is None
    assert message["Bcc"] is None


def test_a_locked_database_uses_up_no_attempt(bench) -> None:
    bench.deliver(PAYSLIP)
    bench.shop.model.error = TryLater("the database cannot write now")
    for _ in range(3 * states.MOST_ATTEMPTS):
        bench.triage()
        bench.pass_time(seconds=30)
    (stored,) = rows(bench.shop.inbox, envelope)
    assert (stored.state, stored.attempts) == ("new", 0)


def test_the_same_words_without_a_message_id_are_the_same_mail_for_a_week(bench) -> None:
    bare = b"From: sam@acme.example\r\nSubject: hello\r\n\r\nIs the canteen open?\r\n"
    bench.deliver(bare)
    bench.triage()
    bench.pass_time(days=6)
    bench.deliver(bare)
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    bench.pass_time(days=2)
    bench.deliver(bare)
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 2


def test_two_rules_that_escalate_to_one_person_tell_them_once_and_replies_do_not_repeat_it(bench) -> None:
    bench.deliver(
        mail(subject="two things", text="She keeps bullying me, and I will sue the company with my solicitor.")
    )
    bench.triage()
    sent = bench.send()
    assert [one.to for one in sent].count("cho@acme.example") == 1
    ours = message_from_bytes(next(one for one in sent if one.to == "sam@acme.example").content)["Message-ID"]
    bench.deliver(mail(text="Still bullying me, and my solicitor agrees.", reply_to=ours))
    bench.triage()
    bench.pass_time(seconds=10)
    assert "cho@acme.example" not in {one.to for one in bench.send()}
