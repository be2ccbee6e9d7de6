"""A small ruleset, and a way to decide on what a test of the language would give."""

from collections.abc import Callable
from pathlib import Path

import pytest

import rules
from cases.model.decision import Decision
from rules.language.reader import Reader
from rules.language.testlines import GIVEN
from rules.language.tree import parse
from rules.program import Engine
from rules.ruleset import Ruleset
from rules.testing import decide_given

SMALL = (Path(__file__).parent / "small.yaml").read_text("utf-8")


@pytest.fixture(scope="session")
def small() -> str:
    """The text of a small ruleset."""
    return SMALL


@pytest.fixture
def with_rules() -> Callable[[str], Ruleset]:
    """Loads the small ruleset with other rules (YAML, as a list) and without tests."""

    def load(rules_text: str, **replacements: str) -> Ruleset:
        head = SMALL.split("\nrules:\n")[0]
        for old, new in replacements.items():
            head = head.replace(old, new)
        indented = "\n".join(f"  {line}" for line in rules_text.strip().split("\n"))
        return rules.load(f"{head}\nrules:\n{indented}\n")

    return load


@pytest.fixture
def decided() -> Callable[[Ruleset, str], Decision]:
    """Decides on a `given:` written as in a test of the language."""

    def decide(ruleset: Ruleset, given: str, engine: Engine | None = None) -> Decision:
        reader = Reader(tuple(given.split("\n")), zone=ruleset.settings.timezone, risk_levels=ruleset.risk_levels)
        read = GIVEN.read(parse(given), reader)
        assert read is not None, reader.problems
        return decide_given(ruleset, read, engine)

    return decide
