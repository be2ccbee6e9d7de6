"""Forms through triage: named ones are acknowledged with a status link, anonymous ones sealed to people and receipt."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from heedtest.worker import both, rows
from sqlalchemy import select

from cases.audit.trail import chain_heads
from cases.keys.links import receipt_reader, status_reader
from cases.keys.sealing import CannotOpen, KeyNotHere, KeyPair, Place, unseal
from cases.keys.vault import unwrap_private
from cases.keys.wraps import wrap_place
from cases.model.codes import read_receipt
from cases.model.words import Channel
from cases.store import people, tables
from cases.store.engine import reading, writing
from cases.store.links import find_by_link
from gateway.inbox.envelope import Delivery
from gateway.inbox.tables import envelope
from webforms.payload import Filled, encode

PEPPER = b"p" * 32
RECEIPT = receipt_reader("0" * 21, PEPPER)
GUARDIAN = "chair@acme.example"


@pytest.fixture
def guardian(bench) -> people.Person:
    with writing(bench.shop.record) as connection:
        people.add(
            connection,
            person_id="g1",
            address=GUARDIAN,
            name="",
            roles=("guardian",),
            password="secret words",
            by="test",
            now=bench.shop.now(),
        )
        found = people.find(connection, GUARDIAN)
    assert found is not None
    return found


def send(bench, payload: bytes, channel: Channel) -> str:
    return bench.inbox.put(Delivery(channel, payload)).result(10)


def report(bench, text: str = "The safety valve is painted shut.") -> str:
    return send(bench, encode(Filled("anonymous", "en", text), reader=RECEIPT), Channel.ANONYMOUS)


def test_a_named_form_is_acknowledged_with_a_link_that_opens_its_case_and_no_other(bench) -> None:
    bench.shop.settings = bench.shop.settings.model_copy(
        update={"organisation": bench.shop.settings.organisation.model_copy(update={"public_url": "https://x.example"})}
    )
    filled = Filled("general", "en", "My badge is broken.", name="Sam", email="sam@acme.example", subject="Badge")
    reference = send(bench, encode(filled), Channel.FORM)
    bench.triage()
    sent = next(one for one in bench.send() if one.to == "sam@acme.example")
    text = message_from_bytes(sent.content, policy=policy.default).get_body(("plain",)).get_content()
    code = read_receipt(text.partition("https://x.example/s/")[2].split()[0])
    with reading(bench.shop.record) as connection:
        opened = find_by_link(connection, status_reader(code))
    assert opened is not None
    assert opened.reference == reference
    assert [one.text.strip() for one in opened.messages] == ["My badge is broken."]


@pytest.mark.usefixtures("guardian")
def test_an_anonymous_report_is_sealed_and_the_service_has_no_wrap(bench) -> None:
    report(bench)
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    assert case.access == "sealed"
    assert {row.reader_kind for row in rows(bench.shop.record, tables.wrap)} == {"staff", "receipt"}
    message = rows(bench.shop.record, tables.message)[0]
    with pytest.raises((CannotOpen, KeyNotHere)):
        unseal(bench.shop.keys.service, message.content, Place("message", message.id, "content"))


def test_the_guardians_vault_opens_it(bench, guardian: people.Person) -> None:
    report(bench)
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    wrap = next(row for row in rows(bench.shop.record, tables.wrap) if row.reader_kind == "staff")
    vault = unwrap_private(guardian.vault_wrapped, "secret words", guardian.id)
    keys = KeyPair.of_private(unseal(vault, wrap.sealed, wrap_place(case.id, 1, "content", "staff", guardian.id)))
    message = rows(bench.shop.record, tables.message)[0]
    assert b"safety valve" in unseal(keys, message.content, Place("message", message.id, "content"))


@pytest.mark.usefixtures("guardian")
def test_the_receipt_opens_it_and_the_dialogue_joins_it(bench) -> None:
    report(bench)
    bench.triage()
    send(bench, encode(Filled("dialogue", "en", "It is valve 7."), case_link=RECEIPT), Channel.ANONYMOUS)
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    with reading(bench.shop.record) as connection:
        opened = find_by_link(connection, RECEIPT)
    assert opened is not None
    assert [one.text.strip() for one in opened.messages] == ["The safety valve is painted shut.", "It is valve 7."]


@pytest.mark.usefixtures("guardian")
def test_the_same_receipt_twice_is_one_case_in_one_batch_and_in_two(bench) -> None:
    report(bench)
    report(bench, "The safety valve is painted shut, since May.")
    bench.triage()
    bench.pass_time(seconds=5)
    bench.triage()
    report(bench, "The safety valve is painted shut, since June.")
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    assert len(rows(bench.shop.record, tables.message)) == 3


def test_without_anyone_who_could_read_it_a_sealed_case_is_held(bench) -> None:
    report(bench)
    bench.triage()
    (stored,) = rows(bench.shop.inbox, envelope)
    assert stored.state == "held"
    assert "vault key" in stored.error


@pytest.mark.usefixtures("guardian")
def test_times_of_an_anonymous_case_are_kept_to_the_day_even_after_its_notices_have_left(bench) -> None:
    report(bench)
    bench.triage()
    bench.pass_time(minutes=1)
    assert bench.send() == []
    bench.pass_time(hours=25)
    assert bench.send() != []
    moments = [rows(bench.shop.inbox, envelope)[0].received_at, rows(bench.shop.record, tables.case)[0].received_at]
    moments += [row.at for row in rows(bench.shop.record, tables.message)]
    moments += [row.at for row in rows(bench.shop.record, tables.event) if row.stream_id != "deployment"]
    moments += [row.created_at for row in rows(bench.shop.record, tables.wrap)]
    moments += [at for row in rows(bench.shop.record, tables.outbox) for at in (row.created_at, row.done_at)]
    assert {(one.hour, one.minute, one.second) for one in moments} == {(0, 0, 0)}


@pytest.mark.usefixtures("guardian")
def test_nobody_is_mailed_about_the_reporter(bench) -> None:
    report(bench)
    bench.triage()
    bench.pass_time(hours=25)
    for sent in bench.send():
        assert sent.to.endswith("@acme.example")
        assert b"valve" not in sent.content


MINUTES = {17, 18}
"""In which a report came in, and what is done about it within a minute: no deadline ends by chance in these."""


def hours_told(bench) -> dict[str, object]:
    """Every moment in both databases that tells those minutes, by table and column."""
    told = {}
    for engine, metadata in both(bench):
        for table in metadata.sorted_tables:
            if table.name in {"person", "ruleset", "publication", "lease", "sign_in"}:
                continue
            for row in rows(engine, table):
                if getattr(row, "stream_id", "") == "deployment":
                    continue
                for name, value in row._mapping.items():
                    if isinstance(value, datetime) and value.minute in MINUTES:
                        told[f"{table.name}.{name}"] = value
    return told


@pytest.mark.usefixtures("guardian")
def test_nothing_tells_the_hour_of_an_anonymous_report(bench) -> None:
    with writing(bench.shop.record) as connection:
        chain_heads(connection, bench.shop.now())  # what happened before is recorded already
    with writing(bench.shop.record) as connection:
        connection.execute(tables.chain_head.update().values(at=datetime(2026, 11, 1, tzinfo=UTC)))
    bench.pass_time(hours=2, minutes=17, seconds=41)
    report(bench, "He keeps harassing me, I will go to a tribunal with my solicitor.")
    bench.triage()
    with writing(bench.shop.record) as connection:
        chain_heads(connection, bench.shop.now())
    bench.pass_time(seconds=5)
    bench.send()
    assert hours_told(bench) == {}


@pytest.mark.usefixtures("guardian")
def test_nothing_sealed_shows_beside_whose_an_anonymous_report_was_written(bench) -> None:
    report(bench)
    for number in range(2):
        said = f"From: s{number}@acme.example\r\nMessage-ID: <{number}@acme.example>\r\n\r\nWhat about my payslip?\r\n"
        bench.deliver(said.encode(), sender=f"s{number}@acme.example")
    bench.triage()
    with reading(bench.shop.record) as connection:
        cases = connection.execute(select(tables.case.c.id, tables.case.c.channel)).all()
        sealed = [
            *connection.execute(select(tables.wrap.c.case_id, tables.wrap.c.sealed)),
            *connection.execute(select(tables.outbox.c.case_id, tables.outbox.c.payload)),
        ]
    boxes = {case.id: {value[:85] for of, value in sealed if of == case.id} for case in cases}
    anonymous = next(boxes.pop(case.id) for case in cases if case.channel == Channel.ANONYMOUS.value)
    one, other = boxes.values()
    assert anonymous
    assert one & other, "mails of a batch share boxes: this test would not notice a shared one"
    assert not anonymous & (one | other)


def test_nothing_tells_the_hour_of_an_anonymous_report_that_is_held(bench) -> None:
    bench.pass_time(hours=2, minutes=17, seconds=41)
    report(bench)
    bench.triage()
    assert rows(bench.shop.inbox, envelope)[0].state == "held"
    assert hours_told(bench) == {}


def test_log_lines_name_no_anonymous_report(bench, caplog) -> None:
    report(bench)
    bench.triage()
    assert rows(bench.shop.inbox, envelope)[0].state == "held"
    assert caplog.records == []
