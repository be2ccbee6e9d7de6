"""The one file that touches durable-rules: rules as numbers in, the numbers of those that fire out. Child process only.

It drives the library's compiled core and leaves its Python layer out: that starts threads which dispatch actions behind
our back (two threads in one ruleset crash it), and swallows exceptions. The core's limits, and how each is kept away:

- Everything is a fact, asserted in one call: an event stops at the first rule it matches.
- Each signal is one fact with one property; a fact goes only to a ruleset that tests for it, and never an empty list
  (which crashes).
- One ruleset tells at most 511 values apart (at 512 the core never returns), and one value feeds at most 255 rules
  (error 108). It finds a value by walking a list of all. So a phase is cut into several rulesets, well below both:
  fifty rules each were fastest, twice as fast as two hundred and fifty.
- Rules that need the same signals are one rule of the core: it takes milliseconds to find a thousand equal ones.
- A rule without signals waits for one that is always asserted; without `all` it would be accepted and never fire.
- Facts are never retracted: retracting a second fact of one match reads and writes past the match (memory corruption,
  seen as rules that fire twice and as crashes). The whole state is deleted instead, so each decision starts from nothing.
- A state deleted before anything fired in it frees uninitialised memory. So every ruleset first fires all its rules,
  which also proves that it can and allocates what they need before a decision waits for it.
- Values are digits only, for which the core's hash has no collisions; one `sid`, so that states never pile up.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from json import dumps
from typing import Protocol

RULES_A_RULESET = 50
VALUES_A_RULESET = 400

ALWAYS = -1
"""The signal of rules that need none."""

ASSERTED = frozenset({0, 1})
"""Result codes of a batch of facts that is now known: handled, or part of no complete match."""

Signals = tuple[int, ...]


class Core(Protocol):
    """What is used of the extension module `durable_rules_engine`."""

    def create_ruleset(self, name: str, definition: str) -> int:
        """A handle. The definition is a JSON object of rules."""

    def assert_facts(self, handle: int, facts: str) -> tuple[int, int]:
        """A result code and the handle of the state that holds what fired."""

    def delete_state(self, handle: int, sid: str) -> None:
        """Forget all facts of this `sid`."""

    def start_action_for_state(self, handle: int, state: int) -> tuple[str, str] | None:
        """The state and the first rule that fired, as JSON."""

    def complete_and_start_action(self, handle: int, state: int) -> str | None:
        """The next rule that fired, as JSON."""


class WrongAnswerError(Exception):
    """The core did what it never should; the process that holds it is no longer to be trusted."""


class Phase:
    """The rules of one phase, in place order; rule n is the n-th of them."""

    def __init__(self, core: Core, name: str, rules: Sequence[Sequence[int]]) -> None:
        self._members: dict[Signals, list[int]] = defaultdict(list)
        for number, signals in enumerate(rules):
            self._members[tuple(sorted(set(signals))) or (ALWAYS,)].append(number)
        self._rulesets = [_Ruleset(core, f"{name}{index}", part) for index, part in enumerate(_cut(self._members))]

    def fire(self, signals: Sequence[int]) -> list[int]:
        """Numbers of the rules all of whose signals are among `signals` (no doubles), in place order."""
        fired = [each for ruleset in self._rulesets for each in ruleset.fire((ALWAYS, *signals))]
        return sorted(number for each in fired for number in self._members[each])


def _cut(rules: dict[Signals, list[int]]) -> Iterator[list[Signals]]:
    """The rules in parts that one ruleset of the core can hold."""
    part: list[Signals] = []
    known: set[int] = set()
    for signals in rules:
        if part and (len(part) == RULES_A_RULESET or len(known.union(signals)) > VALUES_A_RULESET):
            yield part
            part, known = [], set()
        part.append(signals)
        known.update(signals)
    if part:
        yield part


class _Ruleset:
    """One ruleset of the core: rules by the signals they need."""

    def __init__(self, core: Core, name: str, rules: list[Signals]) -> None:
        known = {signal: str(index) for index, signal in enumerate({each: 0 for rule in rules for each in rule})}
        self._facts = {signal: f'{{"id":"{value}","sid":"1","s":"{value}"}}' for signal, value in known.items()}
        self._core, self._rules = core, rules
        definition = {
            str(number): {"all": [{f"m{place}": {"s": known[each]}} for place, each in enumerate(rule)], "pri": number}
            for number, rule in enumerate(rules)
        }
        self._handle = core.create_ruleset(name, dumps(definition))
        if self.fire(list(known)) != rules:
            raise WrongAnswerError("not every rule fired when all their signals were there")

    def fire(self, signals: Sequence[int]) -> list[Signals]:
        """The rules that fire, each given as its signals."""
        known = [fact for signal in signals if (fact := self._facts.get(signal))]
        if not known:
            return []
        code, state = self._core.assert_facts(self._handle, f"[{','.join(known)}]")
        if code not in ASSERTED:
            raise WrongAnswerError(f"facts were answered with {code}")
        fired = self._collect(state)
        self._core.delete_state(self._handle, "1")
        return fired

    def _collect(self, state: int) -> list[Signals]:
        """The rules that wait to act, each one completed before the next is handed out."""
        fired: list[Signals] = []
        begun = self._core.start_action_for_state(self._handle, state)
        action = begun[1] if begun else None
        while action:
            # {"17":{"m0":{...}}}: the first name is the rule.
            fired.append(self._rules[int(action[2 : action.index('"', 2)])])
            action = self._core.complete_and_start_action(self._handle, state)
        return fired
