"""Helper processes that talk in JSON lines: one command a line on their stdin, one answer a line on their stdout."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

TESTS = Path(__file__).resolve().parent.parent


class Helper:
    """A module of this package as a process of its own, so that its work is not measured as ours."""

    def __init__(self, module: str, **options: Any) -> None:
        path = os.pathsep.join(filter(None, (str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(
            (sys.executable, "-m", module, json.dumps(options)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        self.ready: dict[str, Any] = self.answer()

    def tell(self, **command: Any) -> None:
        """Send a command; `answer` reads what comes of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """The next line it says; `AssertionError` when it died instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"a helper process ended with {self._process.wait()}")
        return json.loads(line)

    def ask(self, **command: Any) -> Any:
        """`tell`, then `answer`."""
        self.tell(**command)
        return self.answer()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def say(value: Any) -> None:
    """In the helper: one answer."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()
