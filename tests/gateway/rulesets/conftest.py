"""An office whose home the commands work on, and a shorthand for running them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from heedtest.offices import FIRST, NoOpinion, Office, open_office

from gateway.shell import main

RULES = (Path(__file__).parents[2] / "console" / "rules.yaml").read_text(encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr("classifier.store.current", lambda _home: NoOpinion())
    with open_office(tmp_path, RULES) as opened:
        yield opened


@pytest.fixture
def heed(office: Office) -> Callable[..., Result]:
    """Runs `heed rules …` on the office's home; `who` is unlocked with their password."""

    def run(*arguments: str, who: str = "") -> Result:
        unlocked = ("--as", who, "--password", FIRST.format(who)) if who else ()
        return CliRunner().invoke(main, ["rules", *arguments, *unlocked, "--home", str(office.home)])

    return run


@pytest.fixture
def objects() -> Callable[[Result], list[dict]]:
    """The objects that a command printed with --json."""

    def read(result: Result) -> list[dict]:
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    return read
