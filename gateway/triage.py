"""Triage: a pure function from a submission to a decision. Same input, ruleset and model: same decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.decision import Decision
from cases.model.submission import Submission
from classifier.model import Message
from rules import decide
from rules.program import Engine
from rules.ruleset import Ruleset


class Model(Protocol):
    """The classifier as triage needs it."""

    def assess_many(self, messages: Sequence[Message]) -> list[Assessment]:
        """The view of each, in order."""


@dataclass(frozen=True, slots=True)
class Triaged:
    """A submission with what the model thought and what the rules decided."""

    submission: Submission
    assessment: Assessment
    decision: Decision


def assess(submissions: Sequence[Submission], model: Model) -> list[Assessment]:
    """The model's view of each: subject and new text, in one batch."""
    return model.assess_many([Message(s.subject, s.new_text or s.text, s.language) for s in submissions])


def triage(
    submission: Submission, assessment: Assessment, context: Context, *, ruleset: Ruleset, engine: Engine, now: datetime
) -> Triaged:
    """Decide one submission."""
    decision = decide(ruleset, submission, assessment, context, engine=engine, now=now)
    return Triaged(submission, assessment, decision)
