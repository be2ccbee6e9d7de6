"""True when the model gives a category, or several together, a score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.conditions.support import bound_words, bounds
from rules.expressions import FALSE, Outcome, holds
from rules.facts import Facts
from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.shapes import ListOf, Text
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
    """Categories with the model classes they stand for, and bounds of their summed score."""

    categories: tuple[str, ...]
    classes: frozenset[str]
    at_least: float | None = None
    below: float | None = None

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the score. A model that was not asked gives every category nothing."""
        score = sum(value for name, value in facts.assessment.scores if name in self.classes)
        if (self.at_least is not None and score < self.at_least) or (self.below is not None and score >= self.below):
            return FALSE
        return holds((f"{' + '.join(self.categories)} {score:.2f}",), "model")

    def words(self) -> str:
        """In words."""
        return f"model gives {' + '.join(self.categories)} {bound_words(self.at_least, self.below)}"


def _make(value: tuple[str, ...], options: Mapping[str, Any], reader: Reader, node: Node) -> Model | None:
    if not options:
        reader.error(node, "a score is missing", "add at_least: 0.70 or below: 0.30")
        return None
    classes: set[str] = set()
    for name in value:
        known = reader.names.get("categories", {})
        if name in known:
            reader.used["categories"].add(name)
        elif name not in MODEL_CLASSES:
            reader.error(node, f'unknown category "{name}"', did_you_mean(name, (*known, *MODEL_CLASSES)))
            return None
        classes.update(reader.model_classes.get(name, (name,)))
    return Model(value, frozenset(classes), options.get("at_least"), options.get("below"))


DEFINITION = Definition(
    name="model",
    about="The score that the model gives a category (or one of its own classes), from 0 to 1; of several the sum.",
    shape=ListOf(Text("the name of a category or of a model class")),
    make=_make,
    options=bounds(0, 1),
    example=Example(
        yaml="{model: training, at_least: 0.70}",
        given="{model: {training: 0.8}}",
        otherwise="{model: {training: 0.6}}",
    ),
)
