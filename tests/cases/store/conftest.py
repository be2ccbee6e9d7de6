"""A fresh record in memory of a file, migrated as in production."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cases.store import migrate
from cases.store.engine import open_database, sqlite_url


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(sqlite_url(tmp_path / "record.db"))
    migrate.upgrade(engine)
    yield engine
    engine.dispose()
