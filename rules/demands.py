"""What the ruleset asks of one case before it closes: steps, needs, a second person."""

from collections.abc import Collection

from cases.model.acts import CLOSED_BY_TWO
from cases.model.decision import Decision
from cases.model.demands import Demands, Need
from rules.ruleset import Ruleset


def demands_of(ruleset: Ruleset, category: str, decision: Decision | None, tags: Collection[str]) -> Demands:
    """What the category asks, with what rules added when the case came, and to its `tags` by later messages.

    `ruleset` is the version that the case carries.

    `decision` is None for who holds no key to it; then a second person is asked for, since a rule may have said so.
    """
    known = ruleset.categories.get(ruleset.current_name(category))
    checklist = _added(ruleset, category, decision) or (known.checklist if known else "")
    return Demands(
        steps=tuple(ruleset.checklists.get(checklist, ())),
        close_needs=frozenset(Need(one) for one in (known.close_needs if known else ())),
        second_person=decision is None or decision.review_before_close or CLOSED_BY_TWO in tags,
    )


def _added(ruleset: Ruleset, category: str, decision: Decision | None) -> str:
    """The checklist that the decision gave; not the old category's own, once the case was sorted anew."""
    if decision is None:
        return ""
    was = ruleset.categories.get(ruleset.current_name(decision.category))
    its_own = decision.category != category and was is not None and decision.checklist == was.checklist
    return "" if its_own else decision.checklist
