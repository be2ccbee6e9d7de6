"""The rules HR ops own: a YAML language, loaded, checked, decided, explained."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cases.model.assessment import Assessment
    from cases.model.context import Context
    from cases.model.decision import Decision
    from cases.model.submission import Submission
    from rules.deciding import Asked
    from rules.program import Engine
    from rules.ruleset import Ruleset

# The engine's child process imports this package too and needs none of the language: so the doors open late.


def load(text: str, source: str = "rules.yaml") -> "Ruleset":
    """The ruleset in `text`, checked and compiled. Raises `rules.language.problems.RulesetInvalid` with every problem."""
    from rules.language.load import load as load_text

    return load_text(text, source)


def decide(
    ruleset: "Ruleset",
    submission: "Submission",
    assessment: "Assessment",
    context: "Context",
    engine: "Engine",
    now: datetime,
) -> "Decision":
    """Everything that follows from one submission; `now` is aware. See `rules.decide`."""
    from rules.deciding import decide as decide_submission

    return decide_submission(ruleset, submission, assessment, context, engine, now)


def decide_many(
    ruleset: "Ruleset", asked: "Sequence[Asked]", engine: "Engine", now: datetime
) -> "Iterator[Decision | Exception]":
    """As `decide`, for a whole batch in few trips to the engine. See `rules.deciding.decide_many`."""
    from rules.deciding import decide_many as decide_submissions

    return decide_submissions(ruleset, asked, engine, now)


def starter_text() -> str:
    """The shipped ruleset of a made-up company: inside an installed package, else at the repository's root."""
    from importlib.resources import files

    inside = files("rules") / "starter.yaml"
    beside = files("rules") / ".." / "rules.yaml"
    return (inside if inside.is_file() else beside).read_text("utf-8")


def schema_bytes() -> bytes:
    """The JSON Schema of the language, as `heed rules schema` prints it."""
    from importlib.resources import files

    return (files("rules") / "schema.json").read_bytes()
