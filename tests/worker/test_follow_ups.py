"""What comes after the end: a reply reopens a case or opens a linked one, by rule; an answer that came back is told."""

from dataclasses import replace

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, answer, hired, plain, round_, the_case
from heedtest.worker import mail, rows
from sqlalchemy import insert, update

from cases.retention.erasing import erase
from cases.store import rulesets, tables
from cases.store.engine import writing
from rules import load


@pytest.fixture
def office(bench):
    office = hired(bench)
    publish(office, "  unsure_below: 0.60\n", "  unsure_below: 0.60\n  reopen_within: 90 days\n")
    return office


def publish(office, old: str, new: str) -> None:
    with writing(office.shop.record) as connection:
        text = rulesets.published(connection)
        assert old in text
        text = text.replace(old, new)
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=office.shop.now())


def ask(office, text: str = "My overtime is missing.", **headers: str) -> None:
    office.deliver(mail(subject="My payslip", text=text, sender=SAM, **{**PROVEN, **headers}))
    office.told = round_(office)


def reply(office, text: str = "It is still wrong.") -> None:
    acknowledged = office.told[SAM]
    office.deliver(
        mail(subject="Re: My payslip", text=text, sender=SAM, reply_to=str(acknowledged["Message-ID"]), **PROVEN),
        to=(acknowledged["Reply-To"].addresses[0].addr_spec,),
    )
    office.told = round_(office)


def close(office, **values) -> None:
    values = {"status": "closed", "closed_at": office.shop.now(), **values}
    with writing(office.shop.record) as connection:
        connection.execute(update(tables.case).values(**values))


def test_a_reply_within_the_time_reopens_the_case(office) -> None:
    ask(office)
    close(office, outcome="declined")
    office.pass_time(days=89)
    reply(office)
    case = the_case(office)
    assert (case.status, case.closed_at, case.outcome) == ("reopened", None, "")  # retention goes by the outcome


def test_a_later_reply_opens_a_case_of_its_own_that_is_linked(office) -> None:
    ask(office)
    close(office)
    before = the_case(office)
    office.pass_time(days=91)
    reply(office)
    earlier, later = sorted(rows(office.shop.record, tables.case), key=lambda row: row.id != before.id)
    assert (earlier.status, later.status) == ("closed", "assigned")
    assert later.reference in plain(office.told[SAM])
    (link,) = rows(office.shop.record, tables.case_link)
    assert (link.case_id, link.other_id, link.kind) == (later.id, earlier.id, "related")
    linked = [row.stream_id for row in rows(office.shop.record, tables.event) if row.verb == "case.linked"]
    assert sorted(linked) == sorted([earlier.id, later.id])


@pytest.mark.parametrize("values", [{"access": "restricted"}, {"status": "resolved", "closed_at": None}])
def test_a_restricted_or_open_case_takes_the_reply_itself(office, values) -> None:
    ask(office)
    close(office, **values)
    office.pass_time(days=200)
    reply(office)
    assert the_case(office).status == "reopened"


def test_without_the_setting_a_case_always_reopens(bench) -> None:
    office = hired(bench)
    ask(office)
    close(office)
    office.pass_time(days=300)
    reply(office)
    assert the_case(office).status == "reopened"


def test_a_category_may_say_otherwise(office) -> None:
    category = load(rules_of(office)).categories["unsorted"]
    assert load(rules_of(office)).reopens_within("unsorted") == load(rules_of(office)).settings.reopen_within
    held = load(rules_of(office))
    other = replace(held, categories={**held.categories, "unsorted": replace(category, reopen_within=None)})
    assert other.reopens_within("unsorted").days == 90
    longer = replace(category, reopen_within=held.settings.reopen_within * 2)
    assert replace(held, categories={"unsorted": longer}).reopens_within("unsorted").days == 180


def rules_of(office) -> str:
    with writing(office.shop.record) as connection:
        return rulesets.published(connection) or ""


def test_who_is_kept_away_from_the_earlier_case_is_kept_away_from_the_later_one(office) -> None:
    ask(office)
    close(office)
    with writing(office.shop.record) as connection:
        connection.execute(insert(tables.exclusion).values(case_id=the_case(office).id, person=FAY, reason="party"))
    office.pass_time(days=91)
    reply(office)
    later = max(rows(office.shop.record, tables.case), key=lambda row: row.opened_at)
    assert later.owner not in {"", FAY}
    assert (later.id, FAY) in {(row.case_id, row.person) for row in rows(office.shop.record, tables.exclusion)}
    assert FAY not in office.told


def test_an_answer_that_comes_back_is_told_to_its_author(office) -> None:
    ask(office)
    sent = answer(office, office.told[FAY], "Which month?")[SAM]
    bounce = (
        "Final-Recipient: rfc822; sam@acme.example\nAction: failed\nStatus: 5.1.1\n\n"
        f"The message could not be delivered. 550 5.1.1 unknown\n\nMessage-ID: {sent['Message-ID']}\n"
    )
    office.deliver(
        mail(subject="Undelivered Mail Returned to Sender", text=bounce, sender="mailer-daemon@acme.example"),
        sender="<>",
        to=("hr@acme.example",),
    )
    office.triage()
    told = [one for one in office.send() if one.to == FAY and b"came back: it did not reach" in one.content]
    assert len(told) == 1
    assert b"5.1.1" in told[0].content
    assert the_case(office).undeliverable


def test_an_answer_to_an_erased_case_is_reported_and_kept(office) -> None:
    ask(office)
    notice = office.told[FAY]
    close(office)
    with writing(office.shop.record) as connection:
        erase(connection, the_case(office).id, because="retention", by="test", now=office.shop.now())
    told = answer(office, notice, "Dear Sam, it is paid.")
    assert set(told) == {FAY}
    assert "it was erased" in plain(told[FAY])
    assert "did not go out" in plain(told[FAY])


def test_a_reply_to_an_erased_case_is_a_case_of_its_own(office) -> None:
    ask(office)
    close(office)
    with writing(office.shop.record) as connection:
        erase(connection, the_case(office).id, because="retention", by="test", now=office.shop.now())
    reply(office)
    assert len(rows(office.shop.record, tables.case)) == 2
