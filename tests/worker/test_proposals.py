"""The home's rules.yaml is watched: what is new there is checked and tested by itself, once, and HR ops hear of it."""

import json

import pytest
from heedtest.clockwork import Clockwork
from heedtest.worker import rows

from cases.audit.chain import DEPLOYMENT
from cases.store import people, tables
from cases.store.engine import writing
from worker.proposals import Proposals

HANA = "hana@acme.example"


@pytest.fixture
def office(bench, tmp_path):
    with writing(bench.shop.record) as connection:
        people.add(connection, person_id="1" * 32, address=HANA, name="Hana", roles=("hr_ops",), password="a long password",
                   by="test", now=bench.shop.now())  # fmt: skip
    bench.path = tmp_path / "rules.yaml"
    bench.text = bench.shop.rules()[0].text
    bench.watch, bench.clockwork = watch(bench), Clockwork(bench.shop)
    return bench


def watch(office) -> Proposals:
    return Proposals(office.shop.record, office.path, office.shop.now)


def seen(office, text) -> str:
    """What comes of it when the file says so, and stays as it is."""
    if isinstance(text, bytes):
        office.path.write_bytes(text)
    else:
        office.path.write_text(text, encoding="utf-8")
    assert office.watch.look() == "", "it may still be being written"
    return office.watch.look()


def attended(office) -> list[str]:
    """The mails that come of it."""
    office.clockwork.work()
    office.pass_time(minutes=2)
    return [one.content.decode() for one in office.clockwork.work() if one.to == HANA]


def proposed(office) -> list[dict]:
    facts = rows(office.shop.record, tables.event)
    return [json.loads(one.data) for one in facts if one.stream_id == DEPLOYMENT and one.verb == "ruleset.proposed"]


@pytest.mark.parametrize(("change", "state"), [
    (("grope]", "grope, poke]"), "ready"),
    (("team: payroll", "team: pairoll"), "broken"),
    (("rules:\n", "tests: [{name: t, given: {text: hi}, expect: {category: payroll}}]\nrules:\n"), "blocked"),
])  # fmt: skip
def test_a_new_text_is_proposed_checked_and_tested_and_hr_ops_hear_of_it(office, change, state):
    key = seen(office, office.text.replace(*change))
    assert key.startswith("proposal:")
    assert key.endswith(f":{state}")
    (mail,) = attended(office)
    assert "rules.yaml" in mail
    assert [one["state"] for one in proposed(office)] == [state]
    assert office.watch.look() == ""
    office.watch = watch(office)  # another worker, or this one started anew
    assert seen(office, office.text.replace(*change)) == key
    assert attended(office) == [], "once, whoever looks"


def test_what_is_in_force_or_was_is_no_proposal(office):
    assert seen(office, office.text) == ""
    assert proposed(office) == []
    office.path.unlink()
    assert office.watch.look() == office.watch.look() == ""


def test_bytes_that_are_no_text_are_told_too(office):
    assert seen(office, b"version: 1\n\xff\xfe").endswith(":broken")


def test_one_worker_looks_at_a_time_and_another_when_that_one_has_died(office, monkeypatch):
    monkeypatch.setattr("worker.proposals.look_at", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        seen(office, office.text + "# changed\n")  # it dies while it holds the lease
    monkeypatch.undo()
    office.watch = watch(office)
    assert seen(office, office.text + "# changed\n") == ""
    office.pass_time(seconds=120)
    assert office.watch.look().endswith(":ready")
