"""The plain evaluator: explains, serves as oracle, and answers where durable-rules cannot."""

from collections import defaultdict
from collections.abc import Sequence

from rules.program import Program, ProgramRule


class ReferenceEngine:
    """Fires the rules of one program in plain Python. Holds no state between calls; any thread may use it."""

    name = "reference"

    def __init__(self, program: Program) -> None:
        phases: dict[str, list[ProgramRule]] = defaultdict(list)
        for rule in sorted(program.rules, key=lambda rule: rule.place):
            phases[rule.phase].append(rule)
        self._phases = {
            phase: tuple((rule.id, frozenset(rule.signals)) for rule in rules) for phase, rules in phases.items()
        }

    def fire(self, phase: str, signals: frozenset[str]) -> tuple[str, ...]:
        """Ids of the rules of `phase` whose signals are all among `signals`, in place order. Never fails."""
        return tuple(rule for rule, needed in self._phases.get(phase, ()) if needed <= signals)

    def fire_many(self, phase: str, signals: Sequence[frozenset[str]]) -> list[tuple[str, ...]]:
        """As `fire` for each, in order."""
        return [self.fire(phase, one) for one in signals]
