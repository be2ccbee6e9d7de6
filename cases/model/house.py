"""What the ruleset says about who looks: teams, who in them works for another organisation, the training that levels ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cases.model.words import Access


@dataclass(frozen=True, slots=True)
class House:
    """Addresses are in lower case. `courses` is the training that each level of access asks of whoever sees its cases."""

    teams: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    outside: frozenset[str] = field(default=frozenset(), repr=False)
    courses: Mapping[Access, str] = field(default_factory=dict)
