"""Puts a tag on the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.shapes import ListOf, Text
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class Tag:
    """The tags."""

    tags: tuple[str, ...]

    def apply(self, effects: Effects, rule: Rule) -> None:
        """Every tag that any rule names."""
        effects.tags.update(dict.fromkeys(self.tags))

    def words(self) -> str:
        """In words."""
        return f"tag {', '.join(self.tags)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Tag | None:
    wrong = [tag for tag in value if any(letter.isspace() or letter == "," for letter in tag)]
    if wrong:
        reader.error(
            node, f'the tag "{wrong[0]}" is not one word', f'write "{"_".join(wrong[0].replace(",", " ").split())}"'
        )
        return None
    return Tag(value)


DEFINITION = Definition(
    name="tag",
    about="Puts a tag on the case, for lists and for rules of later phases (`tagged`).",
    shape=ListOf(Text("a tag")),
    make=_make,
    example=Example(
        yaml="{tag: gizmo}",
        given="{text: gizmo}",
        expect="{tags: [gizmo]}",
    ),
)
