"""Migrations lead to exactly the tables in code, and back."""

from pathlib import Path

import pytest
from sqlalchemy import MetaData, inspect

from cases.store import migrate, tables
from cases.store.engine import open_database, sqlite_url
from gateway.inbox import tables as inbox_tables
from gateway.serve.home import INBOX_MIGRATIONS

BOTH = [(migrate.RECORD, tables.metadata), (INBOX_MIGRATIONS, inbox_tables.metadata)]


@pytest.mark.parametrize(("scripts", "metadata"), BOTH)
def test_up_gives_the_tables_in_code_and_down_takes_them_away(
    tmp_path: Path, scripts: Path, metadata: MetaData
) -> None:
    engine = open_database(sqlite_url(tmp_path / "db"))
    migrate.upgrade(engine, scripts)
    assert migrate.differences(engine, metadata) == []
    migrate.upgrade(engine, scripts)
    migrate.downgrade(engine, scripts)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(engine, scripts)
    assert migrate.differences(engine, metadata) == []
    engine.dispose()
