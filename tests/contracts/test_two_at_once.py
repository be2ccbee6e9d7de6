"""Two people at one case at the same moment, on both databases: nobody's words are lost, no number is given twice."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from heedtest.offices import Office, once_in, open_office

from cases.audit.verifying import verify
from cases.handling.inquiry.conclusions import add_finding
from cases.handling.parties import NewParty, add_party
from cases.handling.several.merging import merge
from cases.handling.speaking import add_note
from cases.model.words import PartyRole
from cases.store.dossier import open_dossier
from cases.store.engine import reading, writing

RULES = (Path(__file__).parents[1] / "console" / "rules.yaml").read_text(encoding="utf-8")
ERIN, ELI, LENA = "erin@acme.example", "eli@acme.example", "lena@acme.example"
EACH = 6


@pytest.fixture
def office(stores, tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, RULES, stores=stores) as opened:
        yield opened


def at_once(*works: Callable[[], Any]) -> None:
    """Run these in threads that start together; a failure of one is the test's."""
    gate, failed = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], Any]) -> None:
        gate.wait(10)
        try:
            work()
        except BaseException as error:  # noqa: BLE001  told to the test
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert not failed, failed


def test_notes_findings_and_parties_written_at_once_are_all_there(office: Office) -> None:
    reference = office.mail("ben@acme.example", "Please help", "They harass me")
    hands = {who: office.hand(who) for who in (ERIN, ELI)}

    def writes(who: str) -> Callable[[], None]:
        def work() -> None:
            for number in range(EACH):
                form = [office.desk.random_bytes(16).hex() for _ in range(3)]
                with writing(office.desk.record) as connection:
                    add_note(connection, reference, hands[who], f"note {number} of {who}", form[0])
                with writing(office.desk.record) as connection:
                    add_finding(connection, reference, hands[who], f"finding {number} of {who}", form[1])
                named = NewParty(PartyRole.WITNESS, f"W{number} {who}", f"w{number}.{who}", form[2])
                with writing(office.desk.record) as connection:
                    add_party(connection, reference, hands[who], named)

        return work

    at_once(writes(ERIN), writes(ELI))
    with writing(office.desk.record) as connection:
        opened = open_dossier(
            connection, reference, office.viewer(ERIN), office.vault(ERIN), office.desk.service, office.clock[0]
        )
    said = {one.said.new_text for one in opened.entries if one.said}
    both = [(number, who) for number in range(EACH) for who in (ERIN, ELI)]
    assert said == {"They harass me", *(f"note {number} of {who}" for number, who in both)}
    assert {one.text for one in opened.work.conclusions} == {f"finding {number} of {who}" for number, who in both}
    assert len(opened.work.parties) == 2 * EACH
    assert [one.number for one in opened.work.conclusions] == list(range(1, 2 * EACH + 1))
    assert not any(one.altered for one in (*opened.entries, *opened.work.conclusions, *opened.work.parties))
    with reading(office.desk.record) as connection:
        assert verify(connection).broken is None


def test_two_merges_crosswise_wait_for_each_other_and_one_is_refused(office: Office) -> None:
    one = office.mail("ben@acme.example", "Please help", "They harass me")
    other = office.mail("tom@acme.example", "Please help", "They harass me too")
    hand, outcomes = office.hand(LENA), list[str]()

    def merges(gone: str, kept: str) -> Callable[[], None]:
        def work() -> None:
            from cases.errors import Refused

            try:
                with writing(office.desk.record) as connection:
                    merge(connection, gone, kept, hand, ("low", "high"))
                outcomes.append("merged")
            except Refused:
                outcomes.append("refused")

        return work

    at_once(merges(one, other), merges(other, one))
    assert sorted(outcomes) == ["merged", "refused"]
    assert sorted(office.row(name).status == "merged" for name in (one, other)) == [False, True]


def test_a_second_answer_waits_until_its_writer_has_seen_the_first(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing")
    pia, omar = office.sign_in("pia@acme.example"), office.sign_in("omar@acme.example")
    page = omar.case(reference)
    once = once_in(page, "reply")
    assert pia.reply(reference, "Next week.", seen="1").status_code == 303
    answer = omar.post(f"/cases/{reference}/reply", text="I will look.", once=once, then="in_progress", seen="1")
    assert answer.status_code == 409
    assert "has answered meanwhile" in answer.text
    assert "I will look.</textarea>" in answer.text
    assert "Next week." in answer.text
    again = omar.post(f"/cases/{reference}/reply", text="I will look.", once=once, then="in_progress", seen="2")
    assert again.status_code == 303
