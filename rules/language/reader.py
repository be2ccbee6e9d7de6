"""What is known while a ruleset is read: names that may be used, problems so far, words collected for the lexicon."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.model.wording import MAILS
from rules.expressions import Expression
from rules.language.problems import WARNING, Asked, Problem, did_you_mean
from rules.language.tree import Node
from rules.text.lexicon import Entry

NAMED = {
    "calendars": "calendar", "teams": "team", "people": "group of people", "categories": "category", "slas": "SLA",
    "lists": "list", "conditions": "condition", "checklists": "checklist", "templates": "template",
}  # fmt: skip
"""Sections whose keys are names, and what one is called."""

BUILT_IN_TEMPLATES = (*MAILS, "none")


@dataclass
class Reader:
    """Collects while the sections are read. One is made for each load and thrown away."""

    lines: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, dict[str, Node]] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    languages: tuple[str, ...] = ("en",)
    risk_levels: tuple[str, ...] = ("low", "moderate", "high", "critical")
    zone: str = "UTC"
    lexicon: list[tuple[Entry, ...]] = field(default_factory=list)
    word_numbers: dict[tuple[Entry, ...], int] = field(default_factory=dict)
    list_numbers: dict[str, int] = field(default_factory=dict)
    model_classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    families: tuple[str, ...] = ()
    rule_ids: frozenset[str] | None = None
    """None while a rule has no id that can be read: then any may be named."""
    condition_nodes: dict[str, Node] = field(default_factory=dict)
    conditions: dict[str, Expression] = field(default_factory=dict)
    conditions_open: list[str] = field(default_factory=list)
    conditions_failed: set[str] = field(default_factory=set)
    interned: dict[Expression, Expression] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tags_asked: list[tuple[str, Node]] = field(default_factory=list)
    where: str = ""
    """Which rule, category or test is being read, for messages."""

    def error(self, node: Node, message: str, suggestion: str = "") -> None:
        """Notes an error at `node`."""
        self._note(node, message, suggestion, "error")

    def warn(self, node: Node, message: str, suggestion: str = "") -> None:
        """Notes something that works but is probably not meant."""
        self._note(node, message, suggestion, WARNING)

    def ask(self, of: str, node: Node | None) -> None:
        """Notes what only the surroundings of a ruleset know: one value, or each of a list."""
        for one in (node.items or (node,)) if node is not None else ():
            self.asked.append(Asked(of, str(one.value), one.line, one.column, one.length, self.where))

    def _note(self, node: Node, message: str, suggestion: str, severity: str) -> None:
        text = self.lines[node.line - 1] if node.line <= len(self.lines) else ""
        words = f"{message} in {self.where}" if self.where else message
        problem = Problem(node.line, node.column, words, suggestion, node.length, severity, text)
        if problem not in self.problems:
            self.problems.append(problem)

    @property
    def failed(self) -> bool:
        """Whether any error was noted."""
        return any(problem.severity != WARNING for problem in self.problems)

    def use(self, section: str, node: Node) -> str:
        """The name in `node`, noted as used; an error when the section has none of that name."""
        name = str(node.value)
        known = self.names.get(section, {})
        self.used[section].add(name)
        if node.kind not in {"text", "number"} or (name not in known and name not in self._built_in(section)):
            wrong = f'unknown {NAMED[section]} "{name}"' if node.kind == "text" else f"the name of a {NAMED[section]}"
            self.error(node, wrong if node.kind == "text" else f"{wrong} is expected", did_you_mean(name, known))
        return name

    @staticmethod
    def _built_in(section: str) -> Iterable[str]:
        return BUILT_IN_TEMPLATES if section == "templates" else ()

    def add_words(self, entries: tuple[Entry, ...]) -> int:
        """The lexicon's number for these entries; the same entries get the same number."""
        number = self.word_numbers.setdefault(entries, len(self.lexicon))
        if number == len(self.lexicon):
            self.lexicon.append(entries)
        return number

    def intern(self, expression: Expression) -> Expression:
        """The one object for all expressions equal to this one, so that each is evaluated once a decision."""
        return self.interned.setdefault(expression, expression)
