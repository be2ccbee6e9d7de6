"""Every form: complete in every language, asked step by step, and nothing kept but what the answers led to."""

import pytest
from heedtest.sites import NOON

from cases.model.words import Channel
from gateway.normalizer import normalize_form
from gateway.rulesets.around import BESIDE_FORMS
from rules import load, starter_text
from rules.language.circumstances import Circumstances, in_view_of
from webforms.fields import lines_of
from webforms.forms import all_forms, known_fields
from webforms.languages import load_languages
from webforms.steps import Steps, choices

FORMS = all_forms()
LANGUAGES = load_languages(("en", "de", "fr", "es"))


def fill(person, helpers, form: str, *steps: dict[str, str], lang: str = "en", **last):
    """Go through a form's steps as a browser would: what was typed before travels along."""
    path, carried = f"/{lang}/write/{form}", {}
    page = person.look(path)
    for number, answers in enumerate(steps):
        carried |= answers
        more = last if number == len(steps) - 1 else {}
        step = helpers.step(page)
        page = person.post(path, token=helpers.token(page), step=step, do="on", **carried, **more)
    return page


def test_the_rules_we_ship_ask_for_forms_fields_and_choices_that_there_are():
    fields = (*known_fields(), *BESIDE_FORMS)
    assert ("kind", FORMS["concern"].fields().kind.names) in fields
    assert in_view_of(load(starter_text()), Circumstances(NOON, fields=fields)) == ()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_form_says_everything_in_every_language(form, code):
    language = LANGUAGES[code]
    keys = ["title", "summary", "action", "intro"]
    keys += [f"section.{one.name}" for one in form.sections[1:]]
    fields = form.fields()
    keys += [f"{one.name}.label" for one in fields]
    keys += [f"{one.name}.{name}" for one in fields for name in choices(fields, one.name)]
    assert [key for key in keys if not form.say(language, key)] == []
    assert set(form.words[code]) == set(form.words["en"])


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_field_is_asked_in_some_step_and_conditions_name_choices(form):
    fields = form.fields()
    if form.sections:
        assert {name for one in form.sections for name in one.fields} == {one.name for one in fields}
        assert not form.sections[-1].when
    for one in form.sections:
        assert not one.when or set(one.of) <= set(choices(fields, one.when))
    assert set(form.confirms) <= set(choices(fields, "kind") if form.confirms else ())


def test_a_concern_goes_through_its_steps_and_names_whom_to_keep_out(world, person, helpers):
    page = fill(
        person,
        helpers,
        "concern",
        {"kind": "harassment", "text": "He grabs me.", "danger": "yes"},
        {"fear": "He waits at my car."},
        {"concerns": "Bob Stone\nbob@acme.example", "keep_from": "Erin Hall", "managers": "kept"},
        {"name": "Ada", "email": "ada@acme.example"},
        files={"note.txt": b"x"},
    )
    assert "It is stored" in helpers.words(page)
    (row,) = world.envelopes()
    payload = row["payload"]
    assert payload["text"] == "He grabs me."
    assert payload["concerns"] == ["Bob Stone", "bob@acme.example"]
    assert payload["keep_from"] == ["Erin Hall"]
    assert payload["keep_from_managers"] is True
    assert payload["fields"] == {"kind": "harassment", "danger": "yes", "fear": "He waits at my car."}
    assert [one["filename"] for one in payload["files"]] == ["note.txt"]


def test_a_step_appears_by_its_answer_alone_and_what_it_held_falls_away_with_it(world, person, helpers):
    calm = fill(person, helpers, "concern", {"kind": "other", "text": "Hm.", "danger": "no"})
    assert helpers.step(calm) == "people"
    page = fill(
        person,
        helpers,
        "data",
        {"kind": "address", "iban": "DE89370400440532013000", "holder": "Ada"},
        {"new_address": "1 New Road"},
        {"name": "Ada", "email": "ada@acme.example"},
    )
    assert page.status_code == 200
    fields = world.envelopes()[0]["payload"]["fields"]
    assert fields == {"kind": "address", "new_address": "1 New Road", "confirm_first": "yes"}
    assert "change nothing yet" in helpers.words(page)


def test_slips_are_said_in_their_step_and_an_answer_can_be_changed_later(person, helpers):
    page = fill(person, helpers, "pay", {})
    assert page.status_code == 422
    assert "Please choose one." in helpers.words(page)
    page = fill(person, helpers, "pay", {"kind": "late"}, {"period": "March"})
    assert helpers.step(page) == "reach"
    assert "The money has not arrived" in helpers.words(page)
    back = person.post(
        "/en/write/pay", token=helpers.token(page), step="reach", do="edit:which", kind="late", period="March"
    )
    assert helpers.step(back) == "which"
    assert 'value="late" checked' in back.text
    assert 'name="period" value="March"' in back.text


@pytest.mark.parametrize(
    ("typed", "right"), [("DE89 3704 0044 0532 0130 00", True), ("DE89370400440532013001", False), ("hello", False)]
)
def test_a_wrong_iban_is_seen_at_once(person, helpers, typed, right):
    page = fill(person, helpers, "data", {"kind": "bank"}, {"holder": "Ada", "iban": typed})
    assert (page.status_code == 200) is right
    assert ("cannot be right" in helpers.words(page)) is not right


def test_a_suggestion_is_anonymous_until_somebody_signs_it(world, person, helpers):
    page = fill(person, helpers, "suggestion", {"text": "Bigger windows.", "sign": "without"}, {})
    assert helpers.receipt(page)
    page = fill(
        person,
        helpers,
        "suggestion",
        {"text": "More plants.", "sign": "with"},
        {"name": "Ada", "email": "ada@acme.example"},
        {},
    )
    assert {row["payload"]["text"]: (row["channel"], row["payload"]["name"]) for row in world.envelopes()} == {
        "Bigger windows.": ("anonymous", ""),
        "More plants.": ("form", "Ada"),
    }


def test_a_form_without_words_says_what_it_is_and_never_what_was_typed(world, person, helpers):
    fill(
        person,
        helpers,
        "data",
        {"kind": "bank"},
        {"holder": "Ada", "iban": "DE89370400440532013000"},
        {"name": "Ada", "email": "ada@acme.example"},
        lang="de",
    )
    assert world.envelopes()[0]["payload"]["text"] == "Meine Daten ändern: Bankverbindung"


def test_nothing_is_stored_between_steps(world, person, helpers):
    fill(person, helpers, "concern", {"kind": "other", "text": "Draft.", "danger": "no"})
    assert world.envelopes() == []


def test_the_normaliser_reads_whom_a_form_keeps_out():
    said = normalize_form(
        b'{"text": "x", "concerns": ["Bob"], "keep_from": ["Eve", "eli@acme.example"]}', channel=Channel.FORM, now=NOON
    )
    assert (said.concerns, said.keep_from) == (("Bob",), ("Eve", "eli@acme.example"))


def test_people_are_one_a_line_or_between_commas():
    assert lines_of("Bob Stone\n  Eve ; Ann, \n") == ("Bob Stone", "Eve", "Ann")


def test_an_unknown_step_or_choice_is_no_way_around_a_question(world, person, helpers):
    token = helpers.token(person.look("/en/write/concern"))
    page = person.post("/en/write/concern", token=token, step="reach", do="on", kind="x", text="t", name="n")
    assert page.status_code == 422
    assert world.envelopes() == []
    assert Steps(FORMS["concern"], {}).at("nonsense") == 0
