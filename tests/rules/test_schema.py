"""The JSON Schema says of a file what the loader says, as far as a schema can."""

import re

import pytest

import rules
from rules.language.schema import schema
from rules.language.tree import Node, parse

SCHEMA = schema()
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def plain(node: Node):
    """A tree as the values an editor's schema check sees."""
    if node.kind == "map":
        return {str(key.value): plain(value) for key, value in node.pairs}
    return [plain(item) for item in node.items] if node.kind == "list" else node.value


def is_of(value, name):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def wrong(value, rule, path="$"):
    """Where `value` breaks `rule`: the small part of JSON Schema that the generated one uses."""
    if "$ref" in rule:
        return wrong(value, SCHEMA["$defs"][rule["$ref"].rsplit("/", 1)[1]], path)
    if "anyOf" in rule:
        tried = [wrong(value, one, path) for one in rule["anyOf"]]
        return [] if [] in tried else [f"{path}: none of {len(tried)}"]
    if "const" in rule and value != rule["const"]:
        return [f"{path}: not {rule['const']}"]
    if "enum" in rule and value not in rule["enum"]:
        return [f"{path}: {value} not in {rule['enum']}"]
    names = rule.get("type", [])
    names = [names] if isinstance(names, str) else names
    if names and not any(is_of(value, name) for name in names):
        return [f"{path}: not {names}"]
    if isinstance(value, dict):
        return _wrong_object(value, rule, path)
    if isinstance(value, list):
        short = [f"{path}: too short"] if len(value) < rule.get("minItems", 0) else []
        return short + [
            found for n, item in enumerate(value) for found in wrong(item, rule.get("items", {}), f"{path}[{n}]")
        ]
    if isinstance(value, str) and "pattern" in rule and not re.search(rule["pattern"], value):
        return [f"{path}: not like {rule['pattern']}"]
    if isinstance(value, int | float) and not rule.get("minimum", value) <= value <= rule.get("maximum", value):
        return [f"{path}: out of bounds"]
    return []


def _wrong_object(value, rule, path):
    found = [f"{path}: {name} missing" for name in rule.get("required", []) if name not in value]
    rest = rule.get("additionalProperties", {})
    for name, inner in value.items():
        if name in rule.get("properties", {}):
            found += wrong(inner, rule["properties"][name], f"{path}.{name}")
        elif rest is False:
            found.append(f"{path}: {name} not known")
        else:
            found += wrong(inner, rest, f"{path}.{name}")
    return found


def test_the_shipped_file_and_the_small_one_fit(small):
    assert wrong(plain(parse(small)), SCHEMA) == []
    assert wrong(plain(parse(rules.starter_text())), SCHEMA) == []


@pytest.mark.parametrize(("old", "new"), [
    ("version: 1", "version: 2"), ("phase: route", "phase: rout"),
    ("raise_risk_to: high, escalate_to: hr", "raise: high, escalate_to: hr"),
    ("{mentions: [tribunal", "{mention: [tribunal"), ("at_least: 0.70", "at_least: 7"), ("locked: true", "locked: maybe"),
    ("legal_hold: true", "legal_hold: false"), ("access: sealed", "access: seald"), ("  guardian: {members", "  guard: {members"),
    ("assign: round_robin", "assign: robin"), ("members: [fay@acme.example]", "members: []"), ("timezone:", "zone:"),
])  # fmt: skip
def test_what_an_editor_can_underline(small, old, new):
    assert wrong(plain(parse(small.replace(old, new, 1))), SCHEMA) != []
