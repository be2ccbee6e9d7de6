"""Reads the templates section: the words of mails by language, varied by country, site or organisation."""

from dataclasses import replace
from typing import Any

from cases.model.wording import PLACEHOLDERS, Wording, placeholders_in
from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.sections import WHERE, vary
from rules.language.shapes import Choice, Field, MapOf, OneOf, Record, Shape, wrong_kind
from rules.language.tree import Node
from rules.ruleset import Template
from rules.text.words import LANGUAGES

LONGEST_SUBJECT = 150
LONGEST_TEXT = 10_000


class WordsShape:
    """Words with placeholders. Those that do not exist are errors at their own place, also inside a block of text."""

    def __init__(self, longest: int, about: str) -> None:
        self._longest, self._about = longest, about

    def read(self, node: Node, reader: Reader) -> str | None:
        """The words without blanks around them."""
        if node.kind not in {"text", "number"} or not str(node.value).strip():
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]
        words = str(node.value).strip()
        if len(words) > self._longest:
            reader.error(node, f"these words are longer than {self._longest:,} characters")
            return None
        before = len(reader.problems)
        for name, offset in placeholders_in(str(node.value)):
            if name not in PLACEHOLDERS:
                self._unknown(name, str(node.value)[offset:], node, reader)
        return None if len(reader.problems) > before else words

    @staticmethod
    def _unknown(name: str, rest: str, node: Node, reader: Reader) -> None:
        written = rest[: rest.index(name) + len(name)] if name else "$"
        place = _place_of(written, node, reader)
        if name:
            near = did_you_mean(name, PLACEHOLDERS) or f"there are {', '.join(f'${one}' for one in PLACEHOLDERS)}"
            reader.error(place, f'there is no placeholder "${name}"', near)
        else:
            reader.error(place, "a dollar sign begins a placeholder", 'write "$$" for the sign itself')

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string", "maxLength": self._longest}

    def words(self) -> str:
        """What is expected."""
        return self._about


def _place_of(written: str, node: Node, reader: Reader) -> Node:
    """Where it stands in the file: a block of text begins some lines above it."""
    for number in range(node.line, min(node.line + 200, len(reader.lines) + 1)):
        column = reader.lines[number - 1].find(written, node.column - 1 if number == node.line else 0)
        if column >= 0:
            return replace(node, line=number, column=column + 1, length=len(written))
    return node


_TEXT = WordsShape(LONGEST_TEXT, "the words, with $placeholders")
WORDING_FIELDS = {
    "subject": Field(WordsShape(LONGEST_SUBJECT, "a subject"), "its subject; the usual one when left out"),
    "text": Field(_TEXT, "its words; a paragraph whose placeholder has no value is left out", required=True),
}


def _wording(subject: str = "", text: str = "") -> Wording:
    return Wording(" ".join(subject.split()), text)


WORDING: Shape = OneOf((("map", Record(_wording, WORDING_FIELDS, "a wording")), ("text", _TEXT)))
_BY_LANGUAGE = MapOf(WORDING, Choice(tuple(LANGUAGES)))
_VARY = vary(
    {language: Field(WORDING, f"other words in {language}") for language in LANGUAGES}, "a variation of a template"
)


class TemplateShape:
    """A template: words for each language, and `vary`."""

    def read(self, node: Node, reader: Reader) -> Template | None:
        """The template, still without its name."""
        if node.kind != "map":
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]
        own = tuple(pair for pair in node.pairs if pair[0].value != "vary")
        if not own:
            reader.error(node, "this template has no words", "give it at least one language, like en: …")
            return None
        wordings = _BY_LANGUAGE.read(Node("map", own, node.line, node.column), reader)
        varied = node.get("vary")
        variations = _VARY.shape.read(varied, reader) if varied else ()
        if wordings is None or variations is None:
            return None
        return Template("", _worded(wordings), tuple(
            replace(one, values=_worded(one.values)) for one in variations))  # fmt: skip

    def schema(self) -> dict[str, Any]:
        """An object of wordings."""
        wording, names = WORDING.schema(), {"enum": [*LANGUAGES, *WHERE, "vary"]}
        by_language = {"type": "object", "additionalProperties": wording, "propertyNames": names}
        where = {name: {**place.shape.schema(), "description": place.about} for name, place in WHERE.items()}
        variation = by_language | {"properties": where}
        return by_language | {"properties": {"vary": {"anyOf": [variation, {"type": "array", "items": variation}]}}}

    def words(self) -> str:
        """What is expected."""
        return "words by language, like en: …"


def _worded(pairs: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Wording], ...]:
    return tuple((language, one if isinstance(one, Wording) else Wording("", one)) for language, one in pairs)


TEMPLATE: Shape = TemplateShape()
