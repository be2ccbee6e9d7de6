"""A fresh record, migrated as in production."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from heedtest.stores import lay_out
from sqlalchemy import Engine

from cases.store.engine import open_database, sqlite_url


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Engine]:
    lay_out(tmp_path)
    engine = open_database(sqlite_url(tmp_path / "record.db"))
    yield engine
    engine.dispose()
