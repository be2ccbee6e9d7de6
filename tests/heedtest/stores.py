"""Databases for tests: SQLite in a temporary folder, and a real PostgreSQL; one suite runs on both.

The newest schema is made once a process, by the migrations, and copied for each test.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from cases.store import migrate
from cases.store.engine import open_database, sqlite_url
from gateway.serve.home import INBOX_MIGRATIONS
from heedtest.postgres import find_programs, postgres


@dataclass(frozen=True)
class Stores:
    """Where a deployment keeps its two databases, migrated to the newest schema."""

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
        lay_out(tmp_path)
        yield Stores("sqlite", sqlite_url(tmp_path / "inbox.db"), sqlite_url(tmp_path / "record.db"))
        return
    url = request.getfixturevalue("server")
    name = f"heed_{secrets.token_hex(6)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {_migrated_on(url)}"))
    own = _inside(url, name)
    yield Stores("postgresql", own, own)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def opened(stores: Stores) -> Iterator[tuple[Engine, Engine]]:
    """Connections to both databases."""
    inbox, record = stores.open()
    yield inbox, record
    inbox.dispose()
    record.dispose()


def lay_out(home: Path) -> None:
    """Put both SQLite databases, migrated and empty, into a home."""
    for path in _migrated_files().iterdir():
        shutil.copyfile(path, home / path.name)


@cache
def _migrated_files() -> Path:
    """The folder of a migrated, empty pair of SQLite files, which goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix="heed-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrate(sqlite_url(folder / "inbox.db"), sqlite_url(folder / "record.db"))
    return folder


@cache
def _migrated_on(server: str) -> str:
    """The name of a migrated, empty database on a PostgreSQL server."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    admin.dispose()
    own = _inside(server, "migrated")
    _migrate(own, own)
    return "migrated"


def _migrate(inbox_url: str, record_url: str) -> None:
    for url, scripts, schema in (
        (inbox_url, INBOX_MIGRATIONS, "heed_inbox"),
        (record_url, migrate.RECORD, "heed_record"),
    ):
        engine = open_database(url, schema=schema)
        migrate.upgrade(engine, scripts, schema=schema)
        engine.dispose()


def _inside(server: str, name: str) -> str:
    """The URL of another database of the same server."""
    return server.replace("/postgres?", f"/{name}?")
