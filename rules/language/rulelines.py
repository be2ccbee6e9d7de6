"""Reads the rules section: each rule's condition and actions, ranked by lock, priority and place in the file."""

from dataclasses import replace
from typing import Any

from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.sections import RULE_FIELDS
from rules.language.shapes import Field, Record, check_duplicates, wrong_kind
from rules.language.tree import Node
from rules.program import MOST_RULES
from rules.registry import Definition, actions
from rules.ruleset import PHASES, Rule

LONGEST_ID = 60


class ActionsShape:
    """What stands under `then:`."""

    def read(self, node: Node, reader: Reader) -> tuple[Any, ...] | None:
        """The actions in file order."""
        if node.kind != "map":
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]
        check_duplicates(node, reader)
        if not node.pairs:
            reader.error(node, "this rule does nothing", f"one of {', '.join(actions())}")
            return None
        made = [self._read(key, value, reader) for key, value in node.pairs]
        return None if None in made else tuple(made)

    @staticmethod
    def _read(key: Node, value: Node, reader: Reader) -> Any:
        definition = actions().get(str(key.value))
        if definition is None:
            near = did_you_mean(str(key.value), actions()) or f"there are {', '.join(actions())}"
            reader.error(key, f'there is no action "{key.value}"', near)
            return None
        read = definition.shape.read(value, reader)
        return None if read is None else definition.make(read, {}, reader, value)

    def schema(self) -> dict[str, Any]:
        """An object of actions."""
        return {"$ref": "#/$defs/actions"}

    def words(self) -> str:
        """What is expected."""
        return "actions, like {category: payroll, tag: repeat}"


RULE = Record(dict, RULE_FIELDS | {"then": Field(ActionsShape(), "what the rule does", required=True)}, "a rule")


def read_rules(section: Node | None, reader: Reader) -> tuple[Rule, ...]:
    """Every rule, in file order, with its place. Problems go to the reader."""
    if section is None:
        return ()
    if section.kind != "list":
        reader.error(section, "the rules are a list", 'begin each with "- id:"')
        return ()
    if len(section.items) > MOST_RULES:
        reader.error(section.items[MOST_RULES],
                     f"{len(section.items):,} rules; the engine takes {MOST_RULES:,} at most",
                     "join rules that do the same")  # fmt: skip
        return ()
    rules: list[Rule] = []
    seen: dict[Any, int] = {}
    for node in section.items:
        name = node.get("id")
        reader.where = f"rule {name.value}" if name else ""
        if name is not None and name.value in seen:
            reader.error(
                name, f'the id "{name.value}" stands twice (first in line {seen[name.value]})', "choose another"
            )
        elif name is not None:
            seen[name.value] = name.line
        rule = _rule(node, reader)
        if rule is not None:
            rules.append(rule)
    reader.where = ""
    if all(node.get("id") is not None for node in section.items):
        reader.rule_ids = frozenset(str(name) for name in seen)
    return _ranked(rules)


def _rule(node: Node, reader: Reader) -> Rule | None:
    values = RULE.read(node, reader)
    if values is None:
        return None
    if len(values["id"]) > LONGEST_ID or not values["id"].replace("-", "").replace("_", "").isalnum():
        reader.error(
            node.get("id") or node, f'"{values["id"]}" is no good id', "letters, digits and hyphens, at most 60"
        )
    then = node.get("then")
    for key, _ in then.pairs if then else ():
        _check_phase(key, actions()[str(key.value)], values["phase"], reader)
    active = values.get("active", {})
    return Rule(
        id=values["id"],
        phase=values["phase"],
        when=values["when"],
        then=values["then"],
        why=values.get("why", ""),
        priority=values.get("priority", 0),
        locked=values.get("locked", False),
        watch=values.get("watch", False),
        active_from=active.get("from"),
        active_until=active.get("until"),
        line=node.line,
    )


def _check_phase(key: Node, definition: Definition, phase: str, reader: Reader) -> None:
    if phase not in definition.phases:
        where = " or ".join(definition.phases)
        reader.error(key, f'"{definition.name}" can only stand in phase {where}, and this rule is in {phase}')


def _ranked(rules: list[Rule]) -> tuple[Rule, ...]:
    """Rules in file order, each with its place among all: by phase, then locked ones, then priority, then the file."""
    order = sorted(
        range(len(rules)),
        key=lambda index: (PHASES.index(rules[index].phase), not rules[index].locked, -rules[index].priority, index),
    )
    places = {index: place for place, index in enumerate(order)}
    return tuple(replace(rule, place=places[index]) for index, rule in enumerate(rules))
