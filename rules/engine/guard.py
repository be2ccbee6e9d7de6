"""The engine as the rest of Heed sees it: a child process that fires one program's rules, replaced whenever it fails.

The child is started, asked and judged here. It gets numbers only: no name, no text, no environment. A decision that it does
not answer within the deadline, in the right shape, kills it; the next one meets a new child. An engine that a fork
has copied starts a child of its own.
"""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Sequence
from types import TracebackType
from typing import Self

from cases.errors import Refused
from rules.engine.frames import BrokenFrameError, Json, Pipe, encode
from rules.engine.installed import child_command
from rules.program import MOST_RULES, MOST_SIGNALS, EngineFailed, Program

START_SECONDS = 10.0
"""How long a child may take until it is ready; 1,000 rules take a fifth of a second."""

FIRST_REST, LONGEST_REST = 1.0, 60.0
"""Seconds to leave it after a child could not even be started; doubled each time."""

Fired = tuple[str, ...]


class GuardedEngine:
    """One program in one child process. Any number of threads may use it; decisions wait for each other.

    `alarm` is called with a sentence (ids and numbers only) whenever a child fails; it must not use the engine. `command`
    replaces the child in tests. Raises Refused for a program outside what durable-rules can carry, EngineFailed when
    no child comes up.
    """

    name = "durable-rules"

    def __init__(
        self,
        program: Program,
        deadline_seconds: float = 0.5,
        *,
        alarm: Callable[[str], None] = lambda _sentence: None,
        command: Sequence[str] | None = None,
    ) -> None:
        check(program)
        self._ruleset, self._deadline, self._alarm = program.ruleset, deadline_seconds, alarm
        self._command = list(command or child_command())
        self._signals = {
            each: number
            for number, each in enumerate(sorted({each for rule in program.rules for each in rule.signals}))
        }
        self._phases = {
            phase: _Phase(program, phase, self._signals) for phase in {rule.phase for rule in program.rules}
        }
        self._child: _Child | None = None
        self._replacements = 0
        self._rest, self._rests_until = FIRST_REST, 0.0
        self._closed = False
        self._owner = 0
        self._adopt()
        with self._lock:
            self._running()

    @property
    def replacements(self) -> int:
        """How many children have failed since the engine was made."""
        return self._replacements

    @property
    def child_id(self) -> int | None:
        """The process id of the child that runs, None between two."""
        return self._child.process.pid if self._child else None

    def fire(self, phase: str, signals: Collection[str]) -> Fired:
        """Ids of the rules of `phase` all of whose signals are among `signals`, in place order.

        Raises EngineFailed when the child gave no answer to be trusted. Ask again, once; then let the reference answer.
        """
        answer = self.fire_many(phase, [signals])[0]
        if isinstance(answer, EngineFailed):
            raise answer
        return answer

    def fire_many(self, phase: str, decisions: Sequence[Collection[str]]) -> list[Fired | EngineFailed]:
        """`fire` for several decisions in one exchange. Each that failed is an EngineFailed in its place; the rest stand."""
        rules = self._phases.get(phase)
        if rules is None:
            return [()] * len(decisions)
        numbered = [rules.numbers(signals) for signals in decisions]
        answers: list[Fired | EngineFailed] = []
        self._adopt()
        with self._lock:
            while len(answers) < len(decisions):
                try:
                    self._ask(rules, numbered, answers)
                except EngineFailed as failure:
                    answers.append(failure)
        return answers

    def close(self) -> None:
        """End the child. The engine answers no more."""
        self._adopt()
        with self._lock:
            self._closed = True
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, rules: "_Phase", numbered: list[list[int]], answers: list[Fired | EngineFailed]) -> None:
        """Have the child decide what `answers` does not hold yet, and append. Raises EngineFailed at the first failure."""
        child = self._running()
        rest = numbered[len(answers) :]
        try:
            child.pipe.send(encode([rules.name, child.answered, rest, self._deadline]), self._until())
            for signals in rest:
                answer = rules.judge(child.answer(self._until()), signals)
                answers.append(answer)
        except BrokenFrameError as error:
            raise self._failed(str(error)) from error

    def _running(self) -> "_Child":
        """The child, started if there is none. Raises EngineFailed."""
        if self._closed:
            raise EngineFailed("the engine is closed")
        if self._child is None:
            if time.monotonic() < self._rests_until:
                raise EngineFailed("no engine child could be started a moment ago")
            try:
                self._child = _Child(self._command)
                self._child.load({phase.name: phase.rules for phase in self._phases.values()})
            except (BrokenFrameError, OSError) as error:
                self._rests_until = time.monotonic() + self._rest
                self._rest = min(2 * self._rest, LONGEST_REST)
                words = str(error) if isinstance(error, BrokenFrameError) else "could not be started"
                raise self._failed(words) from error
            self._rest = FIRST_REST
        return self._child

    def _until(self) -> float:
        return time.monotonic() + self._deadline

    def _failed(self, how: str) -> EngineFailed:
        self._end()
        self._replacements += 1
        sentence = f"the rules engine's child {how} (ruleset {self._ruleset}, replacement {self._replacements})"
        self._alarm(sentence)
        return EngineFailed(sentence)

    def _end(self) -> None:
        if self._child:
            self._child.end()
            self._child = None

    def _adopt(self) -> None:
        """After a fork the child belongs to the other process, and another thread's lock to nobody."""
        if self._owner != os.getpid():
            self._owner = os.getpid()
            self._lock = threading.Lock()
            if self._child:
                self._child.disown()
                self._child = None


class _Phase:
    """The rules of one phase by number: what the child is told, and what its answers mean."""

    def __init__(self, program: Program, phase: str, signals: dict[str, int]) -> None:
        ordered = sorted((rule for rule in program.rules if rule.phase == phase), key=lambda rule: rule.place)
        self.name = phase
        self.rules = [[signals[each] for each in rule.signals] for rule in ordered]
        self._needs = [frozenset(needed) for needed in self.rules]
        self._ids = [rule.id for rule in ordered]
        known = {each for rule in ordered for each in rule.signals}
        self._numbers = {each: number for each, number in signals.items() if each in known}

    def numbers(self, signals: Collection[str]) -> list[int]:
        """The signals that any rule of the phase needs, as numbers."""
        numbers = self._numbers
        return [numbers[each] for each in frozenset(signals) if each in numbers]

    def judge(self, answer: Json, signals: list[int]) -> Fired:
        """The ids an answer stands for. Raises BrokenFrameError unless it is rules of this phase, rising, each with cause."""
        if not isinstance(answer, list):
            raise BrokenFrameError("answered nonsense")
        last, present, ids = -1, frozenset(signals), []
        for number in answer:
            if type(number) is not int or not last < number < len(self._ids) or not self._needs[number] <= present:
                raise BrokenFrameError("answered nonsense")
            last = number
            ids.append(self._ids[number])
        return tuple(ids)


class _Child:
    """One process and the pipes to it."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            bufsize=0,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise OSError("no pipes")
        self._ends = (self.process.stdin, self.process.stdout)
        self.pipe = Pipe(self.process.stdout.fileno(), self.process.stdin.fileno())
        self.answered = 0

    def load(self, program: object) -> None:
        """Give it its program and wait until it is ready. Raises BrokenFrameError."""
        until = time.monotonic() + START_SECONDS
        self.pipe.send(encode(program), until)
        if self.pipe.receive(until) != "ready":
            raise BrokenFrameError("answered nonsense")

    def answer(self, until: float) -> Json:
        """Its next answer, which must carry the next number: none is lost, none is left from before."""
        message = self.pipe.receive(until)
        if not isinstance(message, list) or len(message) != 2 or message[0] != self.answered:
            raise BrokenFrameError("answered nonsense")
        self.answered += 1
        return message[1]

    def end(self) -> None:
        """Kill it, also when it is stopped, and leave no zombie."""
        self.process.kill()
        self._close()
        self.process.wait()

    def disown(self) -> None:
        """Close our copies of the pipes only: it is the child of the process that forked us."""
        self._close()
        self.process.returncode = 0  # else its finaliser would wait for it, and warn

    def _close(self) -> None:
        for each in self._ends:
            with contextlib.suppress(OSError):
                each.close()


def check(program: Program) -> None:
    """Raises Refused for a program outside what durable-rules can carry, or that names rules or places twice."""
    if len(program.rules) > MOST_RULES:
        raise Refused(f"a ruleset holds at most {MOST_RULES} rules, not {len(program.rules)}")
    ids: set[tuple[str, str]] = set()
    places: set[tuple[str, int]] = set()
    for rule in program.rules:
        if len(frozenset(rule.signals)) > MOST_SIGNALS:
            raise Refused(f'rule "{rule.id}" needs more than {MOST_SIGNALS} signals')
        if (rule.phase, rule.id) in ids or (rule.phase, rule.place) in places:
            raise Refused(f'rule "{rule.id}" or its place is there twice in phase {rule.phase}')
        ids.add((rule.phase, rule.id))
        places.add((rule.phase, rule.place))
