"""The guarded rules engine: decisions, starts and reloads, child and pipe included.

Programs are random, with one to four signals a rule. `sparse` has three signals for each rule, as a real ruleset has, so
few fire; `dense` shares six hundred among a thousand rules, so many do.
"""

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator

import psutil

from bench.figures import Figure
from rules import load
from rules.engine.guard import GuardedEngine
from rules.program import Program, ProgramRule
from rules.testing import run_tests
from worker.rulekeeper import close_engine, made_ready

PHASE = "classify"
MILLISECONDS = 1e3
MEGABYTE = 1e6
SMALL = """\
version: 1
settings: {timezone: Europe/London}
teams: {desk: {members: [fay@acme.example], assign: first, backup: lena@acme.example}}
people: {guardian: {members: [chair@acme.example, audit@acme.example]}}
risk_levels: [low, high]
categories: {unsorted: {label: {en: Other}, team: desk, risk: low, sla: plain}}
slas: {plain: {acknowledge: 24 hours}}
tests: [{name: one, given: {text: A gizmo0 and a widget0.}, expect: {category: unsorted, risk: high}}]
rules:
"""
RULE = "  - {{id: r{0}, phase: assess, when: {{mentions: [{1}{0}]}}, then: {{raise_risk_to: high}}}}\n"


def program(chance: random.Random, rules: int, signals: int) -> Program:
    """A random program of one phase."""
    names = [f"signal-{number}" for number in range(signals)]
    return Program(
        "bench",
        tuple(
            ProgramRule(f"rule-{place}", PHASE, place, tuple(chance.sample(names, chance.randint(1, 4))))
            for place in range(rules)
        ),
    )


def decisions(rules: int, signals: int, present: int, count: int, aim: float) -> Iterator[Figure]:
    """One program: start, decisions one by one and by fifty, and what the child weighs."""
    chance = random.Random(rules)
    made = program(chance, rules, signals)
    names = [f"signal-{number}" for number in range(signals)]
    sets = [frozenset(chance.sample(names, present)) for _ in range(count)]
    begun = time.perf_counter()
    with GuardedEngine(made, 5.0) as engine:
        started = time.perf_counter() - begun
        child = psutil.Process(engine.child_id)
        before = child.memory_info().rss
        times, fired = [], 0
        for each in sets:
            begun = time.perf_counter()
            fired += len(engine.fire(PHASE, each))
            times.append((time.perf_counter() - begun) * MILLISECONDS)
        begun = time.perf_counter()
        for start in range(0, count, 50):
            engine.fire_many(PHASE, sets[start : start + 50])
        batched = (time.perf_counter() - begun) / count * MILLISECONDS
        weight = child.memory_info().rss
        worked = sum(child.cpu_times()[:2]) / (2 * count) * MILLISECONDS
    what = f"{rules} rules, {present}/{signals} true"
    shape = f"{count} decisions, {fired / count:.1f} rules fired in each"
    yield Figure(
        f"engine start, {what}", started * MILLISECONDS, "ms", "process start to ready", aim=3000, at_least=False
    )
    yield Figure(f"engine decision p50, {what}", statistics.median(times), "ms", shape, aim=aim, at_least=False)
    yield Figure(f"engine decision p95, {what}", statistics.quantiles(times, n=20)[-1], "ms", shape)
    yield Figure(f"engine decision in 50s, {what}", batched, "ms", "mean")
    yield Figure(f"engine work each, {what}", worked, "ms", "processor time")
    yield Figure(f"engine child, {what}", weight / MEGABYTE, "MB", f"{(weight - before) / MEGABYTE:.1f} MB grown")


def engine_figures() -> Iterator[Figure]:
    """Decisions by 200 rules, and by 1,000 of both kinds."""
    yield from decisions(200, 600, 12, 1_000, aim=1)
    yield from decisions(1_000, 3_000, 40, 500, aim=5)
    yield from decisions(1_000, 600, 40, 500, aim=5)


def reload_figures(count: int = 1_000) -> Iterator[Figure]:
    """What `count` reloads leave behind in the process that asks: of 1,000 rules by the engine, of a ruleset as workers do."""
    made = program(random.Random(7), 1_000, 3_000)
    yield _growth(f"growth over {count} loads of 1000 rules", count, lambda: GuardedEngine(made).close())
    texts = [SMALL + "".join(RULE.format(number, odd) for number in range(50)) for odd in ("gizmo", "widget")]

    def reload(place: int = 0) -> None:
        held = made_ready(load(texts[place]), "durable-rules")
        run_tests(held.ruleset, held.engine)
        close_engine(held.engine)
        texts.reverse()

    yield _growth(f"growth over {count} reloads of a ruleset", count, reload)


def _growth(name: str, count: int, reload: Callable[[], None]) -> Figure:
    """The parent's growth, after the first twenty."""
    parent = psutil.Process()
    for _ in range(20):
        reload()
    gc.collect()
    children, before, begun = len(parent.children()), parent.memory_info().rss, time.perf_counter()
    for _ in range(count):
        reload()
    each = (time.perf_counter() - begun) / count * MILLISECONDS
    gc.collect()
    after = parent.memory_info().rss
    left = len(parent.children()) - children
    shape = (
        f"{before / MEGABYTE:.1f} MB before, {after / MEGABYTE:.1f} MB after, {left} children left; {each:.0f} ms each"
    )
    return Figure(name, (after - before) / MEGABYTE, "MB", shape, aim=3, at_least=False)
