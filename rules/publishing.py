"""Versions of the rules: proposed, checked, tested, published by a person, rolled back. The store is passed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.errors import Refused
from rules.diff import Change, diff, weakenings
from rules.language.circumstances import Circumstances, against, in_view_of
from rules.language.load import load
from rules.language.problems import ERROR, Problem, RulesetInvalid
from rules.ruleset import Ruleset
from rules.testing import TestReport, run_tests


@dataclass(frozen=True, slots=True)
class Version:
    """One published version. `approver` is the second person where a locked rule was weakened, else ""."""

    hash: str
    text: str
    author: str
    reason: str
    published: datetime
    approver: str = ""
    tests: int = 0
    replaces: str = ""


class Versions(Protocol):
    """The store of versions, which is the truth."""

    def current(self) -> Version | None:
        """The version in force; None before the first."""

    def get(self, name: str) -> Version | None:
        """A version that was ever published, by its hash."""

    def add(self, version: Version) -> None:
        """Stores a version and puts it in force."""

    def categories_in_use(self) -> tuple[str, ...]:
        """Categories that cases have."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate, checked and tested, with what it would change. `blocked_because` is "" when a person may publish it."""

    ruleset: Ruleset
    changes: tuple[Change, ...]
    weakens: tuple[Change, ...]
    report: TestReport
    problems: tuple[Problem, ...]
    blocked_because: str


def propose(
    text: str, versions: Versions, source: str = "rules.yaml", *, around: Circumstances | None = None
) -> Proposal:
    """Checks and tests a candidate against the version in force, and in view of what is `around` it where that is known.

    Raises `RulesetInvalid` when it is not a ruleset.
    """
    candidate = load(text, source)
    current = versions.current()
    changes: tuple[Change, ...] = ()
    problems = (*candidate.warnings, *(in_view_of(candidate, around) if around else ()))
    if current is not None:
        old = load(current.text, current.hash)
        changes = diff(old, candidate)
        problems = (*problems, *against(old, candidate, versions.categories_in_use()))
        errors = tuple(problem for problem in problems if problem.severity == ERROR)
        if errors:
            raise RulesetInvalid(errors, source)
    report = run_tests(candidate)
    failed = [result.test.name for result in report.results if not result.passed]
    blocked = f"{len(failed)} of its tests fail: {', '.join(failed[:3])}" if failed else ""
    return Proposal(candidate, changes, weakenings(changes), report, problems, blocked)


def publish(
    text: str,
    versions: Versions,
    *,
    author: str,
    reason: str,
    now: datetime,
    approver: str = "",
    source: str = "rules.yaml",
) -> Version:
    """Puts a candidate in force, and gives its version.

    Raises `RulesetInvalid` for what is no ruleset, `Refused` without a reason, with failing tests, with a hash that is in
    force already, or when a locked rule is weakened without a second person.
    """
    proposal = propose(text, versions, source)
    current = versions.current()
    if proposal.blocked_because:
        raise Refused(f"it cannot be published: {proposal.blocked_because}")
    if current is not None and current.hash == proposal.ruleset.hash:
        raise Refused(f"version {current.hash} is in force already")
    _may_publish(author, reason, approver, proposal.weakens)
    version = Version(
        hash=proposal.ruleset.hash,
        text=text,
        author=author,
        reason=reason.strip(),
        published=now,
        approver=approver,
        tests=len(proposal.report.results),
        replaces=current.hash if current else "",
    )
    versions.add(version)
    return version


def roll_back(versions: Versions, to: str, *, author: str, reason: str, now: datetime, approver: str = "") -> Version:
    """Puts an earlier version in force again, and gives it as a new version; the caller rewrites the file with its text.

    Raises `Refused` when it was never published, is in force, or weakens a locked rule without a second person.
    """
    wanted, current = versions.get(to), versions.current()
    if wanted is None:
        raise Refused(f"version {to} was never published")
    if current is None or current.hash == wanted.hash:
        raise Refused(f"version {to} is in force already")
    changes = diff(load(current.text, current.hash), load(wanted.text, wanted.hash))
    _may_publish(author, reason, approver, weakenings(changes))
    version = Version(wanted.hash, wanted.text, author, reason.strip(), now, approver, wanted.tests, current.hash)
    versions.add(version)
    return version


def _may_publish(author: str, reason: str, approver: str, weakens: Iterable[Change]) -> None:
    if not reason.strip():
        raise Refused("say why: the reason is kept with the version")
    found = [f"{change.name}: {change.weakens}" for change in weakens]
    if found and (not approver or approver.casefold() == author.casefold()):
        raise Refused(f"a second person must approve this ({'; '.join(found)})")
