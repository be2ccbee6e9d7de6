"""Databases for tests: SQLite in a temporary folder, and a real PostgreSQL; one suite runs on both."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from cases.store import migrate
from cases.store.engine import open_database, sqlite_url
from gateway.serve.home import INBOX_MIGRATIONS
from heedtest.postgres import find_programs, postgres


@dataclass(frozen=True)
class Stores:
    """Where a deployment keeps its two databases."""

    kind: str
    inbox_url: str
    record_url: str

    def open(self) -> tuple[Engine, Engine]:
        """Connections as another process would have them."""
        return open_database(self.inbox_url, schema="heed_inbox"), open_database(self.record_url, schema="heed_record")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if find_programs() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is missing, and with CI=true nothing may be skipped")
        pytest.skip("PostgreSQL is not installed: `apt install postgresql` to run its half of the contracts")
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    if request.param == "sqlite":
        yield Stores("sqlite", sqlite_url(tmp_path / "inbox.db"), sqlite_url(tmp_path / "record.db"))
        return
    url = request.getfixturevalue("server")
    name = f"heed_{secrets.token_hex(6)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    own = url.replace("/postgres?", f"/{name}?")
    yield Stores("postgresql", own, own)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def opened(stores: Stores) -> Iterator[tuple[Engine, Engine]]:
    """Both databases, migrated to the newest schema."""
    inbox, record = stores.open()
    migrate.upgrade(inbox, INBOX_MIGRATIONS, schema="heed_inbox")
    migrate.upgrade(record, schema="heed_record")
    yield inbox, record
    inbox.dispose()
    record.dispose()
