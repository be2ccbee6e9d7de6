"""Filling in and sending: stored before shown, sent twice stored once, and no word is ever lost."""

from base64 import b64encode
from concurrent.futures import Future

import pytest
from heedtest.sites import changed

from cases.errors import TryLater
from cases.keys.links import receipt_reader
from cases.model.codes import read_receipt, read_reference
from webforms.app import create_app

NAMED = {"form": "general", "name": "Ada Byron", "email": "ada@acme.example", "subject": "Overtime"}


def test_a_named_form_is_stored_and_shows_its_reference(world, person, helpers):
    page = person.report("My payslip lacks six hours.", **NAMED)
    (row,) = world.envelopes()
    assert page.status_code == 200
    assert row["reference"] in page.text
    assert read_reference(row["reference"])
    assert row["channel"] == "form"
    assert row["payload"]["email"] == "ada@acme.example"
    assert row["payload"]["reader"] is None
    assert 'name="receipt"' not in page.text
    assert "ada@acme.example" in helpers.words(page)


def test_who_leaves_no_address_gets_a_receipt(world, person, helpers):
    page = person.report("Please tell me.", **(NAMED | {"email": ""}))
    (row,) = world.envelopes()
    receipt = read_receipt(helpers.receipt(page))
    assert row["payload"]["reader"]["lookup"] == receipt_reader(receipt, world.site.pepper).lookup
    assert row["reference"] in page.text


def test_an_anonymous_report_gives_a_receipt_and_hides_its_reference(world, person, helpers):
    page = person.report("Invoices for nothing.", files={"a.pdf": b"%PDF-1"}, subject="Invoices")
    (row,) = world.envelopes()
    receipt = read_receipt(helpers.receipt(page))
    assert len(receipt) == 21
    assert row["reference"] not in page.text
    assert (row["received_at"].hour, row["received_at"].minute) == (0, 0)
    assert row["payload"] == {
        "form": "anonymous",
        "name": "",
        "email": "",
        "subject": "Invoices",
        "text": "Invoices for nothing.",
        "fields": {},
        "concerns": [],
        "keep_from": [],
        "keep_from_managers": False,
        "language": "en",
        "files": [{"filename": "a.pdf", "content_type": "application/pdf", "content_base64": "JVBERi0x"}],
        "reader": row["payload"]["reader"],
    }
    reader = receipt_reader(receipt, world.site.pepper)
    public = b64encode(reader.keys.public).decode()
    assert row["payload"]["reader"] == {"kind": "receipt", "lookup": reader.lookup, "public": public}


def test_the_receipt_is_stored_nowhere(world, person, helpers):
    receipt = helpers.receipt(person.report())
    world.inbox.close()
    everything = b"".join(path.read_bytes() for path in world.home.iterdir()) + str(world.envelopes()).encode()
    for letters in (receipt, read_receipt(receipt)):
        assert letters.encode() not in everything
    world.inbox.__init__(world.inbox_engine, world.triage.public)  # so that the fixture can close it


def test_the_same_form_sent_twice_is_one_report(world, person, helpers):
    token = helpers.token(person.look("/en/write/anonymous"))
    pages = [person.post("/en/write/anonymous", token=token, text="Once.") for _ in range(3)]
    assert len({helpers.receipt(page) for page in pages}) == 1
    assert len(world.envelopes()) == 1


def test_a_named_form_sent_twice_keeps_its_reference(world, person, helpers):
    token = helpers.token(person.look("/en/write/general"))
    pages = [person.report("Once.", **NAMED, token=token).text for _ in range(2)]
    (row,) = world.envelopes()
    assert all(row["reference"] in page for page in pages)


def test_sent_again_after_triage_it_is_still_the_same(world, person, helpers):
    token = helpers.token(person.look("/en/write/general"))
    first = person.report("Once.", **NAMED, token=token).text
    world.triage_all()
    assert person.report("Once.", **NAMED, token=token).text == first
    assert len(world.envelopes()) == 1


def test_other_words_with_the_same_token_are_kept_under_the_same_receipt(world, person, helpers):
    token = helpers.token(person.look("/en/write/anonymous"))
    pages = [person.post("/en/write/anonymous", token=token, text=text) for text in ("First.", "First, and more.")]
    assert len({helpers.receipt(page) for page in pages}) == 1
    assert sorted(row["payload"]["text"] for row in world.envelopes()) == ["First, and more.", "First."]
    assert len({row["payload"]["reader"]["lookup"] for row in world.envelopes()}) == 1
    world.triage_all()
    assert len(world.cases) == 1


def test_two_people_get_two_receipts(person, helpers):
    assert helpers.receipt(person.report("Same.")) != helpers.receipt(person.report("Same."))


class Failing:
    """An inbox on a full disk."""

    def put(self, delivery, *, quiet=False, envelope_id=""):
        stored: Future[str] = Future()
        stored.set_exception(TryLater("no"))
        return stored


class Stuck:
    """An inbox that never answers."""

    def put(self, delivery, *, quiet=False, envelope_id=""):
        return Future()


@pytest.mark.parametrize("inbox", [Failing(), Stuck()])
@pytest.mark.parametrize("form", ["anonymous", "general"])
def test_a_disk_that_fails_loses_no_word_and_shows_no_receipt(world, helpers, inbox, form):
    web = world.site.web.model_copy(update={"store_seconds": 0.01})
    person = helpers.person(create_app(changed(world, inbox=inbox, web=web)).test_client())
    token = helpers.token(person.look(f"/en/write/{form}"))
    page = person.report("All of <my> words.", **(NAMED | {"form": form}), token=token)
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "All of &lt;my&gt; words." in page.text
    assert 'value="Overtime"' in page.text
    assert helpers.token(page) == token
    assert 'name="receipt"' not in page.text
    assert not world.envelopes()


@pytest.mark.parametrize("token", ["", "x", "0" * 70, "é" * 70])
def test_a_forged_token_stores_nothing_and_asks_again(world, person, helpers, token):
    page = person.report("My words.", token=token)
    assert page.status_code == 409
    assert "My words." in page.text
    assert not world.envelopes()
    assert person.post("/en/write/anonymous", token=helpers.token(page), text="My words.").status_code == 200


def test_a_token_of_another_form_is_no_token(world, person, helpers):
    token = helpers.token(person.look("/en/write/general"))
    assert person.report(token=token).status_code == 409


def test_an_old_page_costs_one_more_click(world, person, helpers):
    token = helpers.token(person.look("/en/write/anonymous"))
    world.clock.pass_by(hours=49)
    page = person.report("My words.", token=token)
    assert (page.status_code, "My words." in page.text, world.envelopes()) == (409, True, [])


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": ""}, "name"),
        ({"email": "ada"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a@b.c\r\nBcc: x@y.z"}, "email"),
        ({"subject": "  "}, "subject"),
        ({"subject": "s" * 201}, "subject"),
        ({"text": ""}, "text"),
        ({"text": "t" * 50_001}, "text"),
    ],
)
def test_slips_are_named_at_their_field(world, person, fields, named):
    page = person.report(**(NAMED | {"text": "Hello"} | fields))
    assert page.status_code == 422
    assert f'id="{named}-error"' in page.text
    assert f'href="#{named}"' in page.text
    assert f'aria-describedby="{named}' in page.text.replace(f"{named}-hint {named}-error", f"{named}-error")
    assert not world.envelopes()


def test_too_many_files(world, person):
    page = person.report(files={f"{n}.txt": b"x" for n in range(11)})
    assert page.status_code == 422
    assert 'id="files-error"' in page.text
    assert "choose them again" in page.text
    assert not world.envelopes()


def test_switching_the_language_keeps_the_words_and_the_token(person, helpers):
    token = helpers.token(person.look("/en/write/anonymous"))
    page = person.post("/de/write/anonymous", token=token, text="Meine Worte", do="language")
    assert 'lang="de"' in page.text
    assert "Meine Worte" in page.text
    assert helpers.token(page) == token
    assert page.status_code == 200


def test_line_ends_and_outer_space_are_tidied(world, person):
    person.report(text="  a\r\nb\rc  ")
    assert world.envelopes()[0]["payload"]["text"] == "a\nb\nc"


def test_off_loopback_without_guardians_the_anonymous_form_is_shut(world, helpers):
    person = helpers.person(create_app(changed(world, anonymous_open=lambda: False)).test_client())
    assert "not open" in helpers.words(person.look("/en/write/anonymous"))
    assert "/write/anonymous" not in person.look("/en/").text
    assert person.look("/en/write/general").status_code == 200
    open_person = helpers.person(create_app(world.site).test_client())
    token = helpers.token(open_person.look("/en/write/anonymous"))
    page = person.post("/en/write/anonymous", token=token, text="My words.")
    assert page.status_code == 503
    assert "My words." in page.text
    assert not world.envelopes()


def test_hostile_file_names_are_sealed_as_they_came(world, person):
    names = ["../../etc/passwd", "a\u202egpj.exe", "n" * 300 + ".txt", "<script>.html"]
    person.report(files=dict.fromkeys(names, b"x"))
    assert len(world.envelopes()[0]["payload"]["files"]) == len(names)
