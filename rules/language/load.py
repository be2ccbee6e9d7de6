"""From the text of rules.yaml to a ruleset that may take effect, or to everything that is wrong with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rules.compile import compile_rules, program_of
from rules.language.calendars import read_calendars
from rules.language.checks import check_ruleset
from rules.language.conditions import read_named
from rules.language.problems import ERROR, Problem, RulesetInvalid, did_you_mean
from rules.language.reader import NAMED, Reader
from rules.language.recipients import AddressShape
from rules.language.rulelines import read_rules
from rules.language.sections import ALIAS, CATEGORY, CHECKLIST, PEOPLE, SETTINGS, SLA, STEP, TEAM
from rules.language.shapes import ListOf, Shape, check_duplicates
from rules.language.testlines import read_tests
from rules.language.tree import Node, parse
from rules.language.wordings import TEMPLATE
from rules.language.wordlists import read_entries
from rules.ruleset import Alias, Category, People, Ruleset, Settings, Sla, Step, Team
from rules.text.lexicon import Lexicon
from rules.text.words import LANGUAGES

SECTIONS = ("version", "settings", "calendars", "teams", "people", "aliases", "risk_levels", "categories", "slas", "escalation",
            "lists", "conditions", "checklists", "templates", "rules", "tests")  # fmt: skip
REQUIRED = ("version", "settings", "teams", "people", "categories", "slas", "rules")
VERSION = 1


def normalise(text: str) -> str:
    """The text that is hashed: no byte order mark, line feeds only, no blanks at line ends, one line feed at the end."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" ") for line in lines).rstrip("\n") + "\n"


def hash_of(text: str) -> str:
    """The name of a version: the first 16 hexadecimal digits of SHA-256 over the normalised text."""
    return hashlib.sha256(normalise(text).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@lru_cache(maxsize=8)
def load(text: str, source: str = "rules.yaml") -> Ruleset:
    """The ruleset in `text`, checked and compiled. Its `warnings` are what was found but let pass.

    It is frozen: the same text is the same ruleset, read once while it is among the last few asked for.

    Raises `RulesetInvalid` with the first syntax error, or with all other errors and warnings at once.
    """
    root = parse(text.removeprefix("\ufeff"), source)
    reader = Reader(tuple(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")))
    sections = _sections(root, reader)
    ruleset = _read(sections, text, reader)
    check_ruleset(ruleset, sections, reader)
    problems = _in_order(reader.problems)
    if reader.failed:
        raise RulesetInvalid(problems, source)
    return replace(ruleset, warnings=problems, asked=tuple(reader.asked))


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.severity != ERROR, problem.line, problem.column)))


def _sections(root: Node, reader: Reader) -> dict[str, Node]:
    if root.kind != "map":
        reader.error(root, "a ruleset is a block of names and values", "begin with: version: 1")
        return {}
    check_duplicates(root, reader)
    misspelt = ""
    for key, _ in root.pairs:
        if key.value not in SECTIONS:
            misspelt += (near := did_you_mean(str(key.value), SECTIONS))
            near = near or f"there are {', '.join(SECTIONS)}"
            reader.error(key, f'there is no section "{key.value}"', near)
    sections = {str(key.value): value for key, value in root.pairs if value.kind != "nothing"}
    for name in REQUIRED:
        if name not in sections and f'"{name}"' not in misspelt:
            reader.error(root, f'the section "{name}" is missing')
    version = sections.get("version")
    if version is not None and version.value != VERSION:
        reader.error(version, f"this is version {version.value} of the language, and only {VERSION} is known")
    return sections


def _read(sections: dict[str, Node], text: str, reader: Reader) -> Ruleset:
    """What could be read; with errors it is only good for the checks."""
    _collect_names(sections, reader)
    settings = _settings(sections.get("settings"), reader)
    reader.languages, reader.zone = settings.languages or tuple(LANGUAGES), _zone(settings, sections, reader)
    _collect_raw(sections, reader)
    entries = _lists(sections.get("lists"), reader)
    calendars, variations = read_calendars(sections.get("calendars"), reader)
    teams = _named(sections, "teams", TEAM, reader)
    people = _named(sections, "people", PEOPLE, reader)
    templates = _named(sections, "templates", TEMPLATE, reader)
    checklists = _named(sections, "checklists", CHECKLIST, reader)
    slas = _named(sections, "slas", SLA, reader)
    categories = _named(sections, "categories", CATEGORY, reader)
    escalation = _escalation(sections.get("escalation"), reader)
    for name in reader.condition_nodes:
        read_named(name, reader)
    rules = read_rules(sections.get("rules"), reader)
    tests = read_tests(sections.get("tests"), reader)
    compiled = compile_rules(rules, reader.interned)
    version = hash_of(text)
    return Ruleset(
        hash=version,
        text=text,
        settings=settings,
        calendars=calendars,
        calendar_variations=variations,
        teams={name: _team(name, team) for name, team in teams.items()},
        people={name: replace(group, name=name) for name, group in people.items() if isinstance(group, People)},
        risk_levels=reader.risk_levels,
        families=reader.families,
        categories={name: _category(name, category, reader) for name, category in categories.items()},
        slas={name: Sla(name, *sla) for name, sla in slas.items()},
        escalation=escalation,
        checklists=checklists,
        templates={name: replace(template, name=name) for name, template in templates.items()},
        lists=entries,
        rules=compiled,
        tests=tests,
        lexicon=Lexicon(reader.lexicon, settings.languages),
        program=program_of(version, compiled),
        aliases=_aliases(sections.get("aliases"), reader),
    )


def _settings(node: Node | None, reader: Reader) -> Settings:
    """The settings. Where something is wrong with them the rest still counts, so that one mistake is not told as others.

    Languages that could not be read are none: nothing is then said to be missing in them.
    """
    read = SETTINGS.read(node, reader) if node is not None else None
    if isinstance(read, Settings):
        return read
    known = {"languages": ()} if node is None or node.kind != "map" or node.get("languages") else {}
    good: dict[str, Any] = {"timezone": "UTC", **known}
    for name, field in SETTINGS.fields.items():
        value = node.get(name) if node is not None else None
        found = field.shape.read(value, reader) if value is not None else None
        good |= {name: found} if found is not None else {}
    return Settings(**good)


def _team(name: str, team: Team) -> Team:
    return replace(team, name=name, lead=team.lead or team.members[0])


def _category(name: str, category: Category, reader: Reader) -> Category:
    return replace(category, name=name, model=reader.model_classes[name])


def _zone(settings: Settings, sections: dict[str, Node], reader: Reader) -> str:
    from cases.errors import Refused
    from cases.model.calendars import zone_of

    try:
        zone_of(settings.timezone)
    except Refused as refused:
        reader.error(sections["settings"].get("timezone") or sections["settings"], *_zone_words(settings, refused))
        return "UTC"
    return settings.timezone


def _zone_words(settings: Settings, refused: Exception) -> tuple[str, str]:
    from zoneinfo import available_timezones

    return str(refused), did_you_mean(settings.timezone, available_timezones())


def _collect_names(sections: dict[str, Node], reader: Reader) -> None:
    """What may be referred to, before anything is read: names may be used above the line that defines them."""
    for section in NAMED:
        node = sections.get(section)
        if node is None:
            continue
        if node.kind != "map":
            reader.error(
                node, f'the section "{section}" is a block of names', f"write a name, a colon, and the {NAMED[section]}"
            )
            continue
        check_duplicates(node, reader)
        reader.names[section] = {str(key.value): key for key, _ in node.pairs}
    conditions = sections.get("conditions")
    reader.condition_nodes = {str(key.value): value for key, value in conditions.pairs} if conditions else {}


def _collect_raw(sections: dict[str, Node], reader: Reader) -> None:
    """Risk levels, families and model classes, which other sections refer to."""
    levels = sections.get("risk_levels")
    if levels is not None:
        read = tuple(str(node.value) for node in levels.items if node.kind == "text")
        if len(read) < 2 or len(set(read)) < len(read) or len(read) < len(levels.items):
            reader.error(
                levels, "risk levels are at least two different words, rising", "[low, moderate, high, critical]"
            )
        else:
            reader.risk_levels = read
    categories = sections.get("categories")
    families: dict[str, None] = {}
    for key, value in categories.pairs if categories else ():
        family, model = value.get("family"), value.get("model")
        if family is not None:
            families[str(family.value)] = None
        nodes = (model.items or (model,)) if model is not None else ()
        reader.model_classes[str(key.value)] = tuple(str(node.value) for node in nodes) or (str(key.value),)
    reader.families = tuple(families)


def _lists(section: Node | None, reader: Reader) -> Mapping[str, tuple[str, ...]]:
    """Reads the lists into the lexicon. Gives their entries as written, for the console."""
    written: dict[str, tuple[str, ...]] = {}
    for key, value in section.pairs if section else ():
        reader.where = f"list {key.value}"
        entries = read_entries(value, reader)
        reader.list_numbers[str(key.value)] = reader.add_words(entries)
        written[str(key.value)] = tuple(
            entry.pattern or " ".join(unit.word for unit in entry.units) for entry in entries
        )
    reader.where = ""
    return written


def _named(sections: dict[str, Node], section: str, shape: Shape, reader: Reader) -> dict[str, Any]:
    found: dict[str, Any] = {}
    node = sections.get(section)
    for key, value in node.pairs if node else ():
        reader.where = f"{NAMED[section]} {key.value}"
        read = shape.read(value, reader)
        if read is not None:
            found[str(key.value)] = read
    reader.where = ""
    return found


def _aliases(section: Node | None, reader: Reader) -> dict[str, Alias]:
    """By address, in lower case."""
    found: dict[str, Alias] = {}
    if section is not None and section.kind != "map":
        reader.error(
            section, 'the section "aliases" is a block of addresses', "write an address, a colon, and the alias"
        )
        return found
    for key, value in section.pairs if section else ():
        reader.where = f"alias {key.value}"
        address = AddressShape().read(key, reader)
        read = ALIAS.read(value, reader) if value.kind != "nothing" else Alias("")
        if address in found:
            reader.error(key, f"{address} is there twice", "one line an address, whatever its capitals")
        if address is not None and isinstance(read, Alias):
            found[address] = replace(read, address=address)
    reader.where = ""
    return found


def _escalation(section: Node | None, reader: Reader) -> dict[str, tuple[Step, ...]]:
    """Ladders by the SLA they belong to."""
    found: dict[str, tuple[Step, ...]] = {}
    for key, value in section.pairs if section else ():
        reader.where = f"escalation {key.value}"
        reader.use("slas", key)
        steps = ListOf(STEP).read(value, reader)
        found[str(key.value)] = steps or ()
    reader.where = ""
    return found
