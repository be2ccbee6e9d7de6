"""An HR office on SQLite, for what needs one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from heedtest.offices import Office, open_office

RULES = (Path(__file__).parents[1] / "console" / "rules.yaml").read_text(encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, RULES) as opened:
        yield opened
