"""Everything about one person: found by address, party and name; decided by a person; sealed cases by their readers."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from heedtest.offices import Browser, Office
from sqlalchemy import select

from cases.audit.verifying import verify
from cases.keys.sealing import KeyPair
from cases.store import tables
from cases.store.engine import reading, writing
from cases.store.subject_tables import subject_item, subject_request, subject_search
from cases.subjects import requests
from cases.subjects.requests import About, Kind
from cases.subjects.searching import matcher

SAM, DORA = "sam@acme.example", "dora@acme.example"
OWN = "I would like to know where my bonus is"
NAMED = "Sam Weller never hands in his sheets"


def run_search(office: Office) -> None:
    """What a worker does about the promise."""
    from cases.store import outbox
    from worker.jobs.attend import Attend

    while True:
        with writing(office.shop.record) as connection:
            leased = outbox.lease_due(connection, batch="s", now=office.clock[0], seconds=10, most=50, urgent=False)
        if not leased.get("attend"):
            return
        Attend(office.shop)("s", leased["attend"])


@pytest.fixture
def asked(office: Office) -> Iterator[tuple[Office, Browser, str]]:
    """Sam, who wrote once, is named once, and is the subject of an anonymous report, asks what is known."""
    with writing(office.desk.record) as connection:
        row = {"address": SAM, "name": "Sam Weller", "aliases": "sam.weller@acme.example"}
        connection.execute(tables.employee.insert().values(**row, nicknames=""))
    office.mail("Sam <sam.weller@acme.example>", "My bonus", OWN)
    office.pass_time(minutes=1)
    office.mail("kim@acme.example", "A colleague", NAMED)
    office.mail("kim@acme.example", "Another", "Samuel Wellerman is somebody else")
    office.anonymous("Sam Weller takes money from the till.")
    dora = office.sign_in(DORA)
    answer = dora.post("/requests", kind="access", address=SAM, words="Please tell me everything.")
    assert answer.status_code == 303, answer.text
    run_search(office)
    return office, dora, answer.location


def item_links(page: str) -> list[str]:
    import re

    return re.findall(r'href="(/requests/[0-9a-f]+/items/[0-9a-f]+)"', page)


def test_all_is_found_decided_and_packed(asked: tuple[Office, Browser, str]) -> None:
    office, dora, path = asked
    links = item_links(dora.get(path).text)
    assert len(links) == 2, "what they wrote, and what names them; the namesake is not them"
    assert "409" in dora.post(f"{path}/package").status, "nothing is packed before all is decided"
    shown = [dora.get(link).text for link in links]
    assert OWN in shown[0]
    assert NAMED in shown[1]
    assert dora.post(links[0], do="given").status_code == 303
    assert dora.post(links[1], do="withheld", reason="other_person").status_code == 409, (
        "a reason in words is asked for"
    )
    assert dora.post(links[1], do="withheld", reason="other_person", words="names a colleague").status_code == 303
    for reader in ("gus@acme.example", "fay@acme.example", "noor@acme.example"):
        browser = office.sign_in(reader)
        if "Sam Weller" not in browser.get("/asked").text:
            continue
        found = browser.post(path.replace("/requests/", "/asked/") + "/search")
        assert "takes money from the till" in found.text
        done = browser.post(
            path.replace("/requests/", "/asked/"), do="withheld", reason="open_investigation", words="not yet"
        )
        assert done.status_code == 303
    package = dora.post(f"{path}/package")
    assert package.status_code == 200, package.text
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive:
        parts = {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}
    assert "Sam Weller" in parts["about-you.json"]
    assert OWN in " ".join(parts.values())
    whole = " ".join(parts.values())
    assert NAMED not in whole
    assert "till" not in whole
    assert "investigation is open" in parts["not-given.csv"]
    assert dora.post(f"{path}/close").status_code == 303
    with reading(office.desk.record) as connection:
        assert verify(connection, service=office.desk.service).broken is None


def test_whoever_found_nothing_is_asked_again_and_what_was_answered_stays(asked: tuple[Office, Browser, str]) -> None:
    office, dora, path = asked
    with writing(office.desk.record) as connection:
        first, *others = connection.execute(select(subject_search.c.person_id)).scalars().all()
        assert others
        connection.execute(subject_search.update().values(state="nothing"))
        connection.execute(subject_search.update().where(subject_search.c.person_id == first).values(state="withheld"))
    office.pass_time(minutes=1)
    assert dora.post(f"{path}/search").status_code == 303
    run_search(office)
    with reading(office.desk.record) as connection:
        states = dict(connection.execute(select(subject_search.c.person_id, subject_search.c.state)).all())
    assert states == {first: "withheld"} | dict.fromkeys(others, "asked")
    assert len(item_links(dora.get(path).text)) == 2


def test_what_is_kept_about_a_request_is_sealed(asked: tuple[Office, Browser, str]) -> None:
    office, dora, path = asked
    dora.post(
        item_links(dora.get(path).text)[0], do="redacted", reason="legal_advice", words="because", text="only this"
    )
    for file in office.home.glob("record.db*"):
        content = file.read_bytes()
        assert b"Please tell me everything" not in content
        assert b"only this" not in content
    with reading(office.desk.record) as connection:
        row = connection.execute(select(subject_request)).one()
        assert b"Weller" not in row.about


def test_reading_an_item_stands_in_the_trail(asked: tuple[Office, Browser, str]) -> None:
    office, dora, path = asked
    link = item_links(dora.get(path).text)[0]
    dora.get(link)
    with reading(office.desk.record) as connection:
        found = connection.execute(
            select(tables.event).where(tables.event.c.actor == DORA, tables.event.c.verb == "case.read")
        )
        assert [json.loads(row.data)["for"] for row in found] == ["subject"]


def test_who_is_kept_away_from_a_case_does_not_find_it(asked: tuple[Office, Browser, str]) -> None:
    office, dora, path = asked
    with writing(office.desk.record) as connection:
        case_id = connection.execute(select(subject_item.c.case_id)).scalars().first()
        connection.execute(tables.exclusion.insert().values(case_id=case_id, person=DORA, reason="named"))
    assert len(item_links(dora.get(path).text)) == 1


def test_something_is_put_right_beside_the_words(asked: tuple[Office, Browser, str]) -> None:
    office, dora, path = asked
    link = item_links(dora.get(path).text)[1]
    once = dora.get(link).text.split('name="once" value="')[1].split('"')[0]
    assert dora.post(link, do="rectify", rectified="He does hand them in.", once=once).status_code == 303
    reference = dora.get(link).text.split('<span class="mono">')[1].split("<")[0]
    assert "He does hand them in." in office.sign_in("lena@acme.example").case(reference)
    with reading(office.desk.record) as connection:
        assert verify(connection, service=office.desk.service).broken is None


def test_only_their_own_closed_case_is_erased(asked: tuple[Office, Browser, str]) -> None:
    office, dora, path = asked
    own, other = item_links(dora.get(path).text)
    assert "brought by somebody else" in dora.post(other, do="erase", words="they wish it").text
    assert "the case is open" in dora.post(own, do="erase", words="they wish it").text.lower()
    reference = dora.get(own).text.split('<span class="mono">')[1].split("<")[0]
    lena = office.sign_in("lena@acme.example")
    lena.reply(reference, "It comes with the next payslip.")
    lena.post(f"/cases/{reference}/close", outcome="answered")
    assert dora.post(own, do="erase", words="they wish it").status_code == 303
    assert office.row(reference).erased_at is not None
    assert len(item_links(dora.get(path).text)) == 1


def test_a_reader_whom_it_is_about_is_not_asked(office: Office) -> None:
    reference, _ = office.anonymous("Gus Okafor takes money from the till.")
    assert office.row(reference).access == "sealed"
    dora = office.sign_in(DORA)
    path = dora.post("/requests", kind="access", address="gus@acme.example").location
    run_search(office)
    page = dora.get(path).text
    assert "Gus Okafor: has not answered" not in page
    assert reference not in page
    gus = office.sign_in("gus@acme.example")
    assert "Gus" not in gus.get("/asked").text.partition("<main")[2]
    assert gus.post(path.replace("/requests/", "/asked/") + "/search").status_code == 409


def test_nobody_else_sees_requests(asked: tuple[Office, Browser, str]) -> None:
    office, _, path = asked
    for address in ("lena@acme.example", "ada@acme.example", "aud@acme.example"):
        assert office.sign_in(address).get(path).status_code == 404, address


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ask Sam Weller about it", True),
        ("weller,  sam was there", True),
        ("to SAM@acme.example please", True),
        ("Samuel Wellerman", False),
        ("xsam@acme.example", False),
        ("Sam said", False),
    ],
)
def test_a_name_is_matched_whole(text: str, named: bool) -> None:
    assert matcher(About("Sam Weller", ("sam@acme.example",)))(text) is named


def test_a_request_needs_somebody_to_search_for(office: Office) -> None:
    from cases.errors import Refused

    with writing(office.desk.record) as connection, pytest.raises(Refused, match="mail address"):
        requests.open_request(
            connection, KeyPair.generate().public, kind=Kind.ACCESS, name="", address="", words="", by=DORA,
            now=office.clock[0],
        )  # fmt: skip
