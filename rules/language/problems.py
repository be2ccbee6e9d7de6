"""What is wrong with a ruleset, said so that its author can mend it: place, caret, suggestion."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from cases.errors import Refused

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `line` and `column` count from 1; `length` is how many characters the caret underlines."""

    line: int
    column: int
    message: str
    suggestion: str = ""
    length: int = 1
    severity: str = ERROR
    text: str = ""
    """The line it stands in, for the caret; empty when there is none to show."""

    def render(self, source: str = "rules.yaml") -> str:
        """Two or three lines: where and what, the line itself, and a caret with the suggestion."""
        head = f"{source}:{self.line}:{self.column} {self.severity}: {self.message}"
        if not self.text:
            return head + (f"\n      {self.suggestion}" if self.suggestion else "")
        shown, column = _window(self.text, self.column)
        caret = "^" * max(1, min(self.length, len(shown) - column + 1))
        tail = f" {self.suggestion}" if self.suggestion else ""
        return f"{head}\n{self.line:5d} | {shown}\n      | {' ' * (column - 1)}{caret}{tail}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that a condition asks for and only the surroundings know: of what (`form`, `field`, `recipient`, an attribute of
    the directory), and the place where it stands.
    """

    of: str
    value: str
    line: int
    column: int
    length: int
    where: str


def _window(text: str, column: int, width: int = 110) -> tuple[str, int]:
    """The part of a long line around `column`, tabs shown as one space so that the caret stands right."""
    flat = text.replace("\t", " ")
    if len(flat) <= width:
        return flat, column
    start = max(0, column - width // 2)
    return flat[start : start + width], column - start


class RulesetInvalid(Refused):
    """The text is not a ruleset that may take effect. `problems` says why, errors first, in file order."""

    def __init__(self, problems: Iterable[Problem], source: str = "rules.yaml") -> None:
        self.problems = tuple(problems)
        self.source = source
        errors = sum(problem.severity == ERROR for problem in self.problems)
        self.heading = f"{source} has {errors} error{'s' if errors != 1 else ''} and was not taken."
        super().__init__("\n".join([self.heading, *(problem.render(source) for problem in self.problems)]))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean "x"?` for the nearest known name, or "" when none is near."""
    candidates = sorted(set(known))
    near = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6)
    if not near:
        folded = {candidate.casefold().replace("-", "_"): candidate for candidate in candidates}
        near = [folded[key] for key in [name.casefold().replace("-", "_")] if key in folded]
    return f'did you mean "{near[0]}"?' if near else ""
