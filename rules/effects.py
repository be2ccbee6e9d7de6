"""What the rules that fired want, merged: one-of fields by rank, lists by union, risk and access only upwards."""

from dataclasses import dataclass, field
from typing import Protocol

from cases.model.words import Access
from rules.ruleset import Rule, Ruleset

ONE_OF = ("category", "route_to", "template", "assign_to_skill", "checklist")
"""Fields of which a decision has one: the first rule by place gives it (locked, priority, file order)."""


class Action(Protocol):
    """One thing a rule does. A frozen value; `apply` writes into the effects of a decision, nothing else."""

    def apply(self, effects: "Effects", rule: Rule) -> None:
        """Adds what this action wants, said by `rule`."""

    def words(self) -> str:
        """The action in words, for the trace."""


@dataclass
class Effects:
    """Collects through the three phases of one decision, then is thrown away. Rules come in place order."""

    ruleset: Ruleset
    chosen: dict[str, tuple[str, Rule]] = field(default_factory=dict)
    risk: str = ""
    access: Access = Access.MANAGED
    tags: dict[str, None] = field(default_factory=dict)
    notify: dict[tuple[str, str], None] = field(default_factory=dict)
    escalate_to: dict[tuple[str, str], None] = field(default_factory=dict)
    exclude: dict[tuple[str, str], None] = field(default_factory=dict)
    slas: dict[str, None] = field(default_factory=dict)
    urgent: set[str] = field(default_factory=set)
    legal_hold: bool = False
    review_before_close: bool = False
    lost: dict[str, list[str]] = field(default_factory=dict)
    """Rule id to what it wanted and did not get, with the rule that got it."""

    def choose(self, name: str, value: str, rule: Rule) -> None:
        """A one-of field. Within a phase the first wins; a later phase wins over an earlier one, but not over a lock.

        Who wins counts for the same value too: it is the winner's lock and phase that later rules must beat.
        """
        stored, other = self.chosen.setdefault(name, (value, rule))
        stays = other.phase == rule.phase or (other.locked and not rule.locked)
        if not stays:
            self.chosen[name] = (value, rule)
        if stored != value:
            loser, lost, winner = (rule, value, other) if stays else (other, stored, rule)
            self.lost.setdefault(loser.id, []).append(f"{name}: {lost} (to {winner.id})")

    def raise_risk(self, level: str) -> None:
        """The higher of the risk so far and `level`."""
        if not self.risk or self.ruleset.risk_rank(level) > self.ruleset.risk_rank(self.risk):
            self.risk = level

    def tighten_access(self, access: Access) -> None:
        """The stricter of the access so far and `access`."""
        if access.strictness > self.access.strictness:
            self.access = access

    def value(self, name: str) -> str:
        """What was chosen for a one-of field; "" when no rule said."""
        return self.chosen[name][0] if name in self.chosen else ""
