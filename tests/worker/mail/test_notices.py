"""Notices to staff: the owner's working notice quotes what it may, every other one carries nothing; each quote is told."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from heedtest.worker import mail, rows

from cases.directory.importing import take_over
from cases.errors import Refused
from cases.model.context import Person
from cases.store import people, rulesets, tables
from cases.store.engine import writing
from rules import load

WORDS = "My overtime of October is missing from the payslip."
OWNER = "fay@acme.example"


def notice(bench, raw: bytes, to: str = OWNER) -> EmailMessage:
    bench.deliver(raw)
    bench.triage()
    bench.pass_time(seconds=5)
    sent = next(one for one in bench.send() if one.to == to)
    return message_from_bytes(sent.content, policy=policy.default)


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def disclosures(bench) -> list[dict]:
    return [json.loads(row.data) for row in rows(bench.shop.record, tables.event) if row.verb == "content.disclosed"]


def publish(bench, *changes: tuple[str, str]) -> None:
    with writing(bench.shop.record) as connection:
        text = rulesets.published(connection)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=bench.shop.now())


def test_the_owner_reads_the_new_text_and_can_answer(bench) -> None:
    said = notice(bench, mail(subject="My payslip", text=WORDS, sender="Sam Doe <sam@acme.example>"))
    assert f"> {WORDS}" in text_of(said)
    assert "Sam Doe <sam@acme.example>" in text_of(said)
    assert said["Reply-To"].startswith("Acme HR <hr+")
    assert "carries nothing" not in text_of(said)
    (message,) = rows(bench.shop.record, tables.message)
    (told,) = disclosures(bench)
    assert (told["message"], told["to"]) == (message.id, OWNER)


def test_a_high_risk_is_told_without_a_word_of_it(bench) -> None:
    said = notice(bench, mail(text="My solicitor will write to you about Quetzalcoatl."))
    assert "Quetzalcoatl" not in said.as_string()
    assert "sam@" not in said.as_string()
    assert "carries nothing of what was said" in text_of(said)
    assert disclosures(bench) == []


def test_another_organisation_is_never_quoted_to(bench) -> None:
    desk = "frontdesk: {members: [fay@acme.example], assign: round_robin, calendar: office"
    publish(bench, (desk, desk + ", organisation: provider, families: [unsorted], hand_over: er"))
    publish(
        bench,
        ("team: frontdesk, risk: moderate, sla: routine", "team: frontdesk, risk: low, sla: routine, family: unsorted"),
    )
    bench.deliver(mail(subject="My payslip", text=WORDS))
    bench.triage()
    bench.pass_time(seconds=5)
    assert all(b"overtime" not in one.content for one in bench.send() if one.to != "sam@acme.example")
    assert disclosures(bench) == []


def test_what_became_restricted_before_the_notice_left_is_not_quoted(bench) -> None:
    bench.deliver(mail(text=WORDS))
    bench.triage()
    with writing(bench.shop.record) as connection:
        connection.execute(tables.case.update().values(access="restricted"))
    bench.pass_time(seconds=5)
    assert all(b"overtime" not in one.content for one in bench.send())
    assert disclosures(bench) == []


def test_files_travel_to_the_owner_as_they_came(bench) -> None:
    message = message_from_bytes(mail(text="See the note."), policy=policy.default)
    message.add_attachment(b"%PDF-1.4 sick note", maintype="application", subtype="pdf", filename="Übersicht März.pdf")
    said = notice(bench, message.as_bytes())
    (file,) = said.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Übersicht März.pdf", b"%PDF-1.4 sick note")


def test_the_words_of_a_stranger_make_no_link_and_no_markup(bench) -> None:
    said = notice(bench, mail(text="<b>Sign in</b> at https://evil.example/cases now."))
    html = said.get_body(("html",)).get_content()
    assert "<b>Sign in" not in html
    assert 'href="https://evil' not in html
    assert 'href="http://127.0.0.1:8081/cases/HR-' in html


def test_notices_of_one_case_stand_in_one_thread(bench) -> None:
    first = notice(bench, mail(subject="My payslip", text=WORDS, message_id="<one@acme.example>"))
    second = notice(bench, mail(subject="Re: My payslip", text="Still.", reply_to="<one@acme.example>"))
    assert first["References"] == second["References"]
    assert second["Subject"] == f"Re: {first['Subject']}"
    assert "> Still." in text_of(second)


def test_after_a_death_the_reporter_gets_the_same_bytes_and_a_notice_what_may_be_said_now(bench) -> None:
    """The relay had taken them, and nothing was written down; meanwhile the case has changed."""
    bench.deliver(mail(subject="My payslip", text=WORDS))
    bench.triage()
    promised = rows(bench.shop.record, tables.outbox)
    bench.pass_time(seconds=5)
    first = {one.message_id: one for one in bench.send()}
    with writing(bench.shop.record) as connection:
        changed = {"access": "restricted", "risk": "high", "status": "closed", "language": "de"}
        known = tables.case.c.keys()
        connection.execute(tables.case.update().values({name: to for name, to in changed.items() if name in known}))
        for row in promised:
            undone = {"state": "pending", "payload": row.payload, "batch": "", "leased_until": None, "done_at": None}
            connection.execute(tables.outbox.update().where(tables.outbox.c.id == row.id).values(**undone))
    again = {one.message_id: one for one in bench.send()}
    assert {name: one.to for name, one in again.items()} == {name: one.to for name, one in first.items()}
    for name, one in again.items():
        if one.to == "sam@acme.example":
            assert one.content == first[name].content
        else:
            assert WORDS.encode() in first[name].content
            assert WORDS.encode() not in one.content


def test_an_owner_is_written_to_in_their_language(bench) -> None:
    with writing(bench.shop.record) as connection:
        person = Person(address=OWNER, name="Fay Moss", language="de")
        take_over(connection, (person,), by="test", now=bench.shop.now())
    said = text_of(notice(bench, mail(subject="My payslip", text=WORDS)))
    assert "ist jetzt bei Ihnen" in said
    assert f"> {WORDS}" in said


def test_what_was_set_for_a_colleague_comes_before_the_directory_and_the_organisation(bench) -> None:
    with writing(bench.shop.record) as connection:
        take_over(connection, (Person(address=OWNER, name="Fay Moss", language="pl"),), by="test", now=bench.shop.now())
    organisation = bench.shop.settings.organisation.model_copy(update={"language": "es"})
    bench.shop.settings = bench.shop.settings.model_copy(update={"organisation": organisation})
    assert "es ahora suyo" in text_of(notice(bench, mail(subject="My payslip", text=WORDS)))
    with writing(bench.shop.record) as connection:
        hire(connection, OWNER, "fr", bench.shop.now())
    second = mail(subject="Another matter", text="My leave.", message_id="<two@acme.example>")
    assert "est maintenant à vous" in text_of(notice(bench, second))
    with pytest.raises(Refused, match="languages are en, de, fr, es"), writing(bench.shop.record) as connection:
        people.set_language(connection, people.find(connection, OWNER), "pl", by="test", now=bench.shop.now())


def hire(connection, address: str, language: str, now) -> None:
    known = people.find(connection, address)
    if known is None:
        given = {"name": "Fay Moss", "roles": ("handler",), "password": "a b c", "by": "test", "now": now}
        people.add(connection, person_id="f" * 32, address=address, language=language, **given)
    else:
        people.set_language(connection, known, language, by="test", now=now)
