"""The guarded child: loads one program into durable-rules and answers until its input ends. Run by `guard.py` only.

Started as a script with `-I -S`, so it imports nothing but the standard library, this folder and the one extension module,
whose path is its argument. It has no environment, no home, no descriptors but two pipes, cannot write files or start
processes, and is bounded in memory. It hears: the program, then decisions, each [phase, batch, seconds]. It answers
"ready", then one list of fired rule numbers per member of a batch. Anything unexpected ends it; the guard starts another.
"""

import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rules.engine import frames
from rules.engine.durable import Core, Phase

MEMORY = 1 << 30
"""Address space in bytes. A thousand rules of twelve signals take a tenth; more is growth that must end."""

LOAD_SECONDS = 60.0
"""A child that loads longer than this has lost its guard: the guard waits less."""


def main(core_path: str) -> None:
    """Serve one guard on standard input and output."""
    _limit()
    reading, writing = _private_pipes()
    signal.setitimer(signal.ITIMER_REAL, LOAD_SECONDS)
    core = _load_core(core_path)
    program = frames.read(reading)
    if not isinstance(program, dict):
        raise TypeError("no program")
    phases = {name: Phase(core, name, rules) for name, rules in program.items()}  # type: ignore[arg-type]
    for phase in phases.values():
        phase.warm()
    writing.write(frames.encode("ready"))
    while True:
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            name, batch, seconds = frames.read(reading)  # type: ignore[misc]
        except EOFError:
            return
        for signals in batch:  # type: ignore[union-attr]
            # If the guard dies while the core hangs, nobody is left to kill us: the alarm does, inside the core too.
            signal.setitimer(signal.ITIMER_REAL, 2 * float(seconds) + 1)  # type: ignore[arg-type]
            writing.write(frames.encode(phases[name].fire(signals)))  # type: ignore


def _limit() -> None:
    """No core dump (it would hold what was said), no files, no children, bounded memory."""
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, MEMORY),
    ):
        _, most = resource.getrlimit(limit)
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (value, value))
