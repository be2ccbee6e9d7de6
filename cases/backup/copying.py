"""Copying a database while it is in use: SQLite by its online backup, PostgreSQL by pg_dump; and putting a copy back."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from shutil import which

from sqlalchemy import inspect
from sqlalchemy.engine import Engine, make_url

from cases.errors import Refused


def suffix(url: str) -> str:
    """How the copy's file name ends."""
    return "db" if url.startswith("sqlite") else "dump"


def copy_out(url: str, schema: str, target: Path) -> None:
    """A consistent copy of the database as it stands, in a new file. Raises `Refused` where pg_dump is missing or fails."""
    if not url.startswith("sqlite"):
        _run("pg_dump", "--format=custom", "--no-owner", f"--schema={schema}", f"--file={target}", plain(url))
        return
    source = make_url(url).database or ""
    live = sqlite3.connect(f"file:{source}?mode=rw", uri=True, timeout=60)
    with closing(live), closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        raise Refused(f"the copy of {Path(source).name} is damaged ({found}): is the disk failing?")


def copy_in(source: Path, url: str, schema: str) -> None:
    """Put a copy where this database belongs. Raises `Refused` where something is there already."""
    if not url.startswith("sqlite"):
        _run(
            "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={plain(url)}", str(source)
        )
        return
    target = Path(make_url(url).database or "")
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy, closing(sqlite3.connect(target)) as made:
        copy.backup(made)


def is_empty(engine: Engine, schema: str) -> bool:
    """Whether nothing is there yet."""
    inspector = inspect(engine)
    if engine.dialect.name == "postgresql":
        return schema not in inspector.get_schema_names()
    return not inspector.get_table_names()


def plain(url: str) -> str:
    """The address as PostgreSQL's own programs take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    found = which(program)
    if found is None:
        raise Refused(f"{program} is not installed on this machine; it comes with PostgreSQL's client programs")
    done = subprocess.run((found, *arguments), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{program} failed: {(done.stderr.strip().splitlines() or ['no words'])[0][:200]}")
