"""A party named later: their wraps are gone, and what follows is sealed to a key that they never get."""

import pytest
from heedtest.offices import PEPPER, Office

from cases.access.policy import Action
from cases.errors import Refused, TryLater
from cases.handling.assigning import assign
from cases.handling.hand import Hand
from cases.handling.speaking import add_note
from cases.keys import recovery, wraps
from cases.keys.epochs import new_epoch, turn
from cases.keys.links import receipt_reader
from cases.keys.sealing import KeyPair
from cases.model.codes import read_receipt
from cases.model.words import Compartment
from cases.store import tables
from cases.store.dossier import open_dossier
from cases.store.engine import reading, writing
from cases.store.links import find_by_link
from cases.store.sight import require

GUS, ERIN, LENA = "gus@acme.example", "erin@acme.example", "lena@acme.example"


def hand(office: Office, address: str) -> Hand:
    return Hand(office.viewer(address), office.vault(address), office.desk.service, office.clock[0], office.desk.index)


def name_a_party(office: Office, reference: str, acting: str, *named: str) -> int:
    """What the record does when somebody turns out to be a party."""
    with writing(office.desk.record) as connection:
        case = require(connection, reference, office.viewer(acting), Action.READ, lock=True)
        for one in named:
            connection.execute(tables.exclusion.insert().values(case_id=case.id, person=one, reason="named later"))
        return new_epoch(connection, case, hand(office, acting), [one.upper() for one in named])


def note(office: Office, reference: str, by: str, text: str) -> None:
    with writing(office.desk.record) as connection:
        add_note(connection, reference, hand(office, by), text, office.desk.random_bytes(16).hex())


def words(office: Office, reference: str, by: str) -> list[str]:
    with writing(office.desk.record) as connection:
        who = office.viewer(by)
        opened = open_dossier(connection, reference, who, office.vault(by), office.desk.service, office.clock[0])
    return [one.said.text for one in opened.entries if one.said is not None]


def holds(office: Office, reference: str, address: str) -> set[int]:
    with reading(office.desk.record) as connection:
        keys = wraps.held_by(
            connection,
            wraps.STAFF,
            office.ids[address],
            office.vault(address),
            compartment=Compartment.CONTENT,
            case_id=office.row(reference).id,
        )
    return {epoch for _, epoch in keys}


@pytest.fixture
def shared(office: Office) -> tuple[str, str]:
    """A sealed case that Gus and Erin can read, and its receipt."""
    reference, receipt = office.anonymous("The books are cooked.")
    with writing(office.desk.record) as connection:
        assign(connection, reference, hand(office, GUS), office.person(ERIN))
    return reference, receipt


def test_whoever_is_named_loses_every_wrap_and_the_rest_read_on(office: Office, shared: tuple[str, str]) -> None:
    reference, _ = shared
    assert holds(office, reference, ERIN) == {1}
    assert name_a_party(office, reference, GUS, ERIN) == 2
    note(office, reference, GUS, "Said after Erin was named.")
    assert holds(office, reference, ERIN) == set()
    assert words(office, reference, GUS) == ["The books are cooked.", "Said after Erin was named."]
    with pytest.raises(Refused, match="no such case"):
        words(office, reference, ERIN)
    assert "case.rekeyed" in [verb for verb, _, _ in office.events(reference)]


def test_the_old_key_opens_nothing_that_follows(office: Office, shared: tuple[str, str]) -> None:
    reference, _ = shared
    before = office.row(reference).public_key
    name_a_party(office, reference, GUS, ERIN)
    assert office.row(reference).public_key != before
    assert office.row(reference).epoch == 2


def test_two_who_are_named_in_one_transaction_turn_the_key_twice_and_the_rest_read_on(
    office: Office, shared: tuple[str, str]
) -> None:
    reference, _ = shared
    with writing(office.desk.record) as connection:
        case = require(connection, reference, office.viewer(GUS), Action.READ, lock=True)  # one look, used twice
        turned = [new_epoch(connection, case, hand(office, GUS), [one]) for one in (ERIN, LENA)]
    note(office, reference, GUS, "Said after both were named.")
    assert turned == [2, 3]
    assert words(office, reference, GUS)[-1] == "Said after both were named."


def test_no_key_is_made_beside_one_that_others_hold(office: Office, shared: tuple[str, str]) -> None:
    reference, _ = shared
    name_a_party(office, reference, GUS, ERIN)
    key = office.row(reference).public_key
    with pytest.raises(TryLater), writing(office.desk.record) as connection:
        turn(connection, office.row(reference).id, 1, [office.person(GUS)], office.clock[0])
    assert office.row(reference).public_key == key


def test_the_reporter_and_the_recovery_key_follow(office: Office) -> None:
    spare = KeyPair.generate()
    with writing(office.desk.record) as connection:
        recovery.enrol(connection, spare, "shell", office.clock[0])
    reference, receipt = office.anonymous("The books are cooked.")
    with writing(office.desk.record) as connection:
        assign(connection, reference, hand(office, GUS), office.person(ERIN))
    name_a_party(office, reference, GUS, ERIN)
    browser = office.sign_in(GUS)
    browser.reply(reference, "We look into it.")
    with reading(office.desk.record) as connection:
        opened = find_by_link(connection, receipt_reader(read_receipt(receipt), PEPPER))
        held = wraps.held_by(connection, wraps.RECOVERY, recovery.of(spare).id, spare, compartment=Compartment.CONTENT)
    assert opened is not None
    assert [one.text for one in opened.messages] == ["The books are cooked.", "We look into it."]
    assert {epoch for _, epoch in held} == {1, 2}


def test_when_nobody_is_left_another_guardian_takes_over_or_nothing_changes(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    everyone = [one for one in office.ids if holds(office, reference, one)]
    assert GUS in everyone
    assert LENA not in everyone
    with pytest.raises(Refused, match="nobody would be left"):
        name_a_party(office, reference, GUS, *everyone)
    assert holds(office, reference, GUS) == {1}
    with writing(office.desk.record) as connection:
        changed = tables.person.update().where(tables.person.c.address == LENA)
        connection.execute(changed.values(roles="lead guardian"))
    assert name_a_party(office, reference, GUS, *everyone) == 2
    assert holds(office, reference, LENA) == {1, 2}
    assert holds(office, reference, GUS) == set()


def test_a_managed_case_keeps_its_key_since_policy_decides_there(office: Office) -> None:
    reference = office.mail("sam@acme.example", "Payslip", "Where is my payslip?")
    with writing(office.desk.record) as connection:
        case = require(connection, reference, office.viewer(LENA), Action.READ, lock=True)
        assert new_epoch(connection, case, hand(office, LENA), [ERIN]) == 1
