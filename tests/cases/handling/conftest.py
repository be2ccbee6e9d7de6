"""An office, with people's hands at its record."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from heedtest.offices import Office, open_office

RULES = (Path(__file__).parents[2] / "console" / "rules.yaml").read_text(encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, RULES) as opened:
        yield opened


@pytest.fixture
def once(office: Office) -> Callable[[], str]:
    """The id of a new form."""
    return lambda: office.desk.random_bytes(16).hex()
