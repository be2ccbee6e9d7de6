"""The seam between the language and the engines: compiled rules as an engine sees them, and what an engine promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_SIGNALS = 12
"""Signals one rule may need in the engine (the envelope of durable-rules); what needs more gets a derived signal."""

MOST_RULES = 1_000
"""Rules one ruleset may hold; the loader refuses more."""


class EngineFailed(Exception):
    """The engine died, hung or answered nonsense. It may be asked again; after that the reference evaluator answers."""


@dataclass(frozen=True, slots=True)
class ProgramRule:
    """One rule as the engine sees it: fires when all its signals are present. Lower `place` fires first."""

    id: str
    phase: str
    place: int
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """Everything an engine needs of one ruleset; `ruleset` is its content hash."""

    ruleset: str
    rules: tuple[ProgramRule, ...]


class Engine(Protocol):
    """Tells which rules of one program fire. One engine holds exactly one program."""

    name: str
    """`durable-rules` or `reference`."""

    def fire_many(self, phase: str, signals: Sequence[frozenset[str]]) -> Sequence["tuple[str, ...] | EngineFailed"]:
        """For each set of signals, in order: ids of the rules of `phase` whose signals are all among it, in place order.

        Never raises: a failure stands in the place of its answer.
        """
