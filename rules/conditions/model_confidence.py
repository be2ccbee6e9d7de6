"""True when the model's confidence in its likeliest category lies within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.errors import Refused
from rules.conditions.support import bound_words, bounds
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.reader import Reader
from rules.language.shapes import Record
from rules.language.tree import Node
from rules.registry import Definition, Example


@dataclass(frozen=True, slots=True)
class ModelConfidence:
    """Bounds of the confidence."""

    at_least: float | None = None
    below: float | None = None

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the confidence. A model that abstains has none: 0."""
        confidence = facts.assessment.confidence if facts.assessment.category else 0.0
        if self.at_least is not None and confidence < self.at_least:
            return FALSE
        if self.below is not None and confidence >= self.below:
            return FALSE
        return holds((f"confidence {confidence:.2f}",), "model")

    def words(self) -> str:
        """In words."""
        return f"model's confidence is {bound_words(self.at_least, self.below)}"


def _make(value: ModelConfidence, options: Mapping[str, Any], reader: Reader, node: Node) -> ModelConfidence:
    return value


def _record(**values: float) -> ModelConfidence:
    if not values:
        raise Refused("say at_least or below")
    return ModelConfidence(**values)


DEFINITION = Definition(
    name="model_confidence",
    about="How sure the model is of its likeliest category, from 0 to 1; 0 when it abstains.",
    shape=Record(_record, bounds(0, 1), "the bounds of a confidence"),
    make=_make,
    example=Example(
        yaml="{model_confidence: {below: 0.40}}",
        given="{model: {payroll: 0.3}}",
        otherwise="{model: {payroll: 0.9}}",
    ),
)
