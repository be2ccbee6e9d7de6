"""True when the text is written in a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.expressions import FALSE, UNKNOWN, Outcome, holds
from rules.facts import Facts
from rules.language import doubts
from rules.language.doubts import Doubted
from rules.language.reader import Reader
from rules.language.shapes import ListOf, Text
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class Language:
    """Languages, one of which it must be."""

    codes: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """Unknown when the language could not be told."""
        code = facts.language
        if not code:
            return UNKNOWN
        return holds((code,), "text") if code in self.codes else FALSE

    def words(self) -> str:
        """In words."""
        return f"written in {' or '.join(self.codes)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Language | None:
    wrong = [code for code in value if len(code) != 2 or not code.islower()]
    if wrong:
        reader.error(node, f'"{wrong[0]}" is no language code', "write two letters, as in de or fr")
        return None
    return Language(value)


DEFINITION = Definition(
    name="language",
    about="The language of the text, by its two letters. Unknown when it could not be told.",
    shape=ListOf(Doubted(Text("a language code"), doubts.language)),
    make=_make,
    example=Example(yaml="{language: [de, fr]}", given="{language: de}", otherwise="{language: en}"),
)
