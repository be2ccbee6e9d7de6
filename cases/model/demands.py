"""What a category asks of a case, and what is missing before it closes: the one place that says so."""

from dataclasses import dataclass
from enum import StrEnum

from cases.errors import Refused
from cases.model.lifecycle import Outcome


class Need(StrEnum):
    """What a category may ask for before a case of it closes (`close_needs` in rules.yaml)."""

    PARTIES = "parties"
    OUTCOME = "outcome"
    ROOT_CAUSE = "root_cause"
    FINDINGS = "findings"
    EVIDENCE = "evidence"
    DECISION = "decision"
    RESOLUTION = "resolution"


IN_WORDS = {
    Need.PARTIES: "a party: who is concerned",
    Need.OUTCOME: "an outcome",
    Need.ROOT_CAUSE: "the root cause",
    Need.FINDINGS: "the findings",
    Need.EVIDENCE: "evidence",
    Need.DECISION: "a decision",
    Need.RESOLUTION: "an answer that tells the reporter how it was resolved",
}
NOT_A_CASE = frozenset({Outcome.SPAM, Outcome.DUPLICATE})
"""Outcomes of what was no case of its own: a second person may close with them whatever the category asks for."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What the category, and the rules that fired, ask of one case. `steps` are the checklist's, in order."""

    steps: tuple[str, ...] = ()
    close_needs: frozenset[Need] = frozenset()
    second_person: bool = False

    @property
    def other_decider(self) -> bool:
        """Whether the decision is somebody else's than the investigator's."""
        return Need.DECISION in self.close_needs

    @property
    def grave(self) -> bool:
        """Whether the case may not quietly be ended by one person."""
        return self.second_person or bool(self.close_needs - {Need.OUTCOME})


@dataclass(frozen=True, slots=True)
class Standing:
    """What a case has so far. `done_steps` are the words of steps done or skipped; `told`: the reporter was answered.

    `unconfirmed`: it asks for a change, and nobody knows yet that it comes from whom it says.
    """

    parties: int = 0
    findings: int = 0
    evidence: int = 0
    decision: bool = False
    root_cause: bool = False
    told: bool = False
    done_steps: frozenset[str] = frozenset()
    unconfirmed: bool = False

    def has(self, need: Need, outcome: Outcome | None) -> bool:
        """Whether this need is met."""
        return {
            Need.PARTIES: self.parties > 0,
            Need.OUTCOME: outcome is not None,
            Need.ROOT_CAUSE: self.root_cause,
            Need.FINDINGS: self.findings > 0,
            Need.EVIDENCE: self.evidence > 0,
            Need.DECISION: self.decision,
            Need.RESOLUTION: self.told,
        }[need]


def missing(demands: Demands, standing: Standing, outcome: Outcome | None, *, by_owner: bool) -> tuple[str, ...]:
    """What stands between the case and its closing with this outcome, in words; empty when nothing does.

    An outcome is always needed. `by_owner` is whether its owner closes it.
    """
    waived = outcome in NOT_A_CASE and not by_owner
    needs = [need for need in Need if need is Need.OUTCOME or (need in demands.close_needs and not waived)]
    words = [IN_WORDS[need] for need in needs if not standing.has(need, outcome)]
    open_steps = [] if waived else [one for one in demands.steps if one not in standing.done_steps]
    if open_steps:
        words.append(f"{len(open_steps)} of {len(demands.steps)} steps, first “{open_steps[0]}”")
    if standing.unconfirmed and outcome is Outcome.DONE:
        words.append("its sender confirmed: by the mail to the directory's address, or another way")
    if demands.second_person and by_owner:
        words.append("a second person: the backup or a lead closes it, not its owner")
    return tuple(words)


def check_closing(demands: Demands, standing: Standing, outcome: Outcome | None, *, by_owner: bool) -> None:
    """Raises `Refused`, naming everything that is missing before the case closes."""
    if lacking := missing(demands, standing, outcome, by_owner=by_owner):
        raise Refused(f"before this case closes it needs {'; '.join(lacking)}")
