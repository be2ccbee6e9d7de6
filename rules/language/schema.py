"""The JSON Schema of rules.yaml, from the same shapes that read it, so that an editor completes and underlines."""

from typing import Any

from rules.language.conditions import JOINS
from rules.language.recipients import AddressShape
from rules.language.rulelines import RULE
from rules.language.sections import ALIAS, CALENDAR, CATEGORY, CHECKLIST, PEOPLE, SETTINGS, SLA, STEP, TEAM
from rules.language.shapes import ListOf, Shape
from rules.language.testlines import TEST
from rules.language.wordings import TEMPLATE
from rules.registry import Definition, actions, conditions

ABOUT = {
    "version": "the version of the language: 1",
    "settings": "what holds for the whole file",
    "calendars": "when people work, and cutoffs",
    "teams": "who handles cases",
    "people": "where escalations go; guardian is required",
    "aliases": "addresses that mail is written to, beside those of the settings; the doors take mail for them",
    "risk_levels": "rising, as in [low, moderate, high, critical]",
    "categories": "kinds of case; unsorted is required",
    "slas": "what is promised: deadlines",
    "escalation": "what happens as a clock runs, by SLA",
    "lists": "words, phrases and patterns, by name",
    "conditions": "conditions by name, to be used in rules",
    "checklists": "steps a case must go through, by name",
    "templates": "the words of mails, by name and language",
    "rules": "when this, then that",
    "tests": "what must come of what",
}
_WORDS = {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1}
_BY_LANGUAGE = {"type": "object", "additionalProperties": {"anyOf": [_WORDS, {"type": "string"}]}}
_LISTS = {"type": "object", "additionalProperties": {"anyOf": [_WORDS, {"type": "string"}, _BY_LANGUAGE]}}


def _named(shape: Shape) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": shape.schema()}


def schema() -> dict[str, Any]:
    """The schema as a dict ready for JSON (draft 2020-12)."""
    sections = {
        "version": {"const": 1},
        "settings": SETTINGS.schema(),
        "calendars": _named(CALENDAR),
        "teams": _named(TEAM),
        "people": _named(PEOPLE) | {"required": ["guardian"]},
        "aliases": {
            "type": "object",
            "propertyNames": AddressShape().schema(),
            "additionalProperties": {"anyOf": [ALIAS.schema(), {"type": "null"}]},
        },
        "risk_levels": {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True},
        "categories": _named(CATEGORY) | {"required": ["unsorted"]},
        "slas": _named(SLA),
        "escalation": _named(ListOf(STEP)),
        "lists": _LISTS,
        "conditions": {"type": "object", "additionalProperties": {"$ref": "#/$defs/condition"}},
        "checklists": _named(CHECKLIST),
        "templates": _named(TEMPLATE),
        "rules": {"type": "array", "items": RULE.schema()},
        "tests": {"type": "array", "items": TEST.schema()},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rules.yaml of Heed",
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "settings", "teams", "people", "categories", "slas", "rules"],
        "properties": {name: {**shape, "description": ABOUT[name]} for name, shape in sections.items()},
        "$defs": {"condition": _condition(), "actions": _actions()},
    }


def _condition() -> dict[str, Any]:
    """A name, a test with its options, or tests joined."""
    part = {"$ref": "#/$defs/condition"}
    joined = [
        {"type": "object", "required": [join], "additionalProperties": False,
         "properties": {join: {"anyOf": [part, {"type": "array", "items": part, "minItems": 1}]}}}
        for join in JOINS
    ]  # fmt: skip
    return {"anyOf": [{"type": "string"}, *joined, *(_test(definition) for definition in conditions().values())]}


def _test(definition: Definition) -> dict[str, Any]:
    options = {name: {**field.shape.schema(), "description": field.about} for name, field in definition.options.items()}
    head = {definition.name: {**definition.shape.schema(), "description": definition.about}}
    return {
        "type": "object",
        "required": [definition.name],
        "properties": head | options,
        "additionalProperties": False,
    }


def _actions() -> dict[str, Any]:
    properties = {name: {**found.shape.schema(), "description": found.about} for name, found in actions().items()}
    return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}
