"""Parties: each in a thread of their own, the accused kept away at once, the respondent written to only after a step."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from heedtest.offices import PEPPER, Office

from cases.access.policy import Action
from cases.audit.verifying import verify
from cases.errors import Refused
from cases.handling.hand import Hand
from cases.handling.parties import NewParty, add_party, open_thread, write_to_party
from cases.handling.words import Words
from cases.keys.links import receipt_reader
from cases.model.codes import read_receipt
from cases.model.words import PartyRole
from cases.store import tables
from cases.store.dossier import open_dossier
from cases.store.engine import reading, writing
from cases.store.links import find_by_link
from cases.store.sight import find_case, require

ERIN, ELI, LENA, GUS, PIA = (f"{name}@acme.example" for name in ("erin", "eli", "lena", "gus", "pia"))
WITNESS = "wim@acme.example"


@pytest.fixture
def grave(office: Office) -> str:
    return office.mail("ben@acme.example", "Please help", "They harass me")


def name(office: Office, reference: str, by: str, role: PartyRole, who: str, address: str, once: str) -> str:
    with writing(office.desk.record) as connection:
        add_party(connection, reference, office.hand(by), NewParty(role, who, address, once))
    return once


def say(office: Office, reference: str, by: str, party: str, text: str, once: str) -> None:
    with writing(office.desk.record) as connection:
        write_to_party(connection, reference, office.hand(by), party, Words(text, once))


def threads(office: Office, reference: str, by: str) -> dict[str, list[str]]:
    """What was said, by party."""
    with writing(office.desk.record) as connection:
        opened = open_dossier(
            connection, reference, office.viewer(by), office.vault(by), office.desk.service, office.clock[0]
        )
    found: dict[str, list[str]] = {}
    for entry in opened.entries:
        found.setdefault(entry.party, []).append(entry.said.new_text if entry.said else "")
    return found


def test_a_witness_answers_in_a_thread_that_the_reporters_page_never_shows(office: Office, grave: str, once) -> None:
    wim = name(office, grave, ERIN, PartyRole.WITNESS, "Wim", WITNESS, once())
    say(office, grave, ERIN, wim, "What did you see on Monday?", once())
    (mail,) = [one for one in office.send() if one.to == WITNESS]
    read = message_from_bytes(mail.content, policy=policy.default)
    assert read["Subject"] == f"A confidential matter, {grave}"
    assert read["Auto-Submitted"] is None
    assert b"ben" not in mail.content
    found = re.search(r"hr\+[a-z2-7]{37}@acme\.example", read["Reply-To"])
    assert found
    joined = office.mail(WITNESS, "Re: A confidential matter", "I saw him shout.", To=found[0])
    assert joined != grave
    said = threads(office, grave, ERIN)
    assert said == {"": ["They harass me"], wim: ["What did you see on Monday?", "I saw him shout."]}
    events = [data for verb, _, data in office.events(grave) if verb == "message.received"]
    assert events[-1]["party"] == wim
    assert events[-1]["confirmed"] is True


def test_an_answer_by_message_id_alone_finds_the_same_thread_and_a_stranger_is_not_believed(
    office: Office, grave: str, once
) -> None:
    wim = name(office, grave, ERIN, PartyRole.WITNESS, "Wim", WITNESS, once())
    say(office, grave, ERIN, wim, "What did you see?", once())
    (mail,) = [one for one in office.send() if one.to == WITNESS]
    office.mail(WITNESS, "Re:", "Nothing.", In_Reply_To=f"<{mail.message_id}>")
    office.mail("mallory@evil.example", "Re:", "Wim lies.", In_Reply_To=f"<{mail.message_id}>")
    assert threads(office, grave, ERIN)[wim] == ["What did you see?", "Nothing.", "Wim lies."]
    confirmed = [data["confirmed"] for verb, _, data in office.events(grave) if verb == "message.received"]
    assert confirmed == [True, False]


def test_no_party_is_on_the_page_behind_a_receipt(office: Office, once) -> None:
    reference, receipt = office.anonymous("The books are cooked.")
    wim = name(office, reference, GUS, PartyRole.WITNESS, "Wim", WITNESS, once())
    say(office, reference, GUS, wim, "Do you keep the books?", once())
    (mail,) = [one for one in office.send() if one.to == WITNESS]
    found = re.search(rb"hr\+[a-z2-7]{37}@acme\.example", mail.content)
    assert found
    office.mail(WITNESS, "Re:", "I do.", To=found[0].decode())
    assert threads(office, reference, GUS)[wim] == ["Do you keep the books?", "I do."]
    with reading(office.desk.record) as connection:
        opened = find_by_link(connection, receipt_reader(read_receipt(receipt), PEPPER))
    assert opened is not None
    assert [one.text for one in opened.messages] == ["The books are cooked."]


def test_a_respondent_is_written_to_only_after_an_investigator_has_opened_their_thread(
    office: Office, grave: str, once
) -> None:
    rex = name(office, grave, ERIN, PartyRole.RESPONDENT, "Rex", "rex@acme.example", once())
    with pytest.raises(Refused, match="opens the respondent's thread first"):
        say(office, grave, ERIN, rex, "Hello", once())
    assert office.send() == [] or all(one.to != "rex@acme.example" for one in office.transport.sent)
    with writing(office.desk.record) as connection:
        open_thread(connection, grave, office.hand(LENA), rex)
    say(office, grave, ERIN, rex, "We would like to hear you.", once())
    assert [one.to for one in office.send() if b"hear you" in one.content] == ["rex@acme.example"]
    opened = [(actor, data["role"]) for verb, actor, data in office.events(grave) if verb == "thread.opened"]
    assert opened == [(LENA, "respondent")]


def test_who_is_no_investigator_opens_no_respondents_thread(office: Office, once) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "The overtime is missing")
    rex = name(office, reference, PIA, PartyRole.RESPONDENT, "Rex", "rex@acme.example", once())
    with writing(office.desk.record) as connection, pytest.raises(Refused, match="no such case"):
        open_thread(connection, reference, office.hand(PIA), rex)


def test_a_colleague_who_is_named_is_kept_away_at_once(office: Office, grave: str, once: Callable[[], str]) -> None:
    assert office.row(grave).owner == ERIN
    with reading(office.desk.record) as connection:
        assert find_case(connection, grave, office.viewer(ERIN)) is not None
    name(office, grave, ELI, PartyRole.RESPONDENT, "erin hallam", "", once())  # the name alone is enough
    with reading(office.desk.record) as connection:
        assert find_case(connection, grave, office.viewer(ERIN)) is None
    row = office.row(grave)
    assert (row.owner, row.backup) == (ELI, "")
    office.pass_time(minutes=1)
    assert all(mail.to != ERIN for mail in office.send()), "a notice that was on its way is stopped"


def test_whoever_reports_to_the_accused_is_kept_away_too_but_not_a_witness_own_people(
    office: Office, grave: str, once
) -> None:
    with office.desk.record.begin() as connection:
        connection.exec_driver_sql(f"UPDATE person SET reports_to = '{LENA}' WHERE address = '{ERIN}'")
    name(office, grave, ELI, PartyRole.WITNESS, "Lena Vogt", LENA, once())
    with reading(office.desk.record) as connection:
        assert find_case(connection, grave, office.viewer(LENA)) is None
        assert find_case(connection, grave, office.viewer(ERIN)) is not None
    name(office, grave, ELI, PartyRole.SUBJECT, "Pia Lind", PIA, once())
    reference = office.mail("tom@acme.example", "Please help", "They harass me again")
    name(office, reference, ELI, PartyRole.RESPONDENT, "Lena Vogt", LENA, once())
    with reading(office.desk.record) as connection:
        assert find_case(connection, reference, office.viewer(ERIN)) is None


def test_in_a_sealed_case_the_wraps_of_who_is_named_are_gone_and_a_new_key_serves(office: Office, once) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    with reading(office.desk.record) as connection:
        wrap, case_id = tables.wrap, office.row(reference).id
        holders = set(connection.execute(wrap.select().where(wrap.c.case_id == case_id)).scalars())
        readers = {
            row.reader
            for row in connection.execute(wrap.select().where(wrap.c.case_id == case_id, wrap.c.reader_kind == "staff"))
        }
    assert holders
    noor = "noor@acme.example"
    assert office.ids[noor] in readers
    name(office, reference, GUS, PartyRole.RESPONDENT, "Noor Haddad", noor, once())
    with reading(office.desk.record) as connection:
        left = {
            row.reader
            for row in connection.execute(wrap.select().where(wrap.c.case_id == case_id, wrap.c.reader_kind == "staff"))
        }
    assert left == readers - {office.ids[noor]}
    assert office.row(reference).epoch == 2
    assert threads(office, reference, GUS)[""] == ["The books are cooked."]


def test_the_same_form_twice_names_one_and_the_same_person_twice_is_told(office: Office, grave: str, once) -> None:
    form = once()
    for _ in range(2):
        name(office, grave, ERIN, PartyRole.WITNESS, "Wim", WITNESS, form)
    with pytest.raises(Refused, match="party in this role already"):
        name(office, grave, ERIN, PartyRole.WITNESS, "Wim again", WITNESS.upper(), once())
    with reading(office.desk.record) as connection:
        assert len(connection.execute(tables.party.select()).all()) == 1


def test_a_name_that_two_colleagues_have_asks_which_of_them_is_meant(office: Office, grave: str, once) -> None:
    with office.desk.record.begin() as connection:
        connection.exec_driver_sql(f"UPDATE person SET name = 'Pia Lind' WHERE address = '{LENA}'")
    with pytest.raises(Refused, match="several colleagues have that name"):
        name(office, grave, ELI, PartyRole.RESPONDENT, "pia lind", "", once())


def test_names_are_sealed_and_no_event_holds_one(office: Office, grave: str, once) -> None:
    name(office, grave, ERIN, PartyRole.WITNESS, "Wim Secretname", WITNESS, once())
    raw = b"".join(path.read_bytes() for path in office.home.glob("record.db*"))
    assert b"Secretname" not in raw
    assert "wim" not in str([data for _, _, data in office.events(grave)]).casefold()
    with reading(office.desk.record) as connection:
        assert verify(connection).broken is None


def test_a_hand_without_the_case_does_nothing(office: Office, grave: str, once) -> None:
    with pytest.raises(Refused, match="no such case"):
        name(office, grave, PIA, PartyRole.WITNESS, "Wim", WITNESS, once())
    with reading(office.desk.record) as connection, pytest.raises(Refused):
        require(connection, grave, office.viewer(PIA), Action.PARTY)
    assert isinstance(office.hand(PIA), Hand)
