"""An office for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from heedtest.fronts import front
from heedtest.offices import Office, open_office

RULES = (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, RULES) as opened:
        yield opened


@pytest.fixture
def public(office: Office) -> Iterator[FlaskClient]:
    """The public site before the same record."""
    with front(office) as client:
        yield client
