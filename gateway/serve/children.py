"""Child processes under watch: started with their own slice of the environment, restarted with back-off."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from gateway.serve.ready import READY_FD, die_with_parent

FIRST_WAIT = 0.1
LONGEST_WAIT = 5.0
STABLE_AFTER = 10.0
"""Seconds a child must live for its back-off to start anew."""

INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start: a name, its command, and the variables it is granted. `niceness` as in nice(1).

    One that is `needed` by the others is ended after them: they say their last words to it.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    announces: bool = True
    niceness: int = 0
    needed: bool = False


@dataclass
class Child:
    """One running process, and when to try again once it has ended."""

    plan: Plan
    process: subprocess.Popen[bytes]
    started: float
    ready_fd: int
    wait: float = FIRST_WAIT
    said: bytes = b""
    restart_at: float | None = None
    pending: bool = field(default=True)


class Children:
    """A set of child processes. `say(name, words)` is told of every end and restart."""

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._children: dict[str, Child] = {}

    def start(self, plan: Plan) -> None:
        """Start a child and keep it running from now on."""
        self._children[plan.name] = _spawn(plan)

    def wait_ready(self, name: str, *, timeout: float, interrupted: Callable[[], bool]) -> bytes:
        """The line with which a child announced itself; raises `TimeoutError` when it takes longer or ends first.

        `interrupted` is asked several times a second whether to give up, which raises `InterruptedError`.
        """
        child = self._children[name]
        deadline = time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(child.ready_fd, selectors.EVENT_READ)
            while b"\n" not in child.said:
                if interrupted():
                    raise InterruptedError
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{name} did not come up within {timeout:.0f} seconds")
                if not selector.select(0.1):
                    continue
                chunk = os.read(child.ready_fd, 65536)
                if not chunk:
                    raise TimeoutError(f"{name} ended before it was ready (see its messages above)")
                child.said += chunk
        return child.said

    def watch(self) -> None:
        """Restart what has ended, when its time has come. Call a few times a second."""
        now = time.monotonic()
        for name, child in list(self._children.items()):
            code = child.process.poll()
            if code is None:
                continue
            if child.restart_at is None:
                if now - child.started > STABLE_AFTER:
                    child.wait = FIRST_WAIT
                child.restart_at = now + child.wait
                self._say(name, f"ended ({_how(code)}), starts again in {child.wait:.1f} s")
            elif now >= child.restart_at:
                again = _spawn(child.plan)
                again.wait = min(child.wait * 2, LONGEST_WAIT)
                os.close(child.ready_fd)
                self._children[name] = again
                self._say(name, f"started again (process {again.process.pid})")

    def again(self, name: str) -> None:
        """End a child that `watch` then starts anew; one that is not ours, or is down anyway, is left alone."""
        child = self._children.get(name)
        if child is not None and child.process.poll() is None:
            child.process.terminate()

    def grant(self, name: str, **variables: str) -> None:
        """From its next start on, a child has these variables too: a door comes back on the port it was given first."""
        child = self._children[name]
        child.plan = replace(child.plan, environment={**child.plan.environment, **variables})

    def pids(self) -> dict[str, int]:
        """Who runs now."""
        return {name: child.process.pid for name, child in self._children.items() if child.process.poll() is None}

    def end(self, *, patience: float) -> None:
        """SIGTERM to all, first to those nobody needs; SIGKILL to whoever is still there after `patience` seconds."""
        deadline = time.monotonic() + patience
        for needed in (False, True):
            _end([child for child in self._children.values() if child.plan.needed is needed], deadline)


def heed_command(*words: str) -> tuple[str, ...]:
    """The command line that runs one of our own processes with this interpreter."""
    return (sys.executable, "-m", "gateway.shell", *words)


def base_environment() -> dict[str, str]:
    """The few variables every child inherits; nothing else of ours reaches it unless granted."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def _spawn(plan: Plan) -> Child:
    readable, writable = os.pipe()
    environment = {**base_environment(), **plan.environment}
    if plan.announces:
        environment[READY_FD] = str(writable)

    def prepare() -> None:
        die_with_parent()
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        if plan.niceness:
            be_nice(plan.niceness)

    process = subprocess.Popen(
        plan.command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        pass_fds=(writable,) if plan.announces else (),
        preexec_fn=prepare,  # noqa: PLW1509  the supervisor has one thread
        start_new_session=True,
    )
    os.close(writable)
    return Child(plan, process, time.monotonic(), readable)


def _end(children: list[Child], deadline: float) -> None:
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    for child in children:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def be_nice(niceness: int) -> None:
    """Stand back for others, as nice(1); and with the whole session, which is what counts where Linux groups tasks by it.

    Every child leads a session of its own, and sched(7) says that under autogroups niceness weighs inside a session only.
    """
    os.nice(niceness)
    with suppress(OSError):  # no autogroups here: then the line above is all that is needed
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
