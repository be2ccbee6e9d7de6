"""Every figure of one run, with its floor, its aim and what it was measured against."""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from heedtest.bare import BareServer
from heedtest.served import Served, serve
from heedtest.sink import Sink

from bench.accepting import accept_alone, accept_busy
from bench.caseload import caseload_figures
from bench.classifier import classifier_figures
from bench.clocks import tick_cost, urgent
from bench.databases import on_postgresql
from bench.engine import engine_figures, reload_figures
from bench.figures import Figure
from bench.ruleset import ruleset_figures
from bench.sites import site_figures
from bench.standing import door_imports, memory, ready
from bench.through import end_to_end, idle_latency
from bench.trying import trying_figures

APART: dict[str, Callable[[], Iterator[Figure]]] = {
    "cases": caseload_figures,
    "classifier": classifier_figures,
    "engine": engine_figures,
    "reloads": reload_figures,
    "ruleset": ruleset_figures,
    "trying": trying_figures,
}
"""What is measured without a running system."""

MEASURES = (
    "ready",
    "memory",
    "imports",
    "idle",
    "alone",
    "busy",
    "through",
    "sites",
    "tick",
    "urgent",
    "postgresql",
    *APART,
)


def figures(wanted: set[str], *, rounds: int, mails: int, behind: int) -> Iterator[Figure]:
    """Measure what is wanted: what needs no running system first, the rest in one run on one home."""
    for name in (one for one in APART if one in wanted):
        yield from APART[name]()
    if not wanted <= APART.keys():
        yield from _running(wanted, rounds=rounds, mails=mails, behind=behind)


def _running(wanted: set[str], *, rounds: int, mails: int, behind: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="heed-bench-") as folder, BareServer() as bare, Sink(keep=False) as sink:
        home = Path(folder) / "home"
        with serve(home, "--relay", sink.address) as served:
            first = served.seconds
        with serve(home, "--relay", sink.address) as served:
            if "ready" in wanted:
                yield from ready(first, served.seconds)
            yield from _idle(wanted, served, sink, behind)
        if "alone" in wanted:
            with tempfile.TemporaryDirectory(prefix="heed-bench-") as other:
                with serve(Path(other) / "home"):
                    pass
                yield from accept_alone(bare, Path(other) / "home", mails=mails, rounds=rounds + 2)
        with serve(home, "--relay", sink.address) as served:
            if "busy" in wanted:
                yield accept_busy(bare, served, mails=mails, rounds=rounds)
            if "through" in wanted:
                yield from end_to_end(bare, served, sink, mails=mails, rounds=rounds)
            if "sites" in wanted:
                yield from site_figures(served, forms=300, pages=300)
        if "tick" in wanted:
            yield tick_cost()
        if "postgresql" in wanted:
            yield from on_postgresql(bare, mails=mails, rounds=rounds)


def _idle(wanted: set[str], served: Served, sink: Sink, behind: int) -> Iterator[Figure]:
    """What is measured of a system that has nothing else to do."""
    if "imports" in wanted:
        yield door_imports()
    if "idle" in wanted:
        yield from idle_latency(served, sink, mails=60)
    if "urgent" in wanted:
        yield from urgent(served, sink, mails=20, behind=behind)
    if "memory" in wanted:
        yield memory(served)


def main() -> int:
    """The command line; exit 1 when a floor, or an aim without a floor, is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures Heed against bare aiosmtpd.")
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help="of " + ", ".join(MEASURES) + "; all otherwise")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--behind", type=int, default=10_000, help="routine mails before the urgent ones")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    if unknown := set(asked.measures) - set(MEASURES):
        parser.error(f"no such measure: {', '.join(unknown)}")
    failed = 0
    for figure in figures(set(asked.measures or MEASURES), rounds=asked.rounds, mails=asked.mails, behind=asked.behind):
        print(json.dumps(figure.as_json()) if asked.json else figure, flush=True)
        failed += figure.failed
    return 1 if failed else 0
