"""What Heed costs when nothing happens: time to be ready, memory, and what a door has loaded."""

import subprocess
import sys
from pathlib import Path

from heedtest.served import ROOT, Served, role

from bench.figures import Figure

HEAVY = ("sklearn", "scipy", "numpy", "flask", "redis", "rq", "classifier", "rules", "worker")


def ready(first: float, second: float) -> list[Figure]:
    """Seconds from the command to the line that says that all of it answers."""
    words = ("heed serve to its ready line, new home", "heed serve to its ready line, same home again")
    names = ("ready, first start", "ready, second start")
    return [
        Figure(name, seconds, "s", against, aim=6.0, at_least=False)
        for name, seconds, against in zip(names, (first, second), words, strict=True)
    ]


def memory(served: Served) -> Figure:
    """The proportional set size of every process, from smaps_rollup; shared pages are counted once."""
    parts: dict[str, float] = {}
    for process in served.everyone():
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        kilobytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        name = "serve" if process.pid == served.process.pid else role(process) or "rules"
        parts[name] = parts.get(name, 0.0) + kilobytes / 1024
    against = ", ".join(f"{name} {size:.0f}" for name, size in sorted(parts.items(), key=lambda part: -part[1]))
    return Figure("memory of all processes, idle", sum(parts.values()), "MB", against, aim=500.0, at_least=False)


def door_imports() -> Figure:
    """How many heavy packages a door imports: none."""
    code = (
        "import sys, gateway.channels.commands, gateway.channels.smtp, gateway.inbox.inbox, gateway.settings\n"
        f"print(*({{name.partition('.')[0] for name in sys.modules}} & set({HEAVY!r})))"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True, cwd=ROOT)
    found = done.stdout.split()
    against = f"of {', '.join(HEAVY)}" + (f": {', '.join(found)}" if found else "")
    return Figure("heavy packages that the door imports", len(found), "", against, aim=0, at_least=False)
