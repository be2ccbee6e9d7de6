"""A whole Heed as `heed serve` starts it, in a home of its own, with the processes behind it in reach."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from heedtest.waiting import crowding, wait_until

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

END_WITHIN = 5.0
"""Seconds after SIGTERM in which everything has ended: a promise of `heed serve` on a machine that has a core for it."""

PORTS = ("--smtp-port", "--web-port", "--console-port")

UNTOUCHED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME", "XDG_RUNTIME_DIR")


@dataclass
class Served:
    """A running `heed serve`. `seconds` is how long it took to say that all of it answers."""

    home: Path
    process: subprocess.Popen[bytes]
    ready: dict[str, Any]
    seconds: float
    log: Path
    seen: set[psutil.Process] = field(default_factory=set)

    @property
    def door(self) -> tuple[str, int]:
        """Host and port of the SMTP door."""
        host, _, port = str(self.ready["smtp"]).rpartition(":")
        return host, int(port)

    @property
    def web(self) -> tuple[str, int]:
        """Host and port of the public site."""
        host, _, port = str(self.ready["web"]).rpartition(":")
        return host, int(port)

    def everyone(self) -> list[psutil.Process]:
        """Every process below the supervisor that runs now, and the supervisor."""
        top = psutil.Process(self.process.pid)
        found = [top, *top.children(recursive=True)]
        self.seen.update(found)
        return found

    def direct(self) -> dict[str, psutil.Process]:
        """The supervisor's own children by name: smtp, web, relay, worker, redis."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            name = role(child)
            if name:
                found[name] = child
        self.seen.update(found.values())
        return found

    def find(self, name: str) -> list[psutil.Process]:
        """The processes of a role: smtp, web, relay, worker (the parent), workers (its children), rules (theirs), redis."""
        try:
            direct = self.direct()
            if name not in {"workers", "rules"}:
                return [direct[name]] if name in direct else []
            workers = [p for p in direct["worker"].children() if not _is_tracker(p)] if "worker" in direct else []
            if name == "workers":
                return workers
            return [child for worker in workers for child in worker.children() if not _is_tracker(child)]
        except psutil.NoSuchProcess:
            return []

    def one(self, name: str, *, seconds: float = 20.0) -> psutil.Process:
        """One process of a role, waiting for it to be started again."""
        return wait_until(lambda: self.find(name), f"a process of the role {name}", seconds=seconds)[0]

    def processor_seconds(self) -> dict[str, float]:
        """Processor time used so far, user and system, by role; the workers' parent counts as one of them."""
        used: dict[str, float] = {}
        for process in self.everyone():
            times = process.cpu_times()
            name = "serve" if process.pid == self.process.pid else role(process) or "rules"
            used[name] = used.get(name, 0.0) + times.user + times.system
        return used

    def kill(self, name: str) -> list[int]:
        """SIGKILL every process of a role; gives whom it hit."""
        hit = []
        for process in self.find(name):
            try:
                process.kill()
                hit.append(process.pid)
            except psutil.NoSuchProcess:
                continue
        return hit

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to every process of a role."""
        for process in self.find(name):
            process.send_signal(number)

    def end(self) -> float:
        """SIGTERM; gives the seconds until everything had ended. Raises `AssertionError` when something is left."""
        self.everyone()
        began = time.monotonic()
        self.process.terminate()
        left = _still_there(self.seen, began + END_WITHIN * crowding())
        took = time.monotonic() - began
        for process in left:
            process.kill()
        self.process.wait(10)
        assert not left, f"{END_WITHIN:.0f} s after SIGTERM there was still {left}\n{self.last_words()}"
        return took

    def end_at_once(self) -> None:
        """SIGKILL the supervisor, and wait for what it leaves behind to end by itself."""
        self.everyone()
        self.process.kill()
        self.process.wait()
        self.close()
        left = _still_there(self.seen, time.monotonic() + 2 * END_WITHIN * crowding())
        for process in left:
            process.kill()
        assert not left, f"orphans outlived the supervisor: {left}"

    def close(self) -> None:
        """Let go of what it could still say."""
        if self.process.stdout is not None:
            self.process.stdout.close()

    def last_words(self, most: int = 3000) -> str:
        """The end of what it wrote to stderr."""
        return self.log.read_text(errors="replace")[-most:]


def start(home: Path, *options: str, environment: dict[str, str] | None = None, patience: float = 180.0) -> Served:
    """Start `heed serve` on free ports and wait until it says that all of it answers."""
    log = home.parent / f"{home.name}.log"
    kept = {name: os.environ[name] for name in UNTOUCHED if name in os.environ}
    ports = [word for name in PORTS if name not in options for word in (name, "0")]
    with log.open("ab") as errors:
        began = time.monotonic()
        process = subprocess.Popen(
            (*heed_command("serve"), "--home", str(home), *ports, *options),
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**kept, **(environment or {})},
            cwd=ROOT,
        )
    line = _first_line(process, patience)
    seconds = time.monotonic() - began
    if not line:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        raise AssertionError(
            f"heed serve ended, or was not ready within {patience:.0f} s:\n{log.read_text(errors='replace')[-3000:]}"
        )
    served = Served(home, process, json.loads(line), seconds, log)
    served.everyone()
    return served


@contextmanager
def serve(home: Path, *options: str, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """A Heed for a while. At the end SIGTERM, and every process that ever belonged to it has ended within 5 s."""
    served = start(home, *options, environment=environment)
    try:
        yield served
    except BaseException:
        sys.stderr.write(served.last_words())
        _make_sure_it_ended(served)
        raise
    try:
        if served.process.poll() is None:
            served.end()
    finally:
        served.close()


def heed_command(*words: str) -> tuple[str, ...]:
    """A `heed` command line with this interpreter."""
    return (sys.executable, "-m", "gateway.shell", *words)


def heed(home: Path, *words: str, check: bool = True) -> list[dict[str, Any]]:
    """Run a command with `--json`; gives the objects it printed."""
    done = subprocess.run(
        (*heed_command(*words), "--home", str(home), "--json"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )
    assert not check or done.returncode == 0, f"heed {' '.join(words)} ended with {done.returncode}:\n{done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]


def role(process: psutil.Process) -> str:
    """What a child of the supervisor is, by its command line; "" when it is none of ours."""
    try:
        words = process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""
    if words and ("redis-server" in words[0] or "valkey-server" in words[0]):
        return "redis"
    named = [word for word in words if word in {"smtp", "imap", "web", "relay", "worker"}]
    return named[0] if named else ""


def _is_tracker(process: psutil.Process) -> bool:
    try:
        return any("resource_tracker" in word for word in process.cmdline())
    except psutil.NoSuchProcess:
        return True


def _first_line(process: subprocess.Popen[bytes], patience: float) -> bytes:
    """What a process says first on stdout, b"" when it says nothing within `patience` seconds."""
    assert process.stdout is not None
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.append(process.stdout.readline()), daemon=True)  # type: ignore[union-attr]
    reader.start()
    reader.join(patience)
    return said[0] if said else b""


def _still_there(processes: Sequence[psutil.Process] | set[psutil.Process], deadline: float) -> list[psutil.Process]:
    while True:
        left = [p for p in processes if _runs(p)]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.02)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _make_sure_it_ended(served: Served) -> None:
    """After a failure: take everything down, whatever its state, and let the failure speak."""
    with suppress(psutil.NoSuchProcess):
        served.everyone()
    for process in served.seen:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    served.process.wait()
    served.close()
