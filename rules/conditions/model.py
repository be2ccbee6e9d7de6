"""True when the model gives a category a score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.conditions.support import bound_words, bounds
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.shapes import Text
from rules.language.tree import Node
from rules.registry import Definition, Example

MODEL_CLASSES = (
    "leave", "payroll", "benefits", "employment_verification", "data_update", "policy_question", "remote_work",
    "expenses", "workplace_conflict", "manager_complaint", "harassment_discrimination", "misconduct", "accommodation",
    "regulatory_complaint", "safety_incident", "whistleblower", "resignation_exit", "recruitment", "training",
    "legal_threat", "spam", "other",
)  # fmt: skip
"""What the shipped model tells apart; a category may stand for one or several of them."""


@dataclass(frozen=True, slots=True)
class Model:
    """A category with the model classes it stands for, and bounds of their summed score."""

    category: str
    classes: tuple[str, ...]
    at_least: float | None = None
    below: float | None = None

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the score. A model that was not asked gives every category nothing."""
        score = sum(value for name, value in facts.assessment.scores if name in self.classes)
        fits = (self.at_least is None or score >= self.at_least) and (self.below is None or score < self.below)
        return holds((f"{self.category} {score:.2f}",), "model") if fits else FALSE

    def words(self) -> str:
        """In words."""
        return f"model gives {self.category} {bound_words(self.at_least, self.below)}"


def _make(value: str, options: Mapping[str, Any], reader: Reader, node: Node) -> Model | None:
    if not options:
        reader.error(node, "a score is missing", "add at_least: 0.70 or below: 0.30")
        return None
    if value in reader.names.get("categories", {}):
        reader.used["categories"].add(value)
        return Model(value, reader.model_classes.get(value, (value,)), options.get("at_least"), options.get("below"))
    if value not in MODEL_CLASSES:
        known = (*reader.names.get("categories", {}), *MODEL_CLASSES)
        reader.error(node, f'unknown category "{value}"', did_you_mean(value, known))
        return None
    return Model(value, (value,), options.get("at_least"), options.get("below"))


DEFINITION = Definition(
    name="model",
    about="The score that the model gives a category (or one of its own classes), from 0 to 1.",
    shape=Text("the name of a category or of a model class"),
    make=_make,
    options=bounds(0, 1),
    example=Example(
        yaml="{model: training, at_least: 0.70}",
        given="{model: {training: 0.8}}",
        otherwise="{model: {training: 0.6}}",
    ),
)
