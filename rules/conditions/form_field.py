"""True when a form's field holds a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.conditions.support import matches
from rules.expressions import FALSE, UNKNOWN, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Field, ListOf, Record, Text
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form and the values it may have."""

    name: str
    values: tuple[str, ...]

    def evaluate(self, facts: Facts) -> Outcome:
        """Unknown when the submission has no such field: it came by mail, or the form does not ask."""
        found = [value for name, value in facts.submission.fields if name.casefold() == self.name.casefold()]
        if not found:
            return UNKNOWN
        fitting = tuple(value for value in found if any(matches(value, pattern) for pattern in self.values))
        return holds(fitting, f"field {self.name}") if fitting else FALSE

    def words(self) -> str:
        """In words."""
        return f"form field {self.name} is {' or '.join(self.values)}"


def _make(value: FormField, options: Mapping[str, Any], reader: Reader, node: Node) -> FormField:
    reader.ask("field", node.get("name"))
    reader.ask(f"field.{value.name.casefold()}", node.get("is"))
    return value


def _record(**values: Any) -> FormField:
    return FormField(values["name"], values["is"])


DEFINITION = Definition(
    name="form_field",
    about="What a form's field says. Unknown where there is no such field, so neither this nor its negation holds.",
    shape=Record(
        _record,
        {
            "name": Field(Text(), "the field's name", required=True),
            "is": Field(ListOf(Text()), "its value; `*` stands for anything", required=True),
        },
        "the test of a form's field",
    ),
    make=_make,
    example=Example(
        yaml="{form_field: {name: form, is: benefits}}",
        given="{channel: form, fields: {form: benefits}}",
        otherwise="{channel: form, fields: {form: leave}}",
    ),
)
