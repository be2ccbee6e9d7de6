"""A whole ruleset of many rules: how long it loads, and how long decisions take meanwhile and afterwards.

The rules are made up: each looks for words of its own, most with a second condition.
"""

import gc
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from bench.figures import Figure
from cases.model.assessment import Assessment
from cases.model.context import Context
from cases.model.submission import Address, Submission
from cases.model.words import Authenticity, Channel
from rules import decide, load, starter_text
from rules.engine.guard import GuardedEngine
from rules.program import Engine
from rules.ruleset import Ruleset
from worker.process import GC_THRESHOLDS, SWITCH_SECONDS

MILLISECONDS = 1e3
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
SECOND = (
    "{category: payroll}",
    "{risk: {at_least: high}}",
    "{sender: {country: DE}}",
    "{language: de}",
    "{attachment: {name: '*.pdf'}}",
    "{tagged: seen}",
)


def ruleset_of(count: int, chance: random.Random) -> str:
    """The shipped starter with `count` rules in place of its own, without tests."""
    head = starter_text().split("\nrules:\n")[0]
    words = ["".join(chance.choices("bcdfglmnprst", k=2) + chance.choices("aeiou", k=1) + chance.choices("bdgklmnrst", k=3))
             for _ in range(3 * count)]  # fmt: skip
    lines = [head, "rules:"]
    for number in range(count):
        mine = ", ".join(words[3 * number : 3 * number + 3])
        look = f"{{mentions: [{mine}]}}"
        when = look if number % 3 == 0 else f"{{all: [{look}, {chance.choice(SECOND)}]}}"
        lines.append(f"  - {{id: made-{number}, phase: assess, when: {when}, then: {{tag: seen}}}}")
    return "\n".join(lines) + "\n"


def submissions(count: int, chance: random.Random) -> list[Submission]:
    """Mails of a hundred words, some of which rules look for."""
    words = "please could you tell me how many days of leave I have left this year and whether my overtime was paid"
    plain = words.split()
    return [
        Submission(
            channel=Channel.MAIL,
            sender=Address("Bob", "bob@acme.example"),
            subject="A question",
            text=(text := " ".join(chance.choices(plain, k=100))),
            new_text=text,
            language="en",
            authenticity=Authenticity.PASS,
        )
        for _ in range(count)
    ]


def decision_times(ruleset: Ruleset, engine: Engine, asked: list[Submission]) -> list[float]:
    """Milliseconds of each decision, one by one."""
    assessment, context = Assessment("leave", 0.9, (("leave", 0.9),), 0.1, model="bench"), Context()
    times = []
    for submission in asked:
        begun = time.perf_counter()
        decide(ruleset, submission, assessment, context, engine, NOW)
        times.append((time.perf_counter() - begun) * MILLISECONDS)
    return times


def ruleset_figures() -> Iterator[Figure]:
    """Of 200 rules, of 1,000, and of decisions while 1,000 load."""
    yield from _of(200, 1.0)
    yield from _of(1_000, 5.0)
    yield _meanwhile(1_000)


def _of(count: int, aim: float, decisions: int = 500) -> Iterator[Figure]:
    """Load, start, decide."""
    chance = random.Random(count)
    text = ruleset_of(count, chance)
    begun, worked = time.perf_counter(), time.process_time()
    ruleset = load(text)
    worked = (time.process_time() - worked) * MILLISECONDS
    loaded = (time.perf_counter() - begun) * MILLISECONDS
    begun = time.perf_counter()
    with GuardedEngine(ruleset.program, 5.0) as engine:
        started = (time.perf_counter() - begun) * MILLISECONDS
        asked = submissions(decisions, chance)
        first = decision_times(ruleset, engine, asked[:1])[0]
        times = decision_times(ruleset, engine, asked[1:])
    live = loaded + started + first
    shape = f"load {loaded:.0f}, of which {worked:.0f} worked, engine {started:.0f}, first decision {first:.0f}"
    yield Figure(f"{count} rules live", live, "ms", shape, aim=3000, at_least=False)
    yield Figure(f"{count} rules, whole decision p50", statistics.median(times), "ms", "child and pipe included",
                 aim=aim, at_least=False)  # fmt: skip
    yield Figure(f"{count} rules, whole decision p95", statistics.quantiles(times, n=20)[-1], "ms", "")


def _meanwhile(count: int) -> Figure:
    """The longest that a decision by 200 rules is delayed while `count` others are made ready beside it, as workers do."""
    chance = random.Random(11)
    ruleset, text = load(ruleset_of(200, chance)), ruleset_of(count, chance)
    ready: list[Ruleset] = []

    def prepare() -> None:
        made = load(text)
        with GuardedEngine(made.program, 5.0) as fresh:
            decision_times(made, fresh, asked[:1])
            ready.append(made)

    with _as_workers_do(), GuardedEngine(ruleset.program, 5.0) as engine:
        asked = submissions(200, chance)
        usual = statistics.median(decision_times(ruleset, engine, asked))
        thread = threading.Thread(target=prepare)
        thread.start()
        times = []
        while thread.is_alive():
            times += decision_times(ruleset, engine, [asked[len(times) % 200]])
    worst, middle = max(times) - usual, statistics.median(times)
    shape = f"{len(times)} decisions meanwhile, p50 {middle:.1f} ms instead of {usual:.1f} ms"
    return Figure(f"delay while {count} rules load", worst, "ms", shape, aim=50, at_least=False)


@contextmanager
def _as_workers_do() -> Iterator[None]:
    """The collector and the threads' turns as in a worker."""
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(interval)
