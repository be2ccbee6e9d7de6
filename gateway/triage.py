"""Triage: a pure function from a submission to a decision. Same input, ruleset and model: same decision."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.decision import Decision
from cases.model.submission import Submission
from classifier.model import Message
from rules import decide_many
from rules.deciding import Asked
from rules.program import Engine
from rules.ruleset import Ruleset


class Model(Protocol):
    """The classifier as triage needs it."""

    def assess_many(self, messages: Sequence[Message]) -> list[Assessment]:
        """The view of each, in order."""


def assess(submissions: Sequence[Submission], model: Model) -> list[Assessment]:
    """The model's view of each: subject, new text and what a first mail forwards, in one batch."""
    return model.assess_many([Message(s.subject, _words(s), s.language) for s in submissions])


def _words(said: Submission) -> str:
    return "\n\n".join(part for part in (said.new_text, said.forwarded_text) if part) or said.text


def in_its_language(ruleset: Ruleset, submission: Submission) -> Submission:
    """The submission; where its language could not be told, in that of the alias it was written to."""
    if submission.language:
        return submission
    alias = ruleset.alias_of(submission)
    return replace(submission, language=alias.language) if alias else submission


def triage(
    submissions: Sequence[Submission],
    assessments: Sequence[Assessment],
    contexts: Sequence[Context],
    *,
    ruleset: Ruleset,
    engine: Engine,
    now: datetime,
) -> Iterator[Decision | Exception]:
    """Decide a batch, in order; what goes wrong for one comes as the exception in its place."""
    asked = [Asked(*one) for one in zip(submissions, assessments, contexts, strict=True)]
    return decide_many(ruleset, asked, engine, now)
