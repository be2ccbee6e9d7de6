"""The ruleset of the simulated year, as it stands at a moment, and what the oracle knows each of its categories to promise."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cases.model.calendars import Elapsed, Months, NextCutoff, Span, Working
from heedtest.oracle import CUTOFF_DAY, ZONE, Hours

HOUR = timedelta(hours=1)
CUTOFFS = f'"monthly on {CUTOFF_DAY}, else the working day before"'
WAITS = "waiting_for_employee"
ACKNOWLEDGED = timedelta(days=7)
"""Without an acknowledgement feedback counts from the end of the week in which there should have been one."""
OFFICE = ("pia", "omar", "noor", "lena", "erin", "eli", "cho", "coo", "chair", "audit")
STAFF = tuple(f"{name}@acme.example" for name in OFFICE)


@dataclass(frozen=True)
class Promised:
    """One clock of an SLA: its span, what the ruleset writes for it, and whether it stands still while somebody is awaited."""

    span: Span
    written: str
    pauses: bool = True
    after: timedelta = timedelta()


PROMISES: dict[str, dict[str, Promised]] = {
    "routine": {
        "acknowledge": Promised(Elapsed(24 * HOUR), "24 hours", pauses=False),
        "first_response": Promised(Working(None, 2, "office"), "2 working days of office"),
        "resolve": Promised(Working(11 * HOUR, None, "office"), "11 working hours of office"),
    },
    "pay": {
        "payroll_answer": Promised(Working(timedelta(minutes=1820), None, "office"), "1820 working minutes of office"),
        "resolve": Promised(NextCutoff("office"), "next cutoff of office"),
        "first_response": Promised(Elapsed(30 * HOUR), "30 hours", pauses=False),
    },
    "serious": {
        "start_investigation": Promised(Elapsed(48 * HOUR), "48 hours"),
        "resolve": Promised(Working(None, 10, "office"), "10 working days of office", pauses=False),
    },
    "directive": {
        "acknowledge": Promised(Elapsed(ACKNOWLEDGED), "7 days", pauses=False),
        "feedback": Promised(Months(3, ZONE), "3 months after acknowledge", after=ACKNOWLEDGED),
    },
}
"""Each kind of SLA, by its name, which is its category's too."""
WATCHED = {"routine": "resolve", "pay": "resolve", "serious": "start_investigation", "directive": "feedback"}
"""The clock that each ladder watches more closely than the others."""

ADDED = {"first_response": Promised(Elapsed(20 * HOUR), "20 hours", pauses=False)}
"""What a rule adds to a running case: as an SLA of its own."""


@dataclass(frozen=True)
class Rulebook:
    """What is published: when the office is open, who leads, and at which shares ladders speak."""

    hours: Hours = field(default_factory=Hours)
    lead: str = "lena@acme.example"
    share: int = 50

    def edited(self, now: date, random: Random) -> "Rulebook":
        """Another version: a day off more or less, other hours, another lead, or another ladder."""
        hours = self.hours
        match random.choice(("off", "off", "off", "on", "hours", "lead", "ladder")):
            case "off":
                hours = Hours(hours.off | {now + timedelta(days=random.randint(1, 20))}, hours.late)
            case "on" if coming := sorted(day for day in hours.off if day > now):
                hours = Hours(hours.off - {random.choice(coming)}, hours.late)
            case "hours":
                hours = Hours(hours.off, not hours.late)
            case "lead":
                return Rulebook(hours, random.choice(STAFF[:6]), self.share)
            case "ladder":
                return Rulebook(hours, self.lead, random.choice((40, 50, 75)))
        return Rulebook(hours, self.lead, self.share)

    def text(self) -> str:
        """As HR ops would have written it."""
        slas = [
            f"  {name}: {{{', '.join(_written(*one) for one in kinds.items())}}}" for name, kinds in PROMISES.items()
        ]
        at_last = "{at: 100%, notify: [owner, team_lead], escalate_to: leadership}"
        ladders = [
            f"  {name}: [{{at: {self.share}%, of: {of}, notify: owner}}, {at_last},"
            f" {{at: 100% + 4 hours, of: {of}, escalate_to: guardian}}]"
            for name, of in WATCHED.items()
        ]
        categories = [f"  {name}: {{team: desk, risk: low, sla: {name}, family: administrative}}" for name in PROMISES]
        week = ", ".join(f"{days}: [{', '.join(map(repr, shifts))}]" for days, shifts in self.hours.week.items())
        days = ", ".join(f'"{day}"' for day in sorted(self.hours.off))
        off = f"holidays: [{days}], " if days else ""
        return "\n".join(
            [
                "version: 1",
                f"settings: {{timezone: {ZONE}, languages: [en], unsure_below: 0.60}}",
                "calendars:",
                f"  office: {{hours: {{{week}}}, {off}cutoffs: {CUTOFFS}}}",
                "teams:",
                f"  desk: {{members: [{', '.join(STAFF[:4])}], assign: first, lead: {self.lead}, backup: {STAFF[5]}}}",
                "people:",
                "  leadership: {members: [cho@acme.example], backup: coo@acme.example}",
                "  guardian: {members: [chair@acme.example, audit@acme.example]}",
                "risk_levels: [low, moderate, high, critical]",
                "categories:",
                *categories,
                "  unsorted: {team: desk, risk: low, sla: routine, family: administrative}",
                "slas:",
                *slas,
                f"  added: {{{', '.join(_written(*one) for one in ADDED.items())}}}",
                "escalation:",
                *ladders,
                "rules:",
                "  - {id: threat, phase: assess, when: {mentions: [tribunal]}, then: {sla: added}}",
                "",
            ]
        )


def _written(kind: str, one: Promised) -> str:
    return f"{kind}: {{within: {one.written}, pause_while: {WAITS}}}" if one.pauses else f"{kind}: {one.written}"
