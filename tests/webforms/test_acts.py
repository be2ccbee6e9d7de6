"""From the status page: withdraw, rate, go on by receipt, new links; a GET changes nothing, and news shows by itself."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from cases.keys.links import receipt_reader, status_reader
from cases.model.codes import new_receipt, read_receipt
from cases.model.submission import Submission
from cases.model.words import Access, Channel, Status
from cases.store import tables
from cases.store.engine import writing

CODE = new_receipt(lambda _bits: 31337)
LINK = status_reader(read_receipt(CODE))


@pytest.fixture
def case(world):
    made = world.add_case("HR-3F8V-11TP", channel=Channel.FORM, access=Access.MANAGED, status=Status.IN_PROGRESS)
    world.link(*made, LINK)
    world.add_message(*made, Submission(channel=Channel.FORM, new_text="Six hours are missing."))
    return made


def change(world, **values) -> None:
    with writing(world.record_engine) as connection:
        connection.execute(update(tables.case).values(**values))


def press(person, helpers, do: str, **fields):
    page = person.post("/en/status", receipt=CODE)
    return person.post("/en/status", receipt=CODE, token=helpers.token(page), do=do, **fields)


@pytest.mark.usefixtures("case")
def test_withdrawing_is_a_delivery_of_its_own(world, person, helpers):
    page = press(person, helpers, "withdraw")
    assert "wish to withdraw is noted" in helpers.words(page)
    (row,) = world.envelopes()
    assert row["payload"]["act"]["kind"] == "withdraw"
    assert row["payload"]["case_link"] == {"kind": "status", "lookup": LINK.lookup}
    assert row["payload"]["text"] == ""


@pytest.mark.usefixtures("case")
def test_rating_is_offered_at_the_end_only(world, person, helpers):
    assert 'value="rate"' not in person.post("/en/status", receipt=CODE).text
    press(person, helpers, "rate", rating="5")
    assert world.envelopes() == []
    change(world, status="closed")
    assert press(person, helpers, "rate", rating="9").status_code == 422
    press(person, helpers, "rate", rating="5")
    assert world.envelopes()[0]["payload"]["act"]["rating"] == 5


@pytest.mark.usefixtures("case")
def test_a_receipt_instead_of_mail_is_shown_once_and_only_its_public_half_is_sent(world, person, helpers):
    page = press(person, helpers, "by_receipt")
    code = re.search(r'action="/en/receipt"><input type="hidden" name="receipt" value="([\w-]+)"', page.text)[1]
    reader = receipt_reader(read_receipt(code), world.site.pepper)
    assert world.envelopes()[0]["payload"]["reader"]["lookup"] == reader.lookup
    assert "It is stored" in helpers.words(person.open(code))
    change(world, access="sealed")
    assert 'value="by_receipt"' not in person.post("/en/status", receipt=CODE).text


@pytest.mark.usefixtures("case")
def test_an_old_link_opens_nothing_and_is_renewed_by_mail(world, person, helpers):
    world.clock.pass_by(days=91)
    page = person.post("/en/status", receipt=CODE)
    assert page.status_code == 403
    assert "Six hours" not in page.text
    page = person.post("/en/status", receipt=CODE, do="renew")
    assert "on its way to the address that you wrote from" in helpers.words(page)
    assert world.envelopes()[0]["payload"]["act"]["kind"] == "new_link"
    change(world, access="sealed")
    assert "Six hours" in person.post("/en/status", receipt=CODE).text


def test_asking_for_ones_links_is_answered_alike_for_everybody(world, person, helpers):
    def ask(address: str):
        token = helpers.token(person.look("/en/links"))
        return person.post("/en/links", token=token, email=address)

    assert ask("ada@acme.example").text == ask("nobody@acme.example").text
    assert ask("no address").status_code == 422
    assert [row["payload"]["act"]["kind"] for row in world.envelopes()] == ["my_cases", "my_cases"]
    for _ in range(40):
        last = ask("ada@acme.example")
    assert last.status_code == 429
    assert len(world.envelopes()) <= 32


def test_confirming_is_asked_first_and_looks_alike_for_every_letter(world, person):
    page = person.look("/en/confirm/abcdefghijklmnopqrstuvwxyz")
    assert world.envelopes() == []
    done = person.post("/en/confirm/abcdefghijklmnopqrstuvwxyz")
    assert done.status_code == 200
    assert done.text == person.post("/en/confirm/nonsense").text.replace("nonsense", "abcdefghijklmnopqrstuvwxyz")
    assert [row["payload"]["act"]["kind"] for row in world.envelopes()] == ["confirm"]
    assert "<form" in page.text


def test_news_shows_by_itself_within_five_seconds(world, person, helpers, case):
    page = person.post("/en/status", receipt=CODE)
    frame = re.search(r'src="(/en/live/\w+)"', page.text)[1]
    first = person.look(frame)
    assert float(first.headers["Refresh"]) < 5
    assert "Up to date" in helpers.words(first)
    assert CODE not in first.text
    world.answer(*case, "Which week?")
    assert "There is news" in helpers.words(person.look(frame))
    change(world, status="waiting_for_employee")
    assert "We are waiting for your answer." in helpers.words(person.look(frame))
    world.clock.pass_by(hours=2)
    over = person.look(frame)
    assert "Refresh" not in over.headers
    assert "stopped looking" in helpers.words(over)


def test_only_the_line_may_be_framed_and_only_by_ourselves(person):
    line, page = person.look("/en/live/x").headers, person.look("/en/").headers
    assert "frame-ancestors 'self'" in line["Content-Security-Policy"]
    assert line["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_a_forged_watch_shows_nothing(world, person, helpers, case):
    letters = re.search(r'src="/en/live/(\w+)"', person.post("/en/status", receipt=CODE).text)[1]
    forged = ("0" if letters[0] != "0" else "1") + letters[1:]
    assert "stopped looking" in helpers.words(person.look(f"/en/live/{forged}"))


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.usefixtures("case")
def test_every_status_says_what_happens_next(world, person, helpers, status):
    change(world, status=status.value)
    page = helpers.words(person.post("/en/status", receipt=CODE))
    assert world.site is not None
    from webforms.languages import load_languages

    assert load_languages(("en",))["en"].say(f"case_next.{status.value}") in page


@pytest.mark.usefixtures("case")
def test_a_get_changes_nothing(world, person):
    for path in (f"/s/{CODE}", f"/en/s/{CODE}", "/en/links", "/en/confirm/abc", "/en/live/abc"):
        assert person.look(path).status_code == 200
    assert world.envelopes() == []


def test_a_watch_lasts_an_hour(world):
    from webforms.desk import Desk

    tokens = Desk.of(world.site).tokens
    letters = tokens.watch(LINK.lookup, "0" * 16)
    assert tokens.watched(letters) == (LINK.lookup, "0" * 16)
    world.clock.at += timedelta(minutes=61)
    assert tokens.watched(letters) is None
