"""True when the model's own risk score lies within bounds."""

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

MOST_QUOTED = 120


@dataclass(frozen=True, slots=True)
class ModelRisk:
    """Bounds of the risk score."""

    at_least: float | None = None
    below: float | None = None

    def evaluate(self, facts: Facts) -> Outcome:
        """True with the score and the piece of text it comes from."""
        risk = facts.assessment.risk
        if self.below is not None and not facts.assessment.read:
            return FALSE  # unknown is not low
        if (self.at_least is not None and risk < self.at_least) or (self.below is not None and risk >= self.below):
            return FALSE
        chunk = " ".join(facts.assessment.risk_chunk.split())[:MOST_QUOTED]
        return holds((f"risk {risk:.2f}", chunk) if chunk else (f"risk {risk:.2f}",), "model")

    def words(self) -> str:
        """In words."""
        return f"model's risk is {bound_words(self.at_least, self.below)}"


def _make(value: ModelRisk, options: Mapping[str, Any], reader: Reader, node: Node) -> ModelRisk:
    return value


def _record(**values: float) -> ModelRisk:
    if not values:
        raise Refused("say at_least or below")
    return ModelRisk(**values)


DEFINITION = Definition(
    name="model_risk",
    about="The model's risk score of its own, from 0 to 1, whatever the category: the riskiest piece of the "
    "text decides. `below` never holds of a text that the model could not read (its language, or too few words).",
    shape=Record(_record, bounds(0, 1), "the bounds of a score"),
    make=_make,
    example=Example(yaml="{model_risk: {at_least: 0.80}}", given="{model_risk: 0.9}", otherwise="{model_risk: 0.2}"),
)
