"""The sections of rules.yaml, each said once as shapes: what the check, the JSON Schema and the reference page know."""

from typing import Any

from cases.errors import Refused
from cases.model.hours import read_cutoff, read_shift
from cases.model.lifecycle import Outcome
from cases.model.words import Access, Status
from rules.language import doubts
from rules.language.conditions import ConditionShape
from rules.language.doubts import Doubted
from rules.language.reader import Reader
from rules.language.recipients import AddressShape, Recipient
from rules.language.shapes import (
    Choice,
    Day,
    Field,
    ListOf,
    MapOf,
    Name,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Truth,
    Written,
)  # fmt: skip
from rules.language.spans import Promise, read_duration, read_promise, read_rung
from rules.ruleset import Alias, Category, Commitment, Decider, Keep, People, Policy, Settings, Step, Team, Variation
from rules.text.words import LANGUAGES

LABELS = OneOf((("map", MapOf(Text())), ("text", Text("a label"))))
DURATION = Written(lambda text, _: read_duration(text), "a time like 90 days or 6 years")
PROMISE = Written(read_promise, "a time like 24 hours, 2 working days of CALENDAR, 3 months after acknowledge")
RISK = Choice(lambda reader: reader.risk_levels, "a risk level")
WHERE = {
    "country": Field(ListOf(Doubted(Text(), doubts.country)), "two-letter country of the sender, by the directory"),
    "site": Field(ListOf(Text()), "location of the sender, by the directory"),
    "organisation": Field(ListOf(Text()), "organisation of the team that handles the case"),
}
PAUSES = (Status.WAITING_FOR_EMPLOYEE, Status.WAITING_FOR_THIRD_PARTY)


def labels(value: Any) -> tuple[tuple[str, str], ...]:
    """A label in each language; one text is the label in all."""
    return value if isinstance(value, tuple) else (("", value),)


def vary(fields: dict[str, Field], about: str) -> Field:
    """The key `vary:` of an entry: other values of these fields by country, site or organisation."""

    def make(**values: Any) -> Variation:
        where = {name: values.pop(name) for name in WHERE if name in values}
        if not where or not values:
            raise Refused("a variation says where (country, site, organisation) and what is different there")
        return Variation(**where, values=tuple(values.items()))

    return Field(
        ListOf(Record(make, WHERE | fields, about)), "other values by country, site or organisation; first wins"
    )


def _settings(**values: Any) -> Settings:
    return Settings(**values)


SETTINGS = Record(
    _settings,
    {
        "timezone": Field(Text("a time zone like Europe/London"), "an IANA time zone", required=True),
        "languages": Field(
            ListOf(Choice(tuple(LANGUAGES))), "languages whose word endings are known; en when left out"
        ),
        "unsure_below": Field(
            Number(0, 1), "under this confidence the model does not decide: category `unsorted`; 0.60 when left out"
        ),
        "reopen_within": Field(
            DURATION,
            "how long after closing a reply reopens a managed case; later it opens a linked one; always reopens "
            "when left out",
        ),
        "training": Field(
            MapOf(Text("a course"), Choice((Access.RESTRICTED, Access.SEALED))),
            "the course whose valid training record opens restricted or sealed cases to staff, as in sealed: whistleblowing",
        ),
    },
    "the settings",
)

_SHIFTS = ListOf(Written(lambda text, _: (read_shift(text), text)[1], 'hours like "09:00-12:30"'))
CALENDAR_FIELDS = {
    "hours": Field(MapOf(_SHIFTS), 'working hours by day, as in mon-fri: ["09:00-17:30"]'),
    "holidays": Field(
        ListOf(Text("a country, a region or a date")),
        "a country or region (GB-ENG), dates, or the text of an .ics file",
    ),
    "zone": Field(Text("a time zone"), "its time zone; that of the settings when left out"),
    "cutoffs": Field(
        Written(lambda text, _: read_cutoff(text), "a cutoff like monthly on 20"), "when payroll closes, and the like"
    ),
    "calendar": Field(Name("calendars"), "take what is not said here from this calendar"),
}
_CALENDAR_VARIES = {name: CALENDAR_FIELDS[name] for name in ("hours", "holidays", "zone")}
CALENDAR = Record(dict, CALENDAR_FIELDS | {"vary": vary(_CALENDAR_VARIES, "a variation of a calendar")}, "a calendar")


def _team(**values: Any) -> Team:
    return Team(name="", **{**values, "label": labels(values.get("label", ()))})


TEAM = Record(
    _team,
    {
        "members": Field(
            ListOf(AddressShape(), empty="a team needs at least one member"), "addresses of its members", required=True
        ),
        "label": Field(LABELS, "its name for people, by language"),
        "assign": Field(
            Choice(("least_open", "round_robin", "on_call", "first")),
            "who gets the next case: least_open (fewest open cases), round_robin, on_call (weekly turns), first",
        ),
        "calendar": Field(Name("calendars"), "when it works"),
        "skills": Field(MapOf(ListOf(AddressShape())), "who can what, as in de: [eli@acme.example]"),
        "load": Field(MapOf(Number(0, 1000, whole=True), AddressShape()), "most open cases a member takes"),
        "on_call_from": Field(Day(), "the Monday on which the first member's week on call began"),
        "organisation": Field(Text(), "of another organisation: an outsourced first line"),
        "families": Field(
            ListOf(Text("a family")), "families it may take, when of another organisation; `unsorted` too"
        ),
        "hand_over": Field(Name("teams"), "the team that takes what this one may not, when of another organisation"),
        "lead": Field(AddressShape(), "its lead; the first member when left out"),
        "backup": Field(AddressShape(), "who takes over when all are absent or excluded"),
    },
    "a team",
)

PEOPLE = Record(
    lambda **values: People(name="", **values),
    {
        "members": Field(
            ListOf(AddressShape(), empty="a group needs at least one person"), "their addresses", required=True
        ),
        "backup": Field(Recipient(roles=()), "an address or a group, when all are absent or excluded"),
    },
    "a group of people",
)

ALIAS = Record(
    lambda **values: Alias(address="", **values),
    {
        "category": Field(Name("categories"), "what mail is that no rule and no confident model says otherwise of"),
        "language": Field(Choice(tuple(LANGUAGES)), "the language where the mail's own cannot be told"),
        "team": Field(Name("teams"), "who handles what is open (managed) and below high risk"),
        "organisation": Field(Text("an organisation"), "what `vary:` goes by where the team has none of its own"),
    },
    "an alias",
)

POLICY = OneOf((
    ("text", Written(lambda text, _: Policy(labels(text)), "the policy's title")),
    ("map", Record(lambda **values: Policy(labels(values.pop("title")), **values), {
        "title": Field(LABELS, "its title, by language", required=True), "link": Field(Text(), "where it is")},
        "a policy")),
))  # fmt: skip


def _keep(**values: Any) -> Keep:
    otherwise = values.pop("otherwise", None)
    return Keep(otherwise, tuple((Outcome(name), time) for name, time in values.items()))


KEEP = OneOf((
    ("text", Written(lambda text, _: Keep(read_duration(text)), DURATION.about)),
    ("map", Record(_keep, {one.value: Field(DURATION, f"when closed as {one.value}") for one in Outcome} | {
        "otherwise": Field(DURATION, "with any other outcome; for ever when left out")}, "times by outcome")),
))  # fmt: skip


def _category(**values: Any) -> Category:
    for name in ("label", "description"):
        values[name] = labels(values.get(name, ()))
    for name, kind in (("access", Access), ("decider", Decider)):
        if name in values:
            values[name] = kind(values[name])
    return Category(name="", **({"team": "", "risk": "", "sla": ""} | values))


CATEGORY_FIELDS: dict[str, Field] = {
    "label": Field(LABELS, "its name for people, by language"),
    "description": Field(LABELS, "one sentence for the form, by language"),
    "team": Field(Name("teams"), "who handles it"),
    "risk": Field(RISK, "its risk to begin with"),
    "access": Field(
        Choice(tuple(Access)), "managed (the team), restricted (named people), sealed; managed when left out"
    ),
    "sla": Field(Name("slas"), "its deadlines"),
    "family": Field(Text("a family"), "the family it belongs to"),
    "model": Field(ListOf(Text("a model class")), "model classes it stands for; its own name when left out"),
    "examples": Field(
        ListOf(Text("a message")),
        "messages that teach the model a category of your own: from 15 on it is suggested, with corrections it is chosen",
    ),
    "policy": Field(POLICY, "the policy it rests on, with its title by language, for form and acknowledgement"),
    "checklist": Field(Name("checklists"), "the steps it must go through"),
    "close_needs": Field(
        ListOf(Choice(("parties", "outcome", "root_cause", "findings", "evidence", "decision", "resolution"))),
        "what must be there before it is closed",
    ),
    "keep": Field(KEEP, "how long it is kept after closing, as one time or by outcome; for ever when left out"),
    "reopen_within": Field(
        DURATION, "how long after closing a reply reopens a case of it; as in the settings when left out"
    ),
    "quote": Field(Truth(), "whether notices to its own staff may quote a restricted case of it; false when left out"),
    "decider": Field(Choice(tuple(Decider)), "anyone, or someone_else than its investigator; anyone when left out"),
    "template": Field(Name("templates"), "the wording of its acknowledgement"),
    "renamed_to": Field(Name("categories"), "removed: its cases now belong to this category"),
}
CATEGORY = Record(_category, CATEGORY_FIELDS | {"vary": vary(
    {name: CATEGORY_FIELDS[name] for name in ("sla", "keep", "template", "team")}, "a variation of a category")},
    "a category")  # fmt: skip


def _commitment(**values: Any) -> Commitment:
    return Commitment(values["within"], values.get("pause_while", ""))


COMMITMENT = OneOf((
    ("text", Written(lambda text, reader: Commitment(read_promise(text, reader)), PROMISE.about)),
    ("map", Record(_commitment, {
        "within": Field(PROMISE, "the time", required=True),
        "pause_while": Field(Choice(PAUSES), "the status in which the clock stands still")}, "a commitment")),
))  # fmt: skip


class SlaShape:
    """An SLA: kinds of clocks of the author's choice, and `vary`."""

    def __init__(self) -> None:
        self._clocks = MapOf(COMMITMENT)

    def read(self, node: Any, reader: Reader) -> Any:
        """(commitments, variations)."""
        from rules.language.tree import Node

        if node.kind != "map":
            return self._clocks.read(node, reader)
        own = tuple(pair for pair in node.pairs if pair[0].value != "vary")
        if not own:
            reader.error(node, "this SLA promises nothing", "give it at least acknowledge: 24 hours")
            return None
        clocks = self._clocks.read(Node("map", own, node.line, node.column), reader)
        varied = node.get("vary")
        fields = {str(key.value): Field(COMMITMENT, "") for key, _ in own}
        variations = vary(fields, "a variation of an SLA").shape.read(varied, reader) if varied else ()
        return None if clocks is None or variations is None else (clocks, variations)

    def schema(self) -> dict[str, Any]:
        """An object of commitments."""
        return self._clocks.schema() | {"properties": {"vary": {"type": ["object", "array"]}}}

    def words(self) -> str:
        """What is expected."""
        return "clocks (acknowledge, first_response, start_investigation, feedback, resolve …), each with a time"


SLA: Shape = SlaShape()

STEP = Record(
    Step,
    {
        "at": Field(Written(lambda text, _: read_rung(text), "a share like 75% or 100% + 4 hours"),
                    "when: a share of the clock, plus a time", required=True),
        "of": Field(Text("a clock"), "which clock; every one but the acknowledgement when left out"),
        "notify": Field(ListOf(Recipient()), "who is told"),
        "escalate_to": Field(ListOf(Recipient()), "who is told and may read the case from then on"),
    },
    "a step of a ladder",
)  # fmt: skip

RULE_FIELDS = {
    "id": Field(Text("a short name"), "its name, once in the file", required=True),
    "why": Field(Text(), "the reason, with the policy it rests on"),
    "phase": Field(Choice(("classify", "assess", "route")), "classify, assess or route", required=True),
    "priority": Field(Number(-1000, 1000, whole=True), "the higher wins where only one can; 0 when left out"),
    "locked": Field(Truth(), "wins over rules that are not; weakening it needs a second person"),
    "watch": Field(Truth(), "only record what it would have done"),
    "active": Field(
        Record(dict, {"from": Field(Day(), "first day"), "until": Field(Day(), "last day")}, "active"),
        "the days on which it holds, both included",
    ),
    "when": Field(ConditionShape(), "the condition", required=True),
}
CHECKLIST = ListOf(Text("a step"))
TEST_FIELDS = ("name", "given", "expect")

__all__ = ["CALENDAR", "CATEGORY", "CHECKLIST", "PEOPLE", "PROMISE", "RULE_FIELDS", "SETTINGS", "SLA", "STEP", "TEAM",
           "TEST_FIELDS", "Promise"]  # fmt: skip
