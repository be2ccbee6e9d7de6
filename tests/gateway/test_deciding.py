"""`heed decide` sees the home's people as triage does: who is away, who works here, who is who."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from heedtest.stores import lay_out
from sqlalchemy import insert

from cases.model.submission import Address, Submission
from cases.model.words import Authenticity, Channel
from cases.store import tables
from cases.store.engine import open_database, sqlite_url, writing
from gateway.deciding import Decider, ReadItem

RULES = Path(__file__).parents[1] / "console" / "rules.yaml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    lay_out(tmp_path)
    record = open_database(sqlite_url(tmp_path / "record.db"))
    now = datetime.now(UTC)
    with writing(record) as connection:
        away = {"id": "a" * 32, "person": "pia@acme.example", "by": "test"}
        connection.execute(
            insert(tables.absence).values(**away, starts_at=now - timedelta(1), ends_at=now + timedelta(1))
        )
        numbers = dict.fromkeys(("people", "added", "changed", "left"), 1)
        connection.execute(insert(tables.directory_import).values(number=1, at=now, by="test", **numbers))
        connection.execute(
            insert(tables.employee).values(address="erin@acme.example", name="Erin Hallam", job_title="HR partner")
        )
    record.dispose()
    return tmp_path


def decided(home: Path, text: str) -> dict[str, object]:
    sender = Address("Tom", "tom@acme.example")
    said = Submission(Channel.MAIL, sender=sender, new_text=text, text=text, authenticity=Authenticity.PASS)
    with Decider.open(home, RULES) as decider:
        (found,) = decider.decide([ReadItem("1", said)])
    return found


def test_who_is_away_gets_nothing(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert decided(home, "My payslip is wrong.")["owner"] == "omar@acme.example"
    nowhere = tmp_path_factory.mktemp("nowhere")
    assert decided(nowhere, "My payslip is wrong.")["owner"] == "pia@acme.example"


def test_who_is_accused_by_name_is_kept_away(home: Path) -> None:
    found = decided(home, "Erin Hallam harasses me.")
    assert "erin@acme.example" in found["excluded"]
    assert found["owner"] == "eli@acme.example"
