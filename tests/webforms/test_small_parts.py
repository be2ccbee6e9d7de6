"""Tokens, the limiter, bodies, memory, languages and expectations, each by itself."""

import string
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from heedtest.sites import NOON, Clock, multipart
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused, TryLater
from cases.model.calendars import Elapsed, Months, NextCutoff, Working
from cases.model.wording import LANGUAGES
from cases.model.words import Access, ClockState, Status
from webforms.bodies import KEPT_BYTES, read_posted
from webforms.expectations import SHOWN, Expectations, Promised, in_words
from webforms.forms import all_forms
from webforms.languages import choose, load_languages
from webforms.limiter import FailureLimiter
from webforms.memory import Budget, MemoryBody
from webforms.tokens import FormToken, FormTokens

SITE = load_languages(LANGUAGES)
RULES = (Path(__file__).parents[1] / "rules" / "small.yaml").read_text("utf-8")


def tokens(key: bytes = b"k" * 32, bits: int = 7) -> FormTokens:
    return FormTokens(key, Clock(), lambda _count: bits)


def test_a_token_is_read_back_by_its_form_only():
    made = tokens().issue("a")
    assert tokens().read("a", made) == FormToken(f"{7:032x}", b"k" * 32)
    assert tokens().read("b", made) is None
    assert tokens(b"x" * 32).read("a", made) is None


@given(st.integers(0, 69), st.sampled_from("0123456789abcdef"))
def test_no_changed_token_is_read(place, letter):
    made = tokens().issue("a")
    changed = made[:place] + letter + made[place + 1 :]
    assert (tokens().read("a", changed) is not None) == (changed == made)


@given(st.text(max_size=100))
def test_reading_a_token_never_fails(text):
    assert tokens().read("a", text) is None


def test_a_token_from_the_future_or_long_ago_is_none():
    made = tokens()
    token = made.issue("a")
    made.now.at += timedelta(hours=48)
    assert made.read("a", token)
    made.now.at += timedelta(hours=1)
    assert made.read("a", token) is None
    made.now.at = NOON - timedelta(hours=1)
    assert made.read("a", token) is None


def test_what_follows_from_a_token_is_fixed_and_bound_to_the_key():
    one, other = FormToken("0" * 32, b"k" * 32), FormToken("1" + "0" * 31, b"k" * 32)
    elsewhere = FormToken("0" * 32, b"x" * 32)
    assert tokens().receipt(one) == tokens().receipt(one)
    assert len({tokens().receipt(one), tokens().receipt(other), tokens().receipt(elsewhere)}) == 3
    ids = {
        tokens().envelope_id(token, words, lookup)
        for token in (one, other)
        for words in (b"a", b"b")
        for lookup in ("", "l")
    }
    assert len(ids) == 8
    assert tokens().envelope_id(one, b"a", "l").startswith(tokens().prefixes("l"))
    assert all(len(one_id) == 32 and set(one_id) <= set("0123456789abcdef") for one_id in ids)


def test_the_limiter_counts_failures_and_forgets():
    clock = Clock()
    limiter = FailureLimiter(3, clock)
    assert [limiter.failed() for _ in range(5)] == [False, False, False, True, True]
    clock.pass_by(seconds=20)
    assert [limiter.failed() for _ in range(2)] == [False, True]
    clock.pass_by(hours=1)
    assert [limiter.failed() for _ in range(4)] == [False, False, False, True]
    clock.pass_by(hours=-5)
    assert limiter.failed()


def environ(kind: str, body: bytes) -> dict[str, object]:
    return {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": kind, "wsgi.input": BytesIO(body)}


@given(
    st.dictionaries(st.text(string.ascii_letters, min_size=1), st.text().filter(lambda t: "\r" not in t), max_size=5),
    st.lists(st.binary(max_size=3000), max_size=4),
)
def test_a_form_is_read_as_it_was_sent(fields, contents):
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    files = {f"{number}.bin": content for number, content in enumerate(contents)}
    posted = read_posted(environ(*multipart(fields, files)), 10**6)
    assert dict(posted.values) == fields
    assert {one.filename: one.content for one in posted.files} == files
    assert posted.cut == ""


@given(
    st.binary(max_size=2000), st.sampled_from(["boundary=x", "boundary=", "", "boundary=" + "é" * 9, "boundary=--x"])
)
def test_nonsense_reads_as_no_more_than_is_in_it(body, boundary):
    parts = read_posted(environ(f"multipart/form-data; {boundary}", body), 10**6)
    assert sum(len(one.content) for one in parts.files) <= len(body)
    assert read_posted(environ("application/x-www-form-urlencoded", body), 10**6).files == ()
    plain = read_posted(environ("text/plain", body), 10**6)
    assert (dict(plain.values), plain.files) == ({}, ())


@given(st.binary(max_size=300), st.integers(0, 500))
def test_a_broken_form_never_fails(noise, place):
    kind, body = multipart({"a": "b" * 100, "c": "d"}, {"f": b"g" * 100})
    posted = read_posted(environ(kind, body[:place] + noise + body[place:]), 10**6)
    assert sum(len(one.content) for one in posted.files) <= len(body) + len(noise)


def test_a_form_over_the_limit_keeps_its_words_and_no_half_file():
    kind, body = multipart({"text": "words"}, {"small": b"s", "large": b"z" * (KEPT_BYTES * 2)})
    posted = read_posted(environ(kind, body), KEPT_BYTES)
    assert (posted.cut, posted.text("text"), [one.filename for one in posted.files]) == ("large", "words", ["small"])


def test_too_many_parts_are_too_much():
    kind, body = multipart({str(number): "x" for number in range(500)})
    assert read_posted(environ(kind, body), 10**6).cut == "large"


@given(st.lists(st.integers(0, 400_000), max_size=12), st.integers(0, 2_000_000), st.booleans())
def test_a_body_keeps_all_or_its_front_and_gives_everything_back(sizes, room, announced):
    budget, limit = Budget(room), 1_500_000
    total = sum(sizes)
    body = MemoryBody(limit, budget, announced=total if announced else 0)
    sent = b""
    for number, size in enumerate(sizes):
        piece = bytes([number]) * size
        sent += piece
        body.append(piece)
    kept = body.getfile().read()
    assert sent.startswith(kept)
    assert len(kept) == len(body)
    assert kept == sent if not body.cut else len(kept) <= max(KEPT_BYTES, 0)
    assert (body.cut == "large") == (total > limit) or body.cut == "busy"
    assert budget.left >= 0
    body.close()
    body.close()
    assert budget.left == room


@pytest.mark.parametrize("language", SITE.values(), ids=lambda one: one.code)
def test_every_language_says_everything(language):
    for key in SITE["en"].words:
        places = {name for _, name, _, _ in string.Formatter().parse(SITE["en"].words[key]) if name}
        assert language.words[key], key
        assert {name for _, name, _, _ in string.Formatter().parse(language.words[key]) if name} == places, key
        if language.code != "en" and len(language.words[key]) > 25:
            assert language.words[key] != SITE["en"].words[key], key
    for name in Status:
        assert language.say(f"case_status.{name.value}")
    for state in (ClockState.RUNNING, ClockState.PAUSED, ClockState.MET, ClockState.MISSED):
        assert language.say(f"clock_state.{state.value}", day="x")
    for kind in SHOWN:
        assert language.say(f"clock.{kind.value}")
    for form in all_forms().values():
        assert set(form.words[language.code]) == set(form.words["en"]), form.name
        for field in form.fields():
            assert form.say(language, f"{field.name}.label"), field.name


def test_a_language_with_gaps_or_unknown_is_refused(monkeypatch):
    with pytest.raises(Refused, match="xx"):
        load_languages(["en", "xx"])
    with pytest.raises(Refused):
        load_languages(["../en"])
    monkeypatch.setattr("webforms.languages._read", lambda code: {"a": "b"} if code == "de" else {"a": "b", "c": "d"})
    with pytest.raises(Refused, match=r"de\.toml has no words for c"):
        load_languages(["en", "de"])


@pytest.mark.parametrize(
    ("accepts", "code"),
    [
        ("", "en"),
        ("fr-CA,fr;q=0.9,en;q=0.5", "fr"),
        ("pt,de;q=0.3", "de"),
        ("en;q=0.1,es", "es"),
        ("*", "en"),
        (";;q=x", "en"),
    ],
)
def test_the_browsers_language_is_chosen(accepts, code):
    assert choose(accepts, LANGUAGES) == code


SPANS = [
    (Elapsed(timedelta(hours=24)), "within 24 hours", "binnen 24 Stunden"),
    (Elapsed(timedelta(days=7)), "within 7 days", "binnen 7 Tagen"),
    (Elapsed(timedelta(minutes=30)), "within 30 minutes", "binnen 30 Minuten"),
    (Working(None, 1, "office"), "within 1 working day", "binnen 1 Arbeitstag"),
    (Working(timedelta(hours=4), None, "office"), "within 4 working hours", "binnen 4 Arbeitsstunden"),
    (Months(3), "within 3 months", "binnen 3 Monaten"),
    (NextCutoff("payroll"), "by the next payroll date", "bis zum nächsten Abrechnungstermin"),
]


@pytest.mark.parametrize(("span", "english", "german"), SPANS)
def test_promises_in_words(span, english, german):
    assert in_words(Promised("resolve", span), SITE["en"]) == english
    assert in_words(Promised("resolve", span), SITE["de"]) == german


def test_expectations_follow_the_published_rules():
    text = [RULES]
    expectations = Expectations(lambda: text[0])
    found = expectations.of(("whistleblow",), Access.SEALED)
    assert in_words(found.promise("acknowledge"), SITE["en"]) == "within 7 days"
    text[0] = RULES.replace("acknowledge: 7 days", "acknowledge: 5 days")
    found = expectations.of(("whistleblow",), Access.SEALED)
    assert in_words(found.promise("acknowledge"), SITE["en"]) == "within 5 days"


def test_expectations_without_rules_or_record_quote_nothing_new():
    def away() -> str:
        raise TryLater("locked")

    assert Expectations(lambda: "").of(("x",), Access.MANAGED) is None
    assert Expectations(lambda: "not: [rules").all() == {}
    assert Expectations(away).all() == {}
    assert {Expectations(text).told("x", "Acme", SITE["en"]) for text in (away, lambda: "", lambda: "not: [rules")} == {
        ""
    }


def test_a_form_without_its_category_takes_the_first_of_its_access():
    expectations = Expectations(lambda: RULES)
    assert expectations.of(("gone",), Access.SEALED).category == "whistleblow"
    assert expectations.of(("gone", "unsorted"), Access.MANAGED).category == "unsorted"
