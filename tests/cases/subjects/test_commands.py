"""`heed subject`: the officer's work from the shell is the console's, under their password, and nobody else's."""

import json
import zipfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from heedtest.offices import FIRST, Office
from sqlalchemy import select

from cases.store import tables
from cases.store.engine import reading, writing
from gateway.shell import main
from worker.jobs.attend import Attend

DORA, OWN, LATER = "dora@acme.example", "Where is my bonus?", "And where is my payslip?"


def heed(office: Office, *words: str, person: str = DORA, fails: bool = False) -> Any:
    command = [
        "subject",
        *words,
        "--home",
        str(office.home),
        "--as",
        person,
        "--password",
        FIRST.format(person),
        "--json",
    ]
    result = CliRunner().invoke(main, command)
    assert (result.exit_code != 0) is fails, result.output
    return result.output if fails else [json.loads(line) for line in result.stdout.splitlines()]


def search(office: Office) -> None:
    """What a worker does about the promise."""
    from cases.store import outbox

    office.pass_time(days=400)  # commands take the machine's time, workers the office's
    while True:
        with writing(office.shop.record) as connection:
            leased = outbox.lease_due(connection, batch="s", now=office.clock[0], seconds=10, most=50, urgent=False)
        if not (mine := leased.get("attend")):
            return
        Attend(office.shop)("s", mine)


def test_a_request_is_opened_searched_decided_and_packed(office: Office, tmp_path: Path) -> None:
    reference = office.mail("sam@acme.example", "Bonus", OWN)
    (opened,) = heed(office, "open", "--address", "sam@acme.example")
    request = opened["request"]
    search(office)
    (shown,) = heed(office, "show", request)
    (item,) = shown["items"]
    assert (item["reference"], item["why"], item["state"]) == (reference, "wrote", "open")
    assert OWN in heed(office, "read", request, item["item"])[0]["text"]
    assert "choose why" in heed(office, "decide", request, item["item"], "withheld", fails=True)
    assert "undecided" in heed(office, "package", request, "--out", str(tmp_path / "early.zip"), fails=True)
    heed(office, "decide", request, item["item"], "given")
    office.mail("sam@acme.example", "Payslip", LATER)
    heed(office, "search", request)
    search(office)
    (shown,) = heed(office, "show", request)
    assert [one["state"] for one in shown["items"]] == ["given", "open"], "what was decided stays"
    heed(
        office,
        "decide",
        request,
        shown["items"][1]["item"],
        "withheld",
        "--reason",
        "legal_advice",
        "--words",
        "counsel",
    )
    heed(office, "package", request, "--out", str(tmp_path / "about.zip"))
    with zipfile.ZipFile(tmp_path / "about.zip") as archive:
        words = " ".join(archive.read(name).decode() for name in archive.namelist())
    assert OWN in words
    assert LATER not in words
    heed(office, "close", request)
    assert [one["state"] for one in heed(office, "list")] == ["closed"]
    assert "answered" in heed(office, "search", request, fails=True)
    verbs = [verb for verb, actor, _ in office.events() if actor == DORA]
    assert verbs == ["subject.asked", "subject.searched", "subject.packed", "subject.answered"]
    assert [actor for verb, actor, _ in office.events(reference) if verb == "case.read"] == [DORA]


def test_it_is_the_officer_s_alone(office: Office) -> None:
    for person in ("lena@acme.example", "ada@acme.example"):
        assert "data protection officer" in heed(office, "list", person=person, fails=True)
    wrong = ["subject", "list", "--home", str(office.home), "--as", DORA, "--password", "guessed"]
    assert "do not belong together" in CliRunner().invoke(main, wrong).output
    with reading(office.desk.record) as connection:
        assert not connection.execute(select(tables.event).where(tables.event.c.verb.like("subject.%"))).all()
