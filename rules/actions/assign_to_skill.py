"""Assigns to someone of the team who has a skill."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.effects import Effects
from rules.language.reader import Reader
from rules.language.shapes import Text
from rules.language.tree import Node
from rules.registry import Definition, Example
from rules.ruleset import Rule


@dataclass(frozen=True, slots=True)
class AssignToSkill:
    """The skill wanted; `language` is the language of the text."""

    skill: str

    def apply(self, effects: Effects, rule: Rule) -> None:
        """One skill; the first rule by rank gives it."""
        effects.choose("assign_to_skill", self.skill, rule)

    def words(self) -> str:
        """In words."""
        return f"assign to someone skilled in {self.skill}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> AssignToSkill:
    return AssignToSkill(value)


DEFINITION = Definition(
    name="assign_to_skill",
    about="Assigns to a member of the team with this skill (under `skills:` of the team), if one is there; "
    "`language` stands for the language of the text.",
    shape=Text("a skill, or language"),
    make=_make,
    example=Example(
        yaml="{assign_to_skill: de, route_to: er}",
        given="{text: gizmo}",
        expect="{owner: eli@acme.example}",
    ),
)
