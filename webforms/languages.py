"""The words of the site in every language: one TOML file a language in `texts/`, read as they are, nothing to compile."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from cases.errors import Refused
from cases.model.wording import LANGUAGES, dotted


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its ISO 639-1 code, its own name, and its words by dotted key."""

    code: str
    words: Mapping[str, str]

    @property
    def name(self) -> str:
        """As its speakers call it."""
        return LANGUAGES.get(self.code, self.code)

    def say(self, key: str, **values: object) -> str:
        """The words behind a key, with `{places}` filled in. Raises KeyError for an unknown key."""
        return self.words[key].format_map({name: str(value) for name, value in values.items()})

    def knows(self, key: str) -> bool:
        """Whether there are words for a key that comes from data, such as a clock's kind."""
        return key in self.words

    def count(self, key: str, number: int) -> str:
        """The words for so many of something: `key.one` or `key.other`."""
        return self.say(f"{key}.{'one' if number == 1 else 'other'}", count=number)

    def day(self, moment: datetime) -> str:
        """A date in full, such as 3 June 2027."""
        locale = Locale("en", "GB") if self.code == "en" else Locale(self.code)
        return format_date(moment.date(), format="long", locale=locale)

    def size(self, count: int) -> str:
        """Bytes for people: 300 kB, 2.5 MB; octets in French."""
        unit = "o" if self.code == "fr" else "B"
        if count < 1024 * 1024:
            return f"{max(1, round(count / 1024))} k{unit}"
        number = f"{count / 1024 / 1024:.1f}".removesuffix(".0")
        return f"{number if self.code == 'en' else number.replace('.', ',')} M{unit}"


def load_languages(codes: Iterable[str]) -> dict[str, Language]:
    """The languages asked for, in that order. Raises Refused when one is unknown or lacks words that another has."""
    found = {code: Language(code, _read(code)) for code in codes}
    everything = {key for language in found.values() for key in language.words}
    for language in found.values():
        missing = sorted(everything - set(language.words))
        if missing:
            raise Refused(f"texts/{language.code}.toml has no words for {missing[0]} ({len(missing)} missing)")
    return found


def choose(accepts: str, codes: Iterable[str]) -> str:
    """Which of our languages an Accept-Language header asks for; the first of ours when none fits."""
    known = list(codes)
    asked = parse_accept_header(accepts[:500], LanguageAccept)
    for wanted, quality in asked:
        code = wanted.partition("-")[0].lower()
        if quality > 0 and code in known:
            return code
    return known[0]


def typeset(words: str) -> str:
    """Straight apostrophes, as people type them, become curly ones."""
    return words.replace("'", "’")


def _read(code: str) -> dict[str, str]:
    place = files("webforms.texts").joinpath(f"{code}.toml")
    if not code.isalpha() or not place.is_file():
        raise Refused(f"web.languages: there are no words for “{code}” (texts/{code}.toml)")
    return {key: typeset(words.strip()) for key, words in dotted(tomllib.loads(place.read_text("utf-8")))}
