"""The guarded child: loads one program into durable-rules and answers until its input ends. Started by `guard.py` only.

It runs as a script with `-I -S`: it imports the standard library, this folder and one extension module, whose path is
its argument. It has no environment, no home, no descriptors but two pipes, cannot write files or start processes, and is
bounded in memory. It hears the program and answers "ready"; then it hears batches, [phase, number, decisions, seconds],
and answers each decision with its number and the fired rules. Anything unexpected ends it; the guard starts another.
"""

import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO, cast

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rules.engine import frames
from rules.engine.durable import Core, Phase

MEMORY = 1 << 30
"""Address space in bytes. A thousand rules of twelve signals take a tenth; more is growth that must end."""

LOAD_SECONDS = 60.0
"""A child that loads longer has lost its guard, which waits less."""

Batch = tuple[str, int, list[list[int]], float]


def main(core_path: str) -> None:
    """Serve one guard on standard input and output until it closes them."""
    limit()
    reading, writing = private_pipes()
    signal.setitimer(signal.ITIMER_REAL, LOAD_SECONDS)
    core = _load(core_path)
    program = cast("dict[str, list[list[int]]]", frames.read(reading))
    phases = {name: Phase(core, name, rules) for name, rules in program.items()}
    writing.write(frames.encode("ready"))
    while True:
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            phase, first, decisions, seconds = cast("Batch", frames.read(reading))
        except EOFError:
            return
        for number, signals in enumerate(decisions, first):
            # When the guard dies while the core hangs nobody is left to kill us; the alarm does, inside the core too.
            signal.setitimer(signal.ITIMER_REAL, 2 * seconds + 1)
            writing.write(frames.encode([number, phases[phase].fire(signals)]))


def limit() -> None:
    """No core dump (it would hold what was decided on), no files, no processes, bounded memory."""
    for kind, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, MEMORY),
    ):
        most = resource.getrlimit(kind)[1]
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(kind, (value, value))


def private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for us alone: whatever the core prints goes nowhere."""
    reading, writing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb", buffering=0)


def _load(path: str) -> Core:
    """The extension module at `path`, without site-packages on the import path."""
    loader = importlib.machinery.ExtensionFileLoader("durable_rules_engine", path)
    spec = importlib.util.spec_from_loader(loader.name, loader, origin=path)
    if spec is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return cast("Core", module)


if __name__ == "__main__":
    main(sys.argv[1])
