"""`heed rules explain`: a decision in words, from its own trace; it needs no ruleset, so it works for ever."""

from collections.abc import Iterator

from cases.model.decision import ConditionTrace, Decision, RuleTrace

MARKS = {True: "yes", False: "no", None: "unknown"}


def explain(decision: Decision, *, everything: bool = False) -> Iterator[str]:
    """Lines of text: what was decided, then phase by phase each rule, each condition, the words, and what lost to what.

    Without `everything` only rules that matched are shown, and those of which a part did and the rest is unknown.
    """
    yield f"category {decision.category}, risk {decision.risk}, access {decision.access}, team {decision.team}"
    owner, model = decision.owner or "nobody", decision.model or "none"
    yield f"owner {owner}; ruleset {decision.ruleset}, model {model}, engine {decision.engine}"
    for alarm in decision.alarms:
        yield f"alarm: {alarm}"
    for phase in ("classify", "assess", "route"):
        rules = [entry for entry in decision.trace if entry.phase == phase]
        shown = [entry for entry in rules if everything or _interesting(entry)]
        yield f"{phase}: {sum(entry.fired for entry in rules)} of {len(rules)} rules matched"
        for entry in shown:
            yield from _rule(entry)
    for exclusion in decision.excluded:
        yield f"kept away: {exclusion.person} ({exclusion.reason})"


def _interesting(entry: RuleTrace) -> bool:
    results = {condition.result for condition in entry.conditions}
    return entry.fired or (False not in results and True in results)


def _rule(entry: RuleTrace) -> Iterator[str]:
    state = "matched" if entry.fired else "did not match"
    watched = ", only watched" if entry.watched else ""
    yield f"  {entry.rule}: {state}{watched}{f' ({entry.why})' if entry.why else ''}"
    for condition in entry.conditions:
        yield f"    {_condition(condition)}"
    if entry.set_fields:
        yield f"    {'would have done' if entry.watched else 'did'}: {'; '.join(entry.set_fields)}"
    for lost in entry.lost:
        yield f"    lost: {lost}"


def _condition(condition: ConditionTrace) -> str:
    words = ", ".join(f'"{one}"' for one in condition.evidence)
    where = f" in {condition.where}" if condition.where and words else ""
    return f"{MARKS[condition.result]}: {condition.condition}{f': {words}' if words else ''}{where}"
