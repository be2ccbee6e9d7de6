"""The guarded rules engine: decisions, starts and reloads, child and pipe included. Run: `python -m bench.engine`.

Programs are random, with one to four signals a rule. `sparse` has three signals for each rule, as a real ruleset has, so
few fire; `dense` shares six hundred among a thousand rules, so many do.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator

import psutil

from bench.figures import Figure
from rules.engine.guard import GuardedEngine
from rules.program import Program, ProgramRule

PHASE = "classify"
MILLISECONDS = 1e3
MEGABYTE = 1e6


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


def reloads(count: int) -> Figure:
    """The parent's growth over `count` loads of 1,000 rules, after the first twenty."""
    parent = psutil.Process()
    made = program(random.Random(7), 1_000, 3_000)
    for _ in range(20):
        GuardedEngine(made).close()
    before, begun = parent.memory_info().rss, time.perf_counter()
    for _ in range(count):
        GuardedEngine(made).close()
    each = (time.perf_counter() - begun) / count * MILLISECONDS
    grown = (parent.memory_info().rss - before) / MEGABYTE
    return Figure(
        f"growth over {count} loads of 1000 rules", grown, "MB", f"{each:.0f} ms a load", aim=2, at_least=False
    )


def figures(loads: int) -> Iterator[Figure]:
    """Every figure of the engine."""
    yield from decisions(200, 600, 12, 1_000, aim=1)
    yield from decisions(1_000, 3_000, 40, 500, aim=5)
    yield from decisions(1_000, 600, 40, 500, aim=5)
    yield reloads(loads)


def main() -> int:
    """The command line; exit 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine", description="Measures the guarded rules engine.")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--loads", type=int, default=1_000, help="how often to load 1,000 rules")
    asked = parser.parse_args()
    failed = 0
    for figure in figures(asked.loads):
        print(json.dumps(figure.as_json()) if asked.json else figure, flush=True)
        failed += figure.failed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
