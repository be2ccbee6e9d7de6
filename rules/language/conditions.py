"""Reads conditions: a name, a test, or tests joined by all, any, none."""

from dataclasses import dataclass
from typing import Any

from rules.expressions import AllOf, AnyOf, Expression, Leaf, Named, NoneOf
from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.shapes import check_duplicates, wrong_kind
from rules.language.tree import Node
from rules.registry import conditions

JOINS: dict[str, type[AllOf] | type[AnyOf] | type[NoneOf]] = {"all": AllOf, "any": AnyOf, "none": NoneOf}
MOST_DEEP = 12


@dataclass(frozen=True)
class ConditionShape:
    """Where a condition stands."""

    def read(self, node: Node, reader: Reader) -> Expression | None:
        """The expression, its leaves one object for equal tests."""
        if node.kind == "text":
            return _named(node, reader)
        if node.kind != "map":
            if node.kind == "list":
                reader.error(node, "a list of conditions needs all:, any: or none: before it")
                return None
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]
        check_duplicates(node, reader)
        return _test(node, reader)

    def schema(self) -> dict[str, Any]:
        """A reference: the definition is recursive."""
        return {"$ref": "#/$defs/condition"}

    def words(self) -> str:
        """What is expected."""
        return "a condition, like {mentions: [word]}"


def _named(node: Node, reader: Reader) -> Expression | None:
    name = reader.use("conditions", node)
    if name in reader.conditions:
        return reader.intern(Named(name, reader.conditions[name]))
    if name in reader.conditions_open:
        path = [*reader.conditions_open[reader.conditions_open.index(name) :], name]
        reader.error(node, f"the conditions {' → '.join(path)} name one another in a circle")
        return None
    if name not in reader.names.get("conditions", {}):
        return None
    return read_named(name, reader)


def read_named(name: str, reader: Reader) -> Expression | None:
    """The condition of this name, read when first needed; circles are noted."""
    if name in reader.conditions:
        return reader.intern(Named(name, reader.conditions[name]))
    if name in reader.conditions_failed:
        return None
    if len(reader.conditions_open) > MOST_DEEP:
        reader.error(reader.names["conditions"][name], f"more than {MOST_DEEP} conditions name one another in a row")
        return None
    reader.conditions_open.append(name)
    where, reader.where = reader.where, f"condition {name}"
    part = ConditionShape().read(reader.condition_nodes[name], reader)
    reader.where = where
    reader.conditions_open.pop()
    if part is None:
        reader.conditions_failed.add(name)
        return None
    reader.conditions[name] = part
    return reader.intern(Named(name, part))


def _test(node: Node, reader: Reader) -> Expression | None:
    known = conditions()
    heads = [(key, value) for key, value in node.pairs if key.value in JOINS or key.value in known]
    if not heads:
        _no_test(node, reader)
        return None
    if len(heads) > 1:
        # A key may be an option of the one before it; a head is then the first of them.
        options = known[str(heads[0][0].value)].options if heads[0][0].value in known else {}
        extra = [key for key, _ in heads[1:] if key.value not in options]
        if extra:
            reader.error(extra[0], f'"{heads[0][0].value}" and "{extra[0].value}" stand side by side',
                         "join them: {all: [{…}, {…}]} or {any: […]}")  # fmt: skip
            return None
    key, value = heads[0]
    name = str(key.value)
    if name in JOINS:
        return _joined(name, key, value, node, reader)
    definition = known[name]
    options, before = {}, len(reader.problems)
    for option, given in node.pairs:
        if option is key:
            continue
        if str(option.value) in definition.options:
            options[str(option.value)] = definition.options[str(option.value)].shape.read(given, reader)
        else:
            near = did_you_mean(str(option.value), (*definition.options, *known))
            reader.error(option, f'"{option.value}" is not known beside "{name}"', near)
    read = definition.shape.read(value, reader)
    if read is None or any(problem.severity == "error" for problem in reader.problems[before:]):
        return None
    made = definition.make(read, options, reader, value)
    return None if made is None else reader.intern(Leaf(made))


def _no_test(node: Node, reader: Reader) -> None:
    names = (*conditions(), *JOINS)
    if not node.pairs:
        reader.error(node, "this condition is empty", f"one of {', '.join(names)}")
        return
    key = node.pairs[0][0]
    near = did_you_mean(str(key.value), names) or f"there are {', '.join(names)}"
    reader.error(key, f'there is no condition "{key.value}"', near)


def _joined(name: str, key: Node, value: Node, node: Node, reader: Reader) -> Expression | None:
    for other, _ in node.pairs:
        if other is not key:
            reader.error(other, f'"{other.value}" is not known beside "{name}"', f"put it into the list of {name}")
            return None
    parts = value.items if value.kind == "list" else (value,)
    if not parts:
        reader.error(value, f'"{name}" has nothing in it', "a rule with it could never match, or always would")
        return None
    read = [ConditionShape().read(part, reader) for part in parts]
    found = [part for part in read if part is not None]
    if len(found) < len(read):
        return None
    return reader.intern(JOINS[name](tuple(found)))
