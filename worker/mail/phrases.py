"""What mails say beside the words of their templates, in their reader's language: one file a language in `worker/phrases/`."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from importlib.resources import files
from string import Template as Words
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cases.model.wording import LANGUAGES, Phrase, dotted, phrase
from cases.store.codec import MailPayload
from rules.ruleset import Ruleset

if TYPE_CHECKING:
    from babel import Locale

FALLBACK = "en"
BY_LINE = frozenset({"lines", "commands"})
"""Placeholders whose phrases stand one a line; those of every other follow each other."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A language, the zone that times are told in, and the labels of categories in that language."""

    language: str
    zone: tzinfo = UTC
    label: Callable[[str], str] = lambda name: name.replace("_", " ")

    def say(self, said: Phrase) -> str:
        """The words of a phrase; what its values stand for (a day, a clock, a level) is said in the language too."""
        words, name = book(self.language), said.name
        if name not in words:
            name = f"{name}.{_locale(self.language).plural_form(int(said.value('count')))}"
        return words[name].safe_substitute({one: self._value(one, value) for one, value in said.values})

    def named(self, kind: str, name: str) -> str:
        """A clock, level, status or outcome as people call it; a name of HR ops' own in its words."""
        plain = name.replace("_", " ")
        words = book(self.language).get(f"{kind}.{plain.replace(' ', '_')}")
        return words.template if words else plain

    def _value(self, name: str, value: str) -> str:
        """A value as its name says that it is (`level`, `level_before`): a day, a name of a closed set; else as it stands."""
        match kind := name.partition("_")[0]:
            case "day":
                return self._day(self._local(value))
            case "moment" | "short":
                return self._moment(value, "short" if kind == "short" else "full")
            case "clock" | "level" | "outcome" | "status" | "access":
                return self.named(kind, value)
            case "levels" | "outcomes":
                return ", ".join(self.named(kind.removesuffix("s"), one) for one in value.split(", "))
            case "category" | "categories":
                return ", ".join(self.label(one) for one in value.split(", "))
            case "needs":
                return self.say(Phrase("between")).join(self.say(recognised(one, "need")) for one in value.split("; "))
            case "reason":
                return self.say(recognised(value))
        return value

    def _day(self, value: date, how: str = "long") -> str:
        from babel.dates import format_date, format_skeleton

        locale = _locale(self.language)
        said = format_skeleton("MMMd", value, locale=locale) if how == "short" else format_date(value, how, locale)
        return re.sub(r"\b1 ", "1er ", said, count=1) if locale.language == "fr" and value.day == 1 else said

    def _local(self, value: str) -> date:
        """A day as it is, or the day of a moment here."""
        return datetime.fromisoformat(value).astimezone(self.zone).date() if "T" in value else date.fromisoformat(value)

    def _moment(self, value: str, how: str) -> str:
        local = datetime.fromisoformat(value).astimezone(self.zone)
        return self.say(phrase("moment", date=self._day(local.date(), how), time=f"{local:%H:%M}"))


def spoken(payload: MailPayload, speech: Speech) -> MailPayload:
    """The mail with its phrases as facts, and its risk as a word."""
    said: dict[str, list[str]] = defaultdict(list)
    for name, one in payload.phrases:
        words, reference = speech.say(one), one.value("reference")
        listed = phrase("listed", reference=reference, line=words) if reference and name == "lines" else None
        said[name].append(speech.say(listed) if listed else words)
    facts = dict(payload.facts)
    if "risk" in facts:
        facts["risk"] = speech.named("level", facts["risk"])
    between = speech.say(Phrase("between"))
    facts |= {name: ("\n" if name in BY_LINE else between).join(words) for name, words in said.items()}
    return replace(payload, facts=tuple(facts.items()), phrases=())


def known(group: str, name: str) -> Phrase:
    """The phrase of this name in a group of phrases, else the group's `other`."""
    return Phrase(f"{group}.{name}" if f"{group}.{name}" in book(FALLBACK) else f"{group}.other")


def recognised(words: str, group: str = "reason") -> Phrase:
    """The phrase that Heed's own English words are, such as a refusal's; words that are none stand as they are."""
    for name, pattern in _patterns(group):
        if found := pattern.fullmatch(words):
            return phrase(name, **found.groupdict())
    return phrase("as_is", words=words)


def speech_of(ruleset: Ruleset, language: str) -> Speech:
    """A language as the ruleset's house speaks it: its zone, its labels."""

    def label(name: str) -> str:
        found = ruleset.categories.get(name)
        return found.title(language) if found else name.replace("_", " ")

    return Speech(language, ZoneInfo(ruleset.settings.timezone), label)


def above(language: str) -> str:
    """The line at the top of what staff may answer by mail: whatever a client quotes of ours begins there."""
    return Speech(language).say(Phrase("above"))


def in_each(key: str) -> tuple[str, ...]:
    """The words of one phrase in every language."""
    return tuple(book(language)[key].template for language in LANGUAGES)


def called(kind: str, name: str) -> tuple[str, ...]:
    """How a level, outcome or status is called in each language; nothing for a name of HR ops' own."""
    key = f"{kind}.{name.replace(' ', '_')}"
    return in_each(key) if key in book(FALLBACK) else ()


@cache
def book(language: str) -> Mapping[str, Words]:
    """The phrases of a language by dotted name; an unknown language's are English."""
    name = language if language in LANGUAGES else FALLBACK
    table = tomllib.loads(files("worker").joinpath("phrases", f"{name}.toml").read_text(encoding="utf-8"))
    return {key: Words(words) for key, words in dotted(table)}


@cache
def _patterns(group: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What the English words of a group look like, the longest first: they say most."""
    mine = {name: words.template for name, words in book(FALLBACK).items() if name.startswith(f"{group}.")}
    shapes = {name: re.sub(r"\\\$(\w+)", r"(?P<\1>.+?)", re.escape(words)) for name, words in mine.items()}
    return tuple((name, re.compile(shapes[name], re.DOTALL)) for name in sorted(mine, key=lambda one: -len(mine[one])))


@cache
def _locale(language: str) -> "Locale":
    """British English, as on the public site."""
    from babel import Locale

    name = language if language in LANGUAGES else FALLBACK
    return Locale("en", "GB") if name == "en" else Locale(name)
