"""Reads the tests section: what is given, and what is expected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cases.errors import Refused
from cases.model.context import Person
from cases.model.words import Authenticity, AutomaticKind, Channel
from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.recipients import AddressShape
from rules.language.shapes import Choice, Field, ListOf, MapOf, Name, Number, Record, Text, Truth, Written
from rules.language.tree import Node
from rules.ruleset import RulesetTest


@dataclass(frozen=True, slots=True)
class GivenFile:
    """An attachment of a test: no bytes, only what rules look at. `size` in megabytes."""

    name: str
    type: str = "application/octet-stream"
    size: float = 0.1


@dataclass(frozen=True, slots=True)
class Given:
    """The submission of a test, and the world around it."""

    sender: str = "someone@acme.example"
    name: str = ""
    subject: str = ""
    text: str = ""
    forwarded: str = ""
    channel: str = "mail"
    to: tuple[str, ...] = ()
    language: str = "en"
    authenticity: str = "pass"
    automatic: str = "none"
    attachments: tuple[GivenFile, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    model: tuple[tuple[str, float], ...] = ()
    model_risk: float | None = None
    now: datetime | None = None
    directory: tuple[Person, ...] = ()
    history: int = 0
    absent: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    follow_up_of: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Expect:
    """What must come of it. None is not looked at; of a list every entry must be there, and an empty one means none."""

    category: str | None = None
    risk: str | None = None
    access: str | None = None
    team: str | None = None
    owner: str | None = None
    backup: str | None = None
    template: str | None = None
    checklist: str | None = None
    escalated_to: tuple[str, ...] | None = None
    notified: tuple[str, ...] | None = None
    excluded: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    fired: tuple[str, ...] | None = None
    not_fired: tuple[str, ...] | None = None
    watched: tuple[str, ...] | None = None
    deadlines: tuple[tuple[str, datetime], ...] | None = None
    legal_hold: bool | None = None
    review_before_close: bool | None = None
    held: bool | None = None


def read_moment(text: str, reader: Reader) -> datetime:
    """A moment like 2026-03-31 17:30, in the zone of the settings unless it names an offset. Raises Refused."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f'"{text}" is no moment; write it like 2026-03-31 17:30') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(reader.zone))


@dataclass(frozen=True)
class RuleId:
    """The id of a rule; checked after all rules are read."""

    def read(self, node: Node, reader: Reader) -> str | None:
        """The id."""
        known = reader.rule_ids
        if known is not None and node.value not in known:
            reader.error(node, f'unknown rule "{node.value}"', did_you_mean(str(node.value), known))
            return None
        return str(node.value)

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}

    def words(self) -> str:
        """What is expected."""
        return "the id of a rule"


MOMENT = Written(read_moment, "a moment like 2026-03-31 17:30")
_TEXTS = ListOf(Text(), least=0)
_NAMES = ListOf(AddressShape(), least=0)
_PERSON = Record(
    Person,
    {"address": Field(AddressShape(), "the address", required=True)}
    | {name: Field(Text(), f"the {name.replace('_', ' ')}") for name in (
        "name", "manager", "department", "location", "country", "grade", "job_title",
        "organisation", "language")}
    | {"aliases": Field(_NAMES, "other addresses"), "nicknames": Field(_TEXTS, "what people call them")},
    "a person of the directory",
)  # fmt: skip
_FILE = Record(
    GivenFile,
    {"name": Field(Text(), "its name", required=True), "type": Field(Text(), "its type"),
     "size": Field(Number(0, 1000), "megabytes")},
    "an attachment",
)  # fmt: skip


class _Anything:
    """A text that may be empty."""

    def read(self, node: Node, reader: Reader) -> str | None:
        """The text; "" for nothing."""
        return "" if node.kind == "nothing" else Text().read(node, reader) if node.value != "" else ""

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": ["string", "number", "null"]}

    def words(self) -> str:
        """What is expected."""
        return "a text"


def _given(**values: Any) -> Given:
    values["sender"] = values.pop("from", "someone@acme.example")
    return Given(**values)


GIVEN = Record(
    _given,
    {
        "from": Field(_Anything(), "the sender's address; someone@acme.example when left out"),
        "name": Field(Text(), "the sender's name"),
        "subject": Field(_Anything(), "the subject"),
        "text": Field(_Anything(), "the new text"),
        "forwarded": Field(_Anything(), "the text of a mail that it forwards or shows"),
        "channel": Field(Choice(tuple(Channel)), "the door; mail when left out"),
        "to": Field(ListOf(AddressShape()), "the addresses it was sent to"),
        "language": Field(_Anything(), "two letters; en when left out"),
        "authenticity": Field(Choice(tuple(Authenticity)), "pass when left out"),
        "automatic": Field(Choice(tuple(AutomaticKind)), "none when left out"),
        "attachments": Field(ListOf(_FILE), "files that came along"),
        "fields": Field(MapOf(Text()), "what the form says"),
        "model": Field(MapOf(Number(0, 1)), "what the model would score; no opinion when left out"),
        "model_risk": Field(Number(0, 1), "the model's risk score; no opinion when left out"),
        "now": Field(MOMENT, "when it came; Wednesday 2026-03-04 10:00 when left out"),
        "directory": Field(ListOf(_PERSON), "who works here"),
        "history": Field(Number(0, 10_000, whole=True), "how many earlier cases are like it"),
        "absent": Field(_NAMES, "who is away"),
        "named": Field(_NAMES, "who is named in a form"),
        "follow_up_of": Field(MapOf(Text()), "the case it replies to: category, risk, access, team, owner, tags"),
    },
    "what is given",
)

EXPECT = Record(
    Expect,
    {
        "category": Field(Name("categories"), "the category"),
        "risk": Field(Choice(lambda reader: reader.risk_levels, "a risk level"), "the risk"),
        "access": Field(Choice(("managed", "restricted", "sealed")), "the access"),
        "team": Field(Text(), "the team, or the group of people"),
        "owner": Field(_Anything(), "the owner's address; nobody when empty"),
        "backup": Field(_Anything(), "the backup's address"),
        "template": Field(_Anything(), "the wording of the acknowledgement; none when empty"),
        "checklist": Field(_Anything(), "the checklist"),
        "escalated_to": Field(_NAMES, "who is escalated to"),
        "notified": Field(_NAMES, "who is told"),
        "excluded": Field(_NAMES, "who is kept away"),
        "tags": Field(_TEXTS, "the tags"),
        "fired": Field(ListOf(RuleId(), least=0), "rules that must fire"),
        "not_fired": Field(ListOf(RuleId(), least=0), "rules that must not"),
        "watched": Field(ListOf(RuleId(), least=0), "rules on watch that would have fired"),
        "deadlines": Field(MapOf(MOMENT), "when clocks end"),
        "legal_hold": Field(Truth(), "whether it is on hold"),
        "review_before_close": Field(Truth(), "whether closing needs a second person"),
        "held": Field(Truth(), "whether nobody is left to see it"),
    },
    "what is expected",
)

TEST = Record(
    dict,
    {
        "name": Field(Text(), "what it shows", required=True),
        "given": Field(GIVEN, "the submission", required=True),
        "expect": Field(EXPECT, "what must come of it", required=True),
    },
    "a test",
)


def read_tests(section: Node | None, reader: Reader) -> tuple[RulesetTest, ...]:
    """Every test in file order."""
    if section is None:
        return ()
    if section.kind != "list":
        reader.error(section, "the tests are a list", 'begin each with "- name:"')
        return ()
    tests = []
    for node in section.items:
        name = node.get("name")
        reader.where = f'test "{name.value}"' if name else ""
        expected = node.get("expect")
        if expected is not None and not expected.pairs:
            reader.error(expected, "this test tests nothing", "say at least one thing under expect:")
            continue
        values = TEST.read(node, reader)
        if values is not None:
            tests.append(RulesetTest(values["name"], values["given"], values["expect"], node.line))
    reader.where = ""
    return tuple(tests)
