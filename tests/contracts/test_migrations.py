"""Each migration goes down and up again with cases in the database, on SQLite and PostgreSQL; only what is new is lost."""

from pathlib import Path

from alembic.script import ScriptDirectory
from heedtest.offices import open_office
from heedtest.stores import Stores
from sqlalchemy import text

from cases.store import migrate, tables
from cases.store.engine import writing

RULES = (Path(__file__).parents[1] / "console" / "rules.yaml").read_text(encoding="utf-8")
FIRST = "r0001_first_path"


def test_down_and_up_with_cases_in_it(stores: Stores, tmp_path: Path) -> None:
    with open_office(tmp_path, RULES, stores=stores) as office:
        references = {
            office.mail("sam@acme.example", "Question", "Where do I park?", ("map.html", b"<p>map</p>")),
            office.anonymous("Something is wrong in the accounts")[0],
        }
        engine = office.desk.record
        scripts = ScriptDirectory(str(migrate.RECORD))
        downward = [one.revision for one in scripts.walk_revisions()]
        for revision in downward[1 : downward.index(FIRST) + 1]:
            migrate.downgrade(engine, revision=revision)
        with writing(engine) as connection:
            kept = set(connection.execute(text("SELECT reference FROM case_file")).scalars())
        assert kept == references
        for revision in reversed(downward[: downward.index(FIRST)]):
            migrate.upgrade(engine, revision=revision)
        assert migrate.differences(engine, tables.metadata) == []
        assert {office.row(reference).reference for reference in references} == references
        assert office.mail("kim@acme.example", "Another", "It goes on")
