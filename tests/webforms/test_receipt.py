"""Coming back by receipt: the owner always gets in, everybody else gets one answer."""

from pathlib import Path

import pytest
from heedtest.sites import NOON, changed, make_world
from sqlalchemy import delete, update

from cases.errors import TryLater
from cases.keys.links import receipt_reader
from cases.model.codes import new_receipt, read_receipt
from cases.model.submission import Attachment, Submission
from cases.model.words import Channel, Direction
from cases.store import tables
from cases.store.engine import writing
from cases.store.rulesets import publish
from gateway.inbox import tables as inbox_tables
from webforms.app import create_app

WRONG = {
    "wrong": new_receipt(lambda _bits: 12345),
    "malformed": "hello",
    "empty": "",
    "one letter off": new_receipt(lambda _bits: 12345)[:-1] + "0",
    "long": "A" * 10_000,
    "binary": "\x00\x01é" * 30,
    "nobody's": "0" * 21,
}


def test_before_triage_the_report_is_said_to_be_stored(person, helpers):
    page = person.open(helpers.receipt(person.report()))
    assert page.status_code == 200
    assert "It is stored" in helpers.words(page)


def test_a_held_report_is_still_said_to_be_stored(world, person, helpers):
    receipt = helpers.receipt(person.report())
    with writing(world.inbox_engine) as connection:
        connection.execute(update(inbox_tables.envelope).values(state="held"))
    assert "It is stored" in helpers.words(person.open(receipt))


def test_after_triage_it_opens_the_conversation(world, person, helpers):
    receipt = helpers.receipt(person.report("What I saw.", subject="Invoices", files={"a.txt": b"x" * 2048}))
    world.triage_all()
    case = world.cases[receipt_reader(read_receipt(receipt), world.site.pepper).lookup]
    world.answer(*case, "Which weeks?")
    page = person.open(receipt)
    words = helpers.words(page)
    for expected in ("Invoices", "What I saw.", "a.txt (2 kB)", "Which weeks?", "Somebody is responsible", "done"):
        assert expected in words
    assert "by 2 June 2027" in words


def test_what_hr_ops_wrote_for_anonymous_reporters_is_told_them_here(world, person, helpers):
    rules = (Path(__file__).parents[2] / "rules.yaml").read_text("utf-8")
    words = (
        "templates:\n  acknowledge_anonymous:\n    en: |\n      Thank you for trusting $organisation.\n\n"
        "      Your number is $reference.\n\n      Come back in a week.\n    de: Danke für Ihr Vertrauen.\n"
    )
    with writing(world.record_engine) as connection:
        publish(connection, "0" * 16, rules.replace("templates:\n", words, 1), by="test", reason="", now=world.clock())
    receipt = helpers.receipt(person.report("What I saw."))
    world.triage_all()
    said = helpers.words(person.open(receipt))
    assert "What I saw. Acme HR 4 March 2027 Thank you for trusting Acme. Come back in a week." in said
    assert "Danke für Ihr Vertrauen." in helpers.words(person.open(receipt, lang="de"))


@pytest.mark.parametrize(
    "typed", [str.lower, lambda r: r.replace("-", ""), lambda r: f"  {r} ", lambda r: r.replace("-", " ")]
)
def test_receipts_are_read_as_people_type_them(world, person, helpers, typed):
    receipt = helpers.receipt(person.report("What I saw."))
    world.triage_all()
    assert "What I saw." in person.open(typed(receipt)).text


def test_only_the_conversation_is_shown(world, person, helpers):
    receipt = helpers.receipt(person.report("Mine."))
    world.triage_all()
    case = world.cases[receipt_reader(read_receipt(receipt), world.site.pepper).lookup]
    said = Submission(channel=Channel.STAFF, new_text="SECRET-NOTE")
    world.add_message(*case, said, direction=Direction.NOTE, author="erin@acme.example")
    world.add_message(*case, Submission(channel=Channel.MAIL, new_text="SECRET-UNCONFIRMED"), confirmed=False)
    world.add_message(*case, Submission(channel=Channel.MAIL, new_text="SECRET-AUTO"), automatic="auto-reply")
    world.answer(*case, "An answer.")
    text = person.open(receipt).text
    assert "An answer." in text
    for hidden in ("SECRET", "erin", "HR-"):
        assert hidden not in text


def test_what_follows_a_new_epoch_needs_its_own_wrap(world, person, helpers):
    from cases.keys.sealing import KeyPair

    receipt = helpers.receipt(person.report("Mine."))
    world.triage_all()
    reader = receipt_reader(read_receipt(receipt), world.site.pepper)
    case_id, _first = world.cases[reader.lookup]
    second, foreign = KeyPair.generate(), KeyPair.generate()
    world.add_wrap(case_id, second, "receipt", reader.lookup, reader.keys.public, epoch=2)
    world.answer(case_id, second, "Later answer.", epoch=2)
    world.answer(case_id, foreign, "Not for you.", epoch=3)
    text = person.open(receipt).text
    assert "Mine." in text
    assert "Later answer." in text
    assert "Not for you." not in text


def test_a_message_is_added_once_and_belongs_to_the_case(world, person, helpers):
    receipt = helpers.receipt(person.report("First."))
    world.triage_all()
    token = helpers.token(person.open(receipt))
    for _ in range(2):
        page = person.open(receipt, do="add", token=token, text="The second week.", files={"b.txt": b"y"})
        assert "Your message is stored" in helpers.words(page)
        assert "One message is still being added" in helpers.words(page)
    (row,) = [row for row in world.envelopes() if row["state"] == "new"]
    lookup = receipt_reader(read_receipt(receipt), world.site.pepper).lookup
    assert row["channel"] == "anonymous"
    assert row["payload"]["case_link"] == {"kind": "receipt", "lookup": lookup}
    assert row["payload"]["form"] == "dialogue"
    assert row["payload"]["reader"] is None
    world.triage_all()
    assert "The second week." in person.open(receipt).text
    assert len(world.cases) == 1


def test_an_empty_message_and_an_old_page_come_back_with_everything(world, person, helpers):
    receipt = helpers.receipt(person.report("First."))
    world.triage_all()
    token = helpers.token(person.open(receipt))
    assert person.open(receipt, do="add", token=token, text=" ").status_code == 422
    world.clock.pass_by(hours=50)
    page = person.open(receipt, do="add", token=token, text="My words.")
    assert (page.status_code, "My words." in page.text) == (409, True)
    assert [row for row in world.envelopes() if row["state"] == "new"] == []


def test_the_conversation_in_another_language_keeps_the_words(world, person, helpers):
    receipt = helpers.receipt(person.report("First."))
    world.triage_all()
    token = helpers.token(person.open(receipt))
    page = person.open(receipt, lang="fr", do="language", token=token, text="Mes mots")
    assert "Mes mots" in page.text
    assert "Échange" in page.text


def test_whatever_is_no_receipt_gets_one_answer(person):
    pages = {name: person.open(receipt) for name, receipt in WRONG.items()}
    pages["10 MB"] = person.open("A" * 10_000_000)
    pages["40 MB"] = person.open("A" * 40_000_000)
    pages["urlencoded 10 MB"] = person.client.post("/en/receipt", data={"receipt": "A" * 10_000_000})
    pages["JSON"] = person.client.post("/en/receipt", json={"receipt": "x"})
    pages["nothing"] = person.client.post("/en/receipt")
    assert {(page.status_code, page.data) for page in pages.values()} == {(403, pages["wrong"].data)}
    assert len({tuple(page.headers) for page in pages.values()}) == 1


def test_an_erased_case_gives_the_same_answer_as_a_wrong_receipt(world, person, helpers):
    receipt = helpers.receipt(person.report())
    world.triage_all()
    with writing(world.record_engine) as connection:
        connection.execute(delete(tables.wrap))
    assert person.open(receipt).data == person.open(WRONG["wrong"]).data


def test_a_thousand_guesses_are_throttled_while_the_owner_gets_in(world, person, helpers):
    receipt = helpers.receipt(person.report("Mine."))
    world.triage_all()
    answers = [person.open(WRONG["malformed"]).status_code for _ in range(1000)]
    assert answers.count(403) == 60
    assert answers.count(429) == 940
    assert "Mine." in person.open(receipt).text
    assert {person.open(guess).data for guess in WRONG.values()} == {person.open("x").data}
    world.clock.pass_by(minutes=1)
    assert person.open(WRONG["wrong"]).status_code == 403


def test_another_deployments_pepper_opens_nothing(world, person, helpers, tmp_path):
    receipt = helpers.receipt(person.report())
    world.triage_all()
    other = helpers.person(create_app(changed(world, pepper=b"q" * 32)).test_client())
    assert other.open(receipt).status_code == 403


def test_a_moved_wrap_opens_nothing(world, person, helpers, tmp_path):
    receipt = helpers.receipt(person.report("Mine."))
    world.triage_all()
    case_id, _ = world.add_case("HR-0000-0000")
    with writing(world.record_engine) as connection:
        connection.execute(update(tables.wrap).values(case_id=case_id))
    page = person.open(receipt)
    assert page.status_code == 500
    assert "Mine." not in page.text


def test_a_record_that_cannot_answer_says_try_later(world, helpers):
    class Away:
        def pending(self, prefix):
            raise TryLater("locked")

        def open(self, reader):
            raise TryLater("locked")

        def ruleset(self):
            raise TryLater("locked")

    person = helpers.person(create_app(changed(world, record=Away())).test_client())
    assert person.open(WRONG["wrong"]).status_code == 503
    assert person.look("/en/write/general").status_code == 200


def test_triage_between_the_two_questions_never_looks_like_a_wrong_receipt(world, person, helpers):
    """The inbox is asked before the record: what leaves one in between is in the other by then."""
    receipt = helpers.receipt(person.report("Mine."))

    class Racing:
        def pending(self, prefix):
            waiting = world.record.pending(prefix)
            world.triage_all()
            return waiting

        open = world.record.open
        ruleset = world.record.ruleset

    racing = helpers.person(create_app(changed(world, record=Racing())).test_client())
    assert "Mine." in racing.open(receipt).text


def test_files_of_mail_show_their_names_safely(world, person, helpers):
    receipt = helpers.receipt(person.report())
    world.triage_all()
    case = world.cases[receipt_reader(read_receipt(receipt), world.site.pepper).lookup]
    attached = Attachment("<b>x</b>.pdf", "application/pdf", b"", stored_size=3_000_000)
    world.add_message(
        *case, Submission(channel=Channel.ANONYMOUS, new_text="<script>", attachments=(attached,)), at=NOON
    )
    text = person.open(receipt).text
    assert "<script>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;.pdf" in text


def test_two_worlds_share_nothing(world, tmp_path_factory, person, helpers):
    receipt = helpers.receipt(person.report("Mine."))
    other = make_world(tmp_path_factory.mktemp("other"))
    assert helpers.person(create_app(other.site).test_client()).open(receipt).status_code == 403
    other.close()
