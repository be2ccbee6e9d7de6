"""How long a ruleset keeps closed cases, as the record asks it."""

from datetime import timedelta

from cases.model.decision import Where
from cases.model.lifecycle import Outcome
from cases.retention.keeping import Keeping
from rules.ruleset import Ruleset


def keeping_of(ruleset: Ruleset) -> Keeping:
    """How long it keeps them. A case of a category that it does not know any more is kept."""

    def keep(category: str, outcome: Outcome | None, where: Where) -> timedelta | None:
        known = ruleset.current_name(category) in ruleset.categories
        return ruleset.keep(category, outcome, where) if known else None

    return keep
