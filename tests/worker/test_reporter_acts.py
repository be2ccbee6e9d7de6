"""What reporters do by their link, through triage: once, by the right link only, and never more than they may."""

from email import message_from_bytes, policy

import pytest
from heedtest.worker import rows
from sqlalchemy import insert, update

from cases.keys.links import receipt_reader, status_reader
from cases.model.acts import BY_RECEIPT, UNCONFIRMED, WITHDRAWAL_ASKED, ActKind, ReporterAct
from cases.model.codes import read_receipt
from cases.model.words import Channel
from cases.store import tables
from cases.store.engine import reading, writing
from cases.store.links import find_by_link, pulse_of
from gateway.inbox.envelope import Delivery
from webforms.payload import Filled, encode

SITE = "https://x.example"
NEW = receipt_reader("1" * 21, b"p" * 32)


@pytest.fixture
def bench(bench):
    ours = bench.shop.settings.organisation.model_copy(update={"public_url": SITE})
    bench.shop.settings = bench.shop.settings.model_copy(update={"organisation": ours})
    return bench


def send(bench, payload: bytes) -> None:
    bench.inbox.put(Delivery(Channel.FORM, payload)).result(10)
    bench.triage()


def words(mail) -> str:
    return message_from_bytes(mail.content, policy=policy.default).get_body(("plain",)).get_content()


def codes(mail) -> list[str]:
    return [read_receipt(part.split()[0]) for part in words(mail).split(f"{SITE}/s/")[1:]]


def asked(bench, text: str = "My badge is broken.", **more):
    """A named form, and the link that its acknowledgement brought."""
    send(bench, encode(Filled("general", "en", text, name="Sam", email="sam@acme.example", subject="Badge", **more)))
    mail = next(one for one in bench.send() if one.to == "sam@acme.example" and "/s/" in words(one))
    return status_reader(codes(mail)[0])


def act(bench, link, kind: ActKind, **more) -> None:
    reader = NEW if kind is ActKind.BY_RECEIPT else None
    send(bench, encode(Filled("dialogue", "en", ""), case_link=link, reader=reader, act=ReporterAct(kind, **more)))


def only(bench):
    (case,) = rows(bench.shop.record, tables.case)
    return case


def verbs(bench) -> list[str]:
    return [row.verb for row in rows(bench.shop.record, tables.event)]


def test_an_acknowledgement_ends_with_whom_to_call_in_danger(bench) -> None:
    send(bench, encode(Filled("general", "de", "Der Ausweis ist kaputt.", name="Sam", email="sam@acme.example")))
    mail = next(one for one in bench.send() if one.to == "sam@acme.example")
    assert words(mail).rstrip().endswith("Notruf: 112")


def test_withdrawing_ends_a_routine_case_and_its_clocks(bench) -> None:
    act(bench, asked(bench), ActKind.WITHDRAW)
    assert only(bench).status == "withdrawn"
    assert "case.withdrawn" in verbs(bench)
    assert {row.state for row in rows(bench.shop.record, tables.clock)} <= {"cancelled", "met", "missed"}


@pytest.mark.parametrize("column", [{"risk": "high"}, {"access": "restricted"}])
def test_withdrawing_never_closes_a_serious_case_by_itself(bench, column) -> None:
    link = asked(bench)
    with writing(bench.shop.record) as connection:
        connection.execute(update(tables.case).values(**column))
    for _twice in range(2):
        act(bench, link, ActKind.WITHDRAW)
    case = only(bench)
    assert case.status != "withdrawn"
    assert WITHDRAWAL_ASKED in case.tags.split()
    assert verbs(bench).count("withdrawal.asked") == 1


def test_rating_counts_once_and_only_at_the_end(bench) -> None:
    link = asked(bench)
    act(bench, link, ActKind.RATE, rating=4)
    assert "outcome.rated" not in verbs(bench)
    with writing(bench.shop.record) as connection:
        connection.execute(update(tables.case).values(status="closed"))
    act(bench, link, ActKind.RATE, rating=4)
    act(bench, link, ActKind.RATE, rating=1)
    with reading(bench.shop.record) as connection:
        assert find_by_link(connection, link).rating == 4


def test_going_on_by_receipt_kills_the_link(bench) -> None:
    link = asked(bench)
    act(bench, link, ActKind.BY_RECEIPT)
    with reading(bench.shop.record) as connection:
        assert find_by_link(connection, link) is None
        opened = find_by_link(connection, NEW)
    assert [one.text.strip() for one in opened.messages] == ["My badge is broken."]
    assert BY_RECEIPT in opened.tags


def test_a_new_link_goes_to_the_address_that_wrote_and_opens_the_case(bench) -> None:
    link = asked(bench)
    act(bench, link, ActKind.NEW_LINK)
    (mail,) = bench.send()
    assert mail.to == "sam@acme.example"
    with reading(bench.shop.record) as connection:
        assert find_by_link(connection, status_reader(codes(mail)[0])) is not None


def mine(bench, address: str) -> list:
    act = ReporterAct(ActKind.MY_CASES, address=address)
    send(bench, encode(Filled("links", "de", ""), act=act))
    return bench.send()


def test_one_mail_lists_the_open_cases_but_restricted_and_sealed_ones(bench) -> None:
    asked(bench)
    asked(bench, "Where is the canteen menu?")
    first, second = (row.id for row in rows(bench.shop.record, tables.case))
    assert len(codes(mine(bench, "Sam@acme.example")[0])) == 2
    with writing(bench.shop.record) as connection:
        connection.execute(update(tables.case).where(tables.case.c.id == first).values(access="restricted"))
    (mail,) = mine(bench, "sam@acme.example")
    assert len(codes(mail)) == 1
    assert "Links" in message_from_bytes(mail.content, policy=policy.default)["Subject"]
    with writing(bench.shop.record) as connection:
        connection.execute(update(tables.case).where(tables.case.c.id == second).values(status="closed"))
    assert mine(bench, "sam@acme.example") == []
    assert mine(bench, "stranger@acme.example") == []


def test_asking_for_links_again_and_again_does_not_fill_a_mailbox(bench) -> None:
    link = asked(bench)
    for _ in range(8):
        act(bench, link, ActKind.NEW_LINK)
    assert len(bench.send()) == 5


def colleague(bench, address: str, alias: str) -> None:
    with writing(bench.shop.record) as connection:
        now = bench.shop.now()
        connection.execute(
            insert(tables.directory_import).values(number=1, at=now, by="test", people=1, added=1, changed=0, left=0)
        )
        connection.execute(insert(tables.employee).values(address=address, aliases=alias))


def test_a_change_of_bank_waits_for_the_directorys_address(bench) -> None:
    colleague(bench, "sam@acme.example", "sammy@acme.example")
    fields = {"kind": "bank", "iban": "DE89370400440532013000", "confirm_first": "yes"}
    filled = Filled("data", "en", "Change: bank", name="Sam", email="sammy@acme.example", fields=fields)
    send(bench, encode(filled))
    assert UNCONFIRMED in only(bench).tags.split()
    mail = next(one for one in bench.send() if "/confirm/" in words(one))
    assert mail.to == "sam@acme.example"
    assert "DE89" not in words(mail)
    token = words(mail).split("/confirm/")[1].split()[0]
    wrong = token[:30] + ("a" if token[30] != "a" else "b") + token[31:]
    for letters, left in ((wrong, True), (token, False)):
        act = ReporterAct(ActKind.CONFIRM, token=letters)
        send(bench, encode(Filled("links", "en", ""), act=act))
        assert (UNCONFIRMED in only(bench).tags.split()) is left
    assert [row.authenticity for row in rows(bench.shop.record, tables.message)] == ["pass"]
    assert verbs(bench).count("sender.confirmed") == 1


def test_who_is_in_no_directory_is_asked_nowhere_and_stays_unconfirmed(bench) -> None:
    fields = {"kind": "name", "new_name": "Eve", "confirm_first": "yes"}
    send(bench, encode(Filled("data", "en", "Change: name", name="Sam", email="sam@evil.example", fields=fields)))
    assert UNCONFIRMED in only(bench).tags.split()
    assert not [one for one in bench.send() if "/confirm/" in words(one)]


def test_every_change_alters_the_pulse(bench) -> None:
    link = asked(bench)

    def mark() -> str:
        with reading(bench.shop.record) as connection:
            return pulse_of(connection, link.kind, link.lookup).mark

    before = mark()
    assert mark() == before
    with writing(bench.shop.record) as connection:
        connection.execute(update(tables.case).values(status="waiting_for_employee"))
    changed = mark()
    assert changed != before
    send(bench, encode(Filled("dialogue", "en", "More."), case_link=link))
    assert mark() != changed
