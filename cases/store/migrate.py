"""Bringing a database to the newest schema, and back: Alembic, run from code, one script folder a database."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, text

RECORD = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, scripts: Path = RECORD, revision: str = "head", *, schema: str = "") -> None:
    """Bring the database up to `revision`; doing it again changes nothing. On PostgreSQL `schema` is made first."""
    with engine.begin() as connection:
        if schema and connection.dialect.name == "postgresql":
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
        command.upgrade(_config(scripts, connection), revision)


def downgrade(engine: Engine, scripts: Path = RECORD, revision: str = "base") -> None:
    """Take the database back to `revision`."""
    with engine.begin() as connection:
        command.downgrade(_config(scripts, connection), revision)


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    """What the migrated database lacks, or has too much, against the tables in code; empty when they agree."""
    with engine.connect() as connection:
        found: list[object] = compare_metadata(MigrationContext.configure(connection), metadata)
        return found


def _config(scripts: Path, connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
