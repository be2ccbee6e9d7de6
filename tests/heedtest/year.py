"""A year of cases with a frozen clock, beside a slow oracle: staff who wait, answer, close, reopen and sort anew, people who are
away or become parties, days of downtime, other calendars and other rules. Relay and workers do what they do; nobody looks away.
"""

import json
import quopri
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select, update

from cases.model.codes import new_reference
from cases.model.decision import Where
from cases.model.words import Status
from cases.opening import add_clocks
from cases.promising import promise_anew
from cases.store import absences, clocks, rulesets, tables
from cases.store.engine import reading, writing
from cases.store.rows import Rows, new_id
from heedtest.clockwork import Clockwork
from heedtest.oracle import Hours, Told, slow_due
from heedtest.year_rules import ADDED, PROMISES, STAFF, Promised, Rulebook
from rules import load
from rules.deadlines import deadlines_from
from rules.resorting import promised_in
from rules.ruleset import Ruleset

REFERENCE = re.compile(r"\bHR-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
ONCE = {"acknowledge", "start_investigation"}
SPOKEN, MISSED = ("case.escalated", "deadline.reminded"), "deadline.missed"
GUARDIANS = {"chair@acme.example", "audit@acme.example"}
LAST = 400
"""Staff work on so many of the newest cases."""
ACTS = ("wait", "wait", "on", "on", "meet", "close", "reopen", "sort", "rule", "exclude")


@dataclass
class Year:
    """One simulated year in a workshop (see `worker.workshop`) whose clock is `clock[0]` and whose transport keeps mails."""

    shop: Any
    clock: list[datetime]
    random: Random
    rules: Rulebook = field(default_factory=lambda: Rulebook(Hours(frozenset({date(2028, 1, 3)}))))
    told: dict[str, dict[str, Told]] = field(default_factory=dict)
    counting: dict[int, Told] = field(default_factory=dict)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    statuses: dict[str, Status] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    opened: dict[str, datetime] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    away_from: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wrong: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.clock[0] = datetime(2027, 12, 27, 8, tzinfo=UTC)  # a leap year follows
        self.clockwork = Clockwork(self.shop)
        self._publish(self.rules)

    @property
    def now(self) -> datetime:
        """The moment, to the minute."""
        return self.clock[0]

    @property
    def ruleset(self) -> Ruleset:
        """What is in force."""
        ruleset: Ruleset = self.shop.rules()[0]
        return ruleset

    def run(self, cases: int, steps: int) -> list[str]:
        """Spread the cases over the year's steps; gives what was wrong."""
        share, left = timedelta(days=366) / steps, cases
        for number in range(steps):
            self.clock[0] = (self.now + share * self.random.uniform(0.5, 1.5)).replace(second=0, microsecond=0)
            coming = left if number == steps - 1 else min(left, round(cases / steps * self.random.uniform(0.5, 1.5)))
            left -= coming
            if self.random.random() < 0.7:  # else staff are quicker than the relay
                self._relay()
            self._open(coming)
            self._work(max(3, coming * 2))
            if self.random.random() < 0.05:
                self._relay()
                self._publish(self.rules.edited(self.now.date(), self.random))
            if self.random.random() < 0.1:
                self._leave()
            if self.random.random() < 0.1:
                self.clock[0] += timedelta(days=self.random.choice((1, 2)))  # nobody ticks: a day of downtime
                self.did["downtime"] += 1
        for _ in range(2):  # notices wait a minute for each other
            self._relay()
            self.clock[0] += timedelta(minutes=2)
        self._relay()
        self._check()
        return self.wrong

    def _relay(self) -> None:
        """Relay and workers, until nothing is due; whoever is told of a case must not be kept away from it."""
        self.clockwork.tick()
        for mail in self.clockwork.work():
            for reference in set(REFERENCE.findall(quopri.decodestring(mail.content).decode())):
                if mail.to in self.away_from[self.references[reference]]:
                    self.wrong.append(f"{mail.to} was told of {reference}, which they are kept away from")
                self.did["told"] += 1
            self.did["mails"] += 1
        self.shop.transport.sent.clear()
        for one in list(self.counting.values()):
            self._miss(one)

    def _miss(self, one: Told) -> None:
        if one.miss(self.now, self.rules.hours):
            self.missed[one.case_id, one.kind] += 1
        if not one.counts:
            self.counting.pop(id(one), None)

    def _begin(self, case_id: str, kind: str, promised: Promised, started: datetime) -> None:
        one = Told(case_id, kind, promised.span, promised.pauses, started)
        self.told.setdefault(case_id, {})[kind] = self.counting[id(one)] = one

    def _publish(self, rules: Rulebook) -> None:
        self.rules, text = rules, rules.text()
        with writing(self.shop.record) as connection:
            rulesets.publish(connection, load(text).hash, text, by="year", reason="", now=self.now)
        self.did["published"] += 1
        self._relay()

    def _leave(self) -> None:
        """Somebody is away for some days; who is away already comes back."""
        person = self.random.choice(STAFF)
        until = self.now + timedelta(days=self.random.randint(1, 20))
        with writing(self.shop.record) as connection:
            if person in absences.absent(connection, self.now):
                absences.set_present(connection, person, self.now)
            else:
                absences.set_absent(connection, person, until, self.now)

    def _open(self, number: int) -> None:
        rows = Rows()
        for _ in range(number):
            case_id, category = new_id(), self.random.choice(list(PROMISES))
            deadlines, ladder = promised_in(self.ruleset, category, "", None, self.now)
            owner = self.random.choice(STAFF[:4])
            reference = new_reference(self.random.getrandbits)
            self.references[reference] = case_id
            values = {"category": category, "team": "desk", "owner": owner, "reference": reference}
            rows.add(tables.case, **case_row(case_id, self.now) | values)
            add_clocks(rows, deadlines, ladder, case_id, self.now)
            self.statuses[case_id], self.categories[case_id] = Status.ASSIGNED, category
            self.opened[case_id] = self.now
            for kind, one in PROMISES[category].items():
                self._begin(case_id, kind, one, self.now + one.after)
        with writing(self.shop.record) as connection:
            rows.write(connection)

    def _work(self, acts: int) -> None:
        """Random staff."""
        ids = list(self.statuses)[-LAST:]
        with writing(self.shop.record) as connection:
            for case_id in self.random.choices(ids, k=acts) if ids else ():
                act = self.random.choice(ACTS)
                if (self.statuses[case_id] is Status.CLOSED) == (act == "reopen"):
                    getattr(self, f"_{act}")(connection, case_id)
                    self.did[act] += 1

    def _wait(self, connection: Connection, case_id: str) -> None:
        self._status(connection, case_id, Status.WAITING_FOR_EMPLOYEE)

    def _on(self, connection: Connection, case_id: str) -> None:
        self._status(connection, case_id, Status.IN_PROGRESS)

    def _status(self, connection: Connection, case_id: str, to: Status) -> None:
        self._set(connection, case_id, status=to.value)
        clocks.status_changed(connection, case_id, to, self.now, "year")
        self.statuses[case_id] = to
        self._align(case_id)

    def _align(self, case_id: str) -> None:
        """What the case's status means for its clocks, to the oracle."""
        for one in self.told[case_id].values():
            self._miss(one)
            if one.counts and one.pausing and self.statuses[case_id] is Status.WAITING_FOR_EMPLOYEE:
                one.wait(self.now)
            elif one.counts:
                one.go_on(self.now)

    def _meet(self, connection: Connection, case_id: str) -> None:
        one = self.random.choice(list(self.told[case_id].values()))
        clocks.meet(connection, [case_id], [one.kind], self.now, by="year")
        self._miss(one)
        one.end(self.now)

    def _close(self, connection: Connection, case_id: str) -> None:
        self._set(connection, case_id, status=Status.CLOSED.value)
        clocks.cancel_rest(connection, case_id, self.now)
        self.statuses[case_id] = Status.CLOSED
        for one in self.told[case_id].values():
            self._miss(one)
            one.cancelled = one.cancelled or one.counts
            one.end(self.now)

    def _reopen(self, connection: Connection, case_id: str) -> None:
        """What was promised is promised again, but what comes once in a case's life, and what another SLA had ended."""
        self._set(connection, case_id, status=Status.REOPENED.value)
        clocks.status_changed(connection, case_id, Status.REOPENED, self.now, "year")
        self.statuses[case_id] = Status.REOPENED
        for one in list(self.told[case_id].values()):
            if not one.dropped and (one.kind not in ONCE or one.cancelled):
                self._begin(case_id, one.kind, Promised(one.span, "", one.pausing), self.now)

    def _sort(self, connection: Connection, case_id: str) -> None:
        """Another category, and with it another SLA."""
        was, to = self.categories[case_id], self.random.choice(list(PROMISES))
        if to == was:
            return
        deadlines, ladder = promised_in(self.ruleset, to, was, None, self.opened[case_id])
        self._set(connection, case_id, category=to)
        promise_anew(connection, case_id, deadlines, ladder, self.now, by="year")
        self.categories[case_id] = to
        for kind, one in self.told[case_id].items():
            self._miss(one)
            if one.counts and kind not in PROMISES[to]:
                one.end(self.now)
                one.dropped = True
        for kind, promised in PROMISES[to].items():
            self._promise(case_id, kind, promised, self.opened[case_id] + promised.after)
        self._align(case_id)

    def _rule(self, connection: Connection, case_id: str) -> None:
        """A message comes, and a rule adds an SLA: no deadline becomes later by it."""
        deadlines = deadlines_from(self.ruleset, ("added",), Where(), self.now, acknowledged=False)
        promise_anew(connection, case_id, deadlines, (), self.now, by="triage", tighten=True)
        for kind, promised in ADDED.items():
            self._promise(case_id, kind, promised, self.now, tighten=True)
        self._align(case_id)

    def _promise(self, case_id: str, kind: str, promised: Promised, starts: datetime, *, tighten: bool = False) -> None:
        """One clock of an SLA that the case has from now on, to the oracle."""
        one = self.told[case_id].get(kind)
        if one is None:
            self._begin(case_id, kind, promised, starts)
            return
        self._miss(one)
        if one.dropped:
            again = [pause for pause in one.pauses if pause[0] >= starts]
            self._begin(case_id, kind, promised, starts)
            self.told[case_id][kind].pauses = again
        elif one.counts:
            other = slow_due(promised.span, one.started, tuple(one.pauses), self.rules.hours)
            if not tighten or other < one.due(self.rules.hours):
                one.span, one.pausing = promised.span, promised.pauses

    def _exclude(self, connection: Connection, case_id: str) -> None:
        """Somebody turns out to be a party."""
        person = self.random.choice(STAFF)
        if person not in self.away_from[case_id]:
            self.away_from[case_id].add(person)
            connection.execute(insert(tables.exclusion).values(case_id=case_id, person=person, reason="party"))

    def _set(self, connection: Connection, case_id: str, **values: str) -> None:
        connection.execute(update(tables.case).where(tables.case.c.id == case_id).values(**values))

    def _check(self) -> None:
        """Everything that is stored, beside what the oracle knows."""
        event, outbox = tables.event, tables.outbox
        with reading(self.shop.record) as connection:
            stored = connection.execute(select(tables.clock)).all()
            steps = connection.execute(
                select(event.c.stream_id, event.c.verb, event.c.data).where(event.c.verb.in_((*SPOKEN, MISSED)))
            ).all()
            late = select(tables.rung.c.id).join(tables.clock, tables.clock.c.id == tables.rung.c.clock_id)
            unspoken = connection.execute(
                late.where(
                    tables.rung.c.state == "waiting",
                    tables.rung.c.at < self.now,
                    tables.clock.c.ended_at.is_(None),
                    tables.clock.c.state != "cancelled",
                )
            ).all()
            left = connection.execute(
                select(outbox.c.key, outbox.c.state, outbox.c.error).where(outbox.c.state != "done")
            ).all()
        self.wrong += [f"step {row.id} has come and nobody was told" for row in unspoken]
        self.wrong += [f"{row.key} is {row.state}: {row.error}" for row in left]
        turns = {(row.case_id, row.kind): row.turn for row in stored}
        for row in stored:
            self._check_clock(row)
        self._check_events(steps, turns)
        self.did.update(clocks=len(stored), missed=sum(row.state == "missed" for row in stored))

    def _check_clock(self, row: Any) -> None:
        one, hours = self.told[row.case_id][row.kind], self.rules.hours
        name = f"{row.kind} of {row.case_id}, {one.span},"
        if row.state in {"running", "paused"} and (not one.counts or (row.state == "paused") != one.waits):
            self.wrong.append(f"{name} is {row.state}; by the oracle {one}")
        elif row.state in {"running", "paused"} and row.due_at != one.due(hours):
            self.wrong.append(f"{name} is due {row.due_at}; by the oracle {one.due(hours)}")
        if (row.state == "missed") != one.missed:
            self.wrong.append(f"{name} is {row.state}, {row.due_at}; by the oracle {one}")
        if row.state == "running" and row.due_at < self.now:
            self.wrong.append(f"{name} was missed in silence")

    def _check_events(self, steps: Any, turns: dict[tuple[str, str], int]) -> None:
        """Each deadline that passed was written down once, each step taken once a turn, and somebody heard of each."""
        missed, spoken = Counter[tuple[str, str]](), Counter[tuple[str, str, int]]()
        for row in steps:
            data = json.loads(row.data)
            if row.verb == MISSED:
                missed[row.stream_id, data["clock"]] += 1
                continue
            spoken[row.stream_id, data["clock"], data["step"]] += 1
            if not data["to"] and not data["told"] and not self.away_from[row.stream_id] >= GUARDIANS:
                self.wrong.append(f"nobody heard of a step of {row.stream_id}")
        if missed != self.missed:
            other = {
                one: (missed[one], self.missed[one]) for one in missed | self.missed if missed[one] != self.missed[one]
            }
            self.wrong.append(
                f"written down as missed and by the oracle: {list(other.items())[:5]}, {len(other)} in all"
            )
        self.wrong += [f"step {one} came {times} times" for one, times in spoken.items() if times > turns[one[:2]]]
        self.did["steps"] = spoken.total()


def case_row(case_id: str, at: datetime) -> dict[str, object]:
    """A case, as far as clocks need one."""
    return {
        "id": case_id, "reference": f"HR-{case_id[:12]}", "envelope_id": case_id, "channel": "mail", "category": "any",
        "risk": "low", "access": "managed", "status": "assigned", "team": "any", "owner": "pia@acme.example", "backup": "",
        "language": "en", "tags": "", "legal_hold": False, "sender_hash": "", "likeness": "", "received_at": at,
        "opened_at": at, "ruleset": "r", "model": "m", "engine": "e", "public_key": b"p", "decision": b"d",
    }  # fmt: skip
