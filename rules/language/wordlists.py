"""Lists of words: a name of the `lists:` section, or entries written where they are used."""

from dataclasses import dataclass
from typing import Any

from cases.errors import Refused
from rules.language.reader import Reader
from rules.language.shapes import wrong_kind
from rules.language.tree import Node
from rules.text.lexicon import Entry, read_entry
from rules.text.words import LANGUAGES

LONGEST_ENTRY = 200
MOST_LABELLED = 3


@dataclass(frozen=True, slots=True)
class WordList:
    """A list in the lexicon, by its number. `label` names it in the trace."""

    number: int
    label: str


def read_entries(node: Node, reader: Reader) -> tuple[Entry, ...]:
    """Entries of a list, or of a block with a list for each language; then endings are that language's only."""
    if node.kind != "map":
        return _entries(node, reader, ())
    found: list[Entry] = []
    for language, words in node.pairs:
        if str(language.value) not in LANGUAGES:
            reader.error(language, f'"{language.value}" is no language whose endings are known',
                         f"one of {', '.join(LANGUAGES)}")  # fmt: skip
        found += _entries(words, reader, (str(language.value),))
    return tuple(found)


def _entries(node: Node, reader: Reader, languages: tuple[str, ...]) -> tuple[Entry, ...]:
    nodes = node.items if node.kind == "list" else (node,)
    if not nodes:
        reader.error(node, "this list is empty", "it would never match; give a word or remove it")
    entries: dict[Entry, None] = {}
    for entry in nodes:
        if entry.kind not in {"text", "number"} or not str(entry.value).strip():
            reader.error(entry, "a word, a phrase or a pattern is expected")
        elif len(str(entry.value)) > LONGEST_ENTRY and not str(entry.value).startswith("re:"):
            reader.error(entry, f"this entry is longer than {LONGEST_ENTRY} characters")
        else:
            try:
                read = read_entry(str(entry.value).strip(), languages)
            except Refused as refused:
                reader.error(entry, str(refused))
                continue
            if read in entries:
                reader.warn(entry, f'"{entry.value}" stands twice in this list')
            entries[read] = None
    return tuple(entries)


@dataclass(frozen=True)
class Words:
    """A place where a list of words stands: its name, or the entries in brackets."""

    def read(self, node: Node, reader: Reader) -> WordList | None:
        """The list, added to the lexicon."""
        if node.kind == "text":
            name = reader.use("lists", node)
            return WordList(reader.list_numbers[name], name) if name in reader.list_numbers else None
        if node.kind != "list":
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]
        before = len(reader.problems)
        entries = read_entries(node, reader)
        if any(problem.severity == "error" for problem in reader.problems[before:]):
            return None
        shown = [str(entry.value) for entry in node.items]
        more = f", … ({len(shown)})" if len(shown) > MOST_LABELLED else ""
        return WordList(reader.add_words(entries), f"[{', '.join(shown[:MOST_LABELLED])}{more}]")

    def schema(self) -> dict[str, Any]:
        """A name, or entries."""
        return {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1}]
        }

    def words(self) -> str:
        """What is expected."""
        return "the name of a list, or words in brackets"
