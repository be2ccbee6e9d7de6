"""True when files came along, by number, name, type or size."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.errors import Refused
from cases.model.submission import Attachment as File
from rules.conditions.support import matches
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language import doubts
from rules.language.doubts import Doubted
from rules.language.reader import Reader
from rules.language.shapes import Field, ListOf, Number, Record, Text
from rules.language.tree import Node
from rules.registry import Definition, Example

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a file must be to count, and how many must."""

    name: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    larger_than: float = 0.0
    at_least: int = 1

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the names of the files. Pictures inside the text (a signature's logo) do not count."""
        found = [file for file in facts.submission.attachments if not file.inline and self._fits(file)]
        if len(found) < self.at_least:
            return FALSE
        return holds(tuple(file.filename for file in found[:3]), "attachments")

    def _fits(self, file: File) -> bool:
        return (
            (not self.name or any(matches(file.filename, pattern) for pattern in self.name))
            and (not self.type or any(matches(file.content_type, pattern) for pattern in self.type))
            and file.size > self.larger_than * MEGABYTE - (self.larger_than == 0)
        )

    def words(self) -> str:
        """In words."""
        parts = [f"at least {self.at_least} attachment{'s' if self.at_least > 1 else ''}"]
        parts += [f"named {' or '.join(self.name)}"] if self.name else []
        parts += [f"of type {' or '.join(self.type)}"] if self.type else []
        return " ".join(parts + ([f"larger than {self.larger_than:g} MB"] if self.larger_than else []))


def _make(value: Attachment, options: Mapping[str, Any], reader: Reader, node: Node) -> Attachment:
    return value


def _record(**values: Any) -> Attachment:
    if not values:
        raise Refused("say what the attachment must be, or at_least: 1 for any")
    return Attachment(**values)


DEFINITION = Definition(
    name="attachment",
    about="Files that came along; pictures inside the text do not count.",
    shape=Record(
        _record,
        {
            "name": Field(ListOf(Doubted(Text(), doubts.file_name)), "the file's name, as in `*.pdf`"),
            "type": Field(ListOf(Doubted(Text(), doubts.file_type)), "its type, as in `image/*`"),
            "larger_than": Field(Number(0, 1000), "its size, in megabytes"),
            "at_least": Field(Number(1, 1000, whole=True), "how many such files; 1 when left out"),
        },
        "the test of an attachment",
    ),
    make=_make,
    example=Example(
        yaml='{attachment: {name: "*.pdf"}}',
        given="{attachments: [{name: Sick note.PDF}]}",
        otherwise="{attachments: [{name: photo.jpg}]}",
    ),
)
