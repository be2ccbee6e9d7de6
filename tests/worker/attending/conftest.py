"""The worker's bench with a ruleset of ladders, and its clockwork."""

from pathlib import Path

import pytest
from heedtest.clockwork import Clockwork

from cases.store import rulesets
from cases.store.engine import writing
from gateway.settings.time import Reminders
from rules import load

LADDERS = (Path(__file__).parent / "ladders.yaml").read_text(encoding="utf-8")


@pytest.fixture
def office(bench):
    """A bench on a Monday at 09:00 London time, with an hour of settling over."""
    with writing(bench.shop.record) as connection:
        rulesets.publish(connection, load(LADDERS).hash, LADDERS, by="test", reason="", now=bench.clock[0])
    bench.clockwork = Clockwork(bench.shop, Reminders.model_validate(dict.fromkeys(Reminders.model_fields, 0)))
    return bench
