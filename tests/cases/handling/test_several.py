"""More than one case: links, merges and splits keep both histories and cross no access; a hand-over ends it at once."""

import re
from datetime import timedelta

import pytest
from heedtest.offices import PEPPER, Office

from cases.access.policy import Action
from cases.audit.verifying import verify
from cases.errors import Refused
from cases.handling.handing_over import Inside, hand_over, handed_over
from cases.handling.parties import NewParty, add_party, write_to_party
from cases.handling.several.linking import link
from cases.handling.several.merging import merge
from cases.handling.several.splitting import split
from cases.handling.speaking import Answer, add_note, reply
from cases.handling.words import Words
from cases.keys.links import receipt_reader
from cases.model.codes import read_receipt
from cases.model.words import PartyRole, Status
from cases.store import tables
from cases.store.dossier import Dossier, open_dossier
from cases.store.engine import reading, writing
from cases.store.links import find_by_link
from cases.store.sight import find_case, require
from cases.store.tick import take_steps, tick

ERIN, ELI, LENA, GUS, PIA, OMAR, FAY = (
    f"{name}@acme.example" for name in ("erin", "eli", "lena", "gus", "pia", "omar", "fay")
)
LEVELS = ("low", "moderate", "high", "critical")


def do(office: Office, act, *rest, **named):
    with writing(office.desk.record) as connection:
        return act(connection, *rest, **named)


def opened(office: Office, reference: str, by: str) -> Dossier:
    return do(
        office, open_dossier, reference, office.viewer(by), office.vault(by), office.desk.service, office.clock[0]
    )


def said(office: Office, reference: str, by: str) -> list[str]:
    return [one.said.new_text for one in opened(office, reference, by).entries if one.said]


@pytest.fixture
def payslip(office: Office) -> str:
    return office.mail("sam@acme.example", "My payslip", "The overtime is missing")


@pytest.fixture
def grave(office: Office) -> str:
    return office.mail("ben@acme.example", "Please help", "They harass me")


def test_a_link_shows_only_to_who_sees_both(office: Office, payslip: str, grave: str) -> None:
    do(office, link, payslip, grave, office.hand(LENA))
    assert [one.reference for one in opened(office, payslip, LENA).work.links] == [grave]
    assert opened(office, payslip, PIA).work.links == ()
    page = office.sign_in(PIA).case(payslip)
    assert grave not in page
    assert "linked this case" not in page


def test_what_one_does_not_see_is_neither_linked_nor_merged(office: Office, payslip: str, grave: str) -> None:
    for act in (
        lambda c: link(c, payslip, grave, office.hand(PIA)),
        lambda c: merge(c, payslip, grave, office.hand(PIA), LEVELS),
        lambda c: merge(c, grave, payslip, office.hand(PIA), LEVELS),
    ):
        with pytest.raises(Refused, match="no such case"):
            do(office, act)
    answer = office.sign_in(PIA).post(f"/cases/{payslip}/merge", other=grave)
    other = office.sign_in(OMAR).post(f"/cases/{payslip}/merge", other="HR-0000-0000")
    assert (answer.status_code, other.status_code) == (409, 409)
    assert "no such case that you see" in answer.text
    assert "no such case that you see" in other.text


def test_after_a_merge_the_stricter_access_holds_and_answers_follow(office: Office, payslip: str, grave: str) -> None:
    office.pass_time(minutes=1)
    acknowledged = next(mail for mail in office.send() if mail.to == "sam@acme.example")
    token = re.search(rb"hr\+[a-z2-7]{37}@acme\.example", acknowledged.content)
    assert token
    do(office, merge, payslip, grave, office.hand(LENA), LEVELS)
    row = office.row(payslip)
    assert (row.status, row.merged_into, row.access) == ("merged", office.row(grave).id, "restricted")
    with reading(office.desk.record) as connection:
        assert find_case(connection, grave, office.viewer(PIA)) is None
    office.mail("sam@acme.example", "Re: My payslip", "One more week.", To=token[0].decode())
    assert said(office, payslip, LENA) == ["The overtime is missing"]
    entries = opened(office, grave, LENA).entries
    assert [one.said.new_text for one in entries if one.said] == ["They harass me", "One more week."]
    assert entries[-1].party, "another reporter's words are in a thread of their own"
    assert entries[-1].confirmed
    (seat,) = opened(office, grave, LENA).work.parties
    assert (seat.role, seat.address, seat.origin) == (PartyRole.COMPLAINANT, "sam@acme.example", row.id)


def test_tokens_of_a_party_follow_two_merges(office: Office, once) -> None:
    chain = [office.mail(f"{who}@acme.example", "Please help", f"They harass me, says {who}") for who in "abc"]
    wim = once()
    do(office, add_party, chain[0], office.hand(ERIN), NewParty(PartyRole.WITNESS, "Wim", "wim@acme.example", wim))
    do(office, write_to_party, chain[0], office.hand(ERIN), wim, Words("What did you see?", once()))
    mail = next(one for one in office.send() if one.to == "wim@acme.example")
    do(office, merge, chain[0], chain[1], office.hand(LENA), LEVELS)
    do(office, merge, chain[1], chain[2], office.hand(LENA), LEVELS)
    office.mail("wim@acme.example", "Re:", "All of it.", In_Reply_To=f"<{mail.message_id}>")
    last = opened(office, chain[2], LENA)
    entry = last.entries[-1]
    assert entry.said is not None
    assert (entry.said.new_text, entry.confirmed) == ("All of it.", True)
    assert {one.id: one.name for one in last.work.parties}[entry.party] == "Wim"


def test_the_same_reporter_keeps_one_thread(office: Office) -> None:
    first = office.mail("ben@acme.example", "Please help", "They harass me")
    second = office.mail("ben@acme.example", "Once more", "They harass me again")
    do(office, merge, second, first, office.hand(LENA), LEVELS)
    assert opened(office, first, LENA).work.parties == ()


def test_a_sealed_case_never_joins_one_that_is_not(office: Office, payslip: str) -> None:
    sealed, _ = office.anonymous("Something is wrong in the accounts")
    both = office.hand(FAY)
    own = office.mail("kim@acme.example", "Question", "Where do I park?")
    with pytest.raises(Refused, match="never merged into one that is not"):
        do(office, merge, sealed, own, both, LEVELS)
    do(office, merge, own, sealed, both, LEVELS)
    assert office.row(sealed).access == "sealed"
    assert office.row(own).access == "restricted"
    assert payslip


def test_who_is_kept_away_from_one_is_kept_away_from_both(office: Office, grave: str) -> None:
    about_erin = office.mail("tom@acme.example", "Please help", "They harass me, Erin does")
    do(office, merge, about_erin, grave, office.hand(LENA), LEVELS)
    with reading(office.desk.record) as connection:
        assert find_case(connection, grave, office.viewer(ERIN)) is None
    assert office.row(grave).owner == ELI


def test_a_sealed_case_that_takes_in_who_two_are_kept_from_turns_its_key_once_and_is_read_on(office: Office) -> None:
    sealed, _ = office.anonymous("The books are cooked.")
    own = office.mail("kim@acme.example", "Question", "Where do I park?")
    with writing(office.desk.record) as connection:
        kept_from = [{"case_id": office.row(own).id, "person": one, "reason": "named"} for one in (ERIN, ELI)]
        connection.execute(tables.exclusion.insert(), kept_from)
    do(office, merge, own, sealed, office.hand(FAY), LEVELS)
    assert office.row(sealed).epoch == 2
    do(office, add_note, sealed, office.hand(GUS), "Said after the merge.", office.desk.random_bytes(16).hex())
    for reader in (GUS, FAY):
        assert said(office, sealed, reader)[-1] == "Said after the merge."
    assert [verb for verb, _, _ in office.events(sealed)].count("people.excluded") == 1


def test_a_closed_case_takes_in_no_other_and_nothing_of_a_refused_merge_stays(
    office: Office, payslip: str, grave: str
) -> None:
    with office.desk.record.begin() as connection:
        connection.exec_driver_sql(f"UPDATE case_file SET status = 'closed' WHERE reference = '{grave}'")
    with pytest.raises(Refused, match="open it again first"):
        do(office, merge, payslip, grave, office.hand(LENA), LEVELS)
    assert office.row(payslip).access == "managed"


def test_a_split_begins_another_case_with_a_key_of_its_own(office: Office, grave: str) -> None:
    reply_to = f"<{abs(hash(('ben@acme.example', 'Please help', 'They harass me')))}@mail.acme.example>"
    office.mail("ben@acme.example", "Re: Please help", "And my payslip is wrong.", In_Reply_To=reply_to)
    made = do(office, split, grave, office.hand(ERIN), [2])
    assert said(office, made, ERIN) == ["And my payslip is wrong."]
    assert said(office, grave, ERIN) == ["They harass me", "And my payslip is wrong."]
    old, new = office.row(grave), office.row(made)
    assert (new.access, new.owner, new.category, new.team) == (old.access, old.owner, old.category, old.team)
    assert new.public_key != old.public_key
    assert not any(one.altered for one in opened(office, made, ERIN).entries)
    browser = office.sign_in(ERIN)
    assert made in browser.case(grave)
    assert browser.reply(made, "Which month?").status_code == 303
    assert [mail.to for mail in office.send() if b"Which month?" in mail.content] == ["ben@acme.example"]
    with reading(office.desk.record) as connection:
        assert find_case(connection, made, office.viewer(PIA)) is None
        assert verify(connection).broken is None


def test_a_split_case_escalates_as_the_one_it_was_split_from(office: Office, grave: str) -> None:
    resolve = office.deadline(grave, "resolve")
    with writing(office.desk.record) as connection:
        steps = {"held": resolve.due_at, "waiting": resolve.due_at, "fired": office.clock[0]}
        rows = [
            {
                "id": f"{n:032x}",
                "case_id": resolve.case_id,
                "clock_id": resolve.id,
                "number": n,
                "at": at,
                "state": state,
            }
            for n, (state, at) in enumerate(steps.items())
        ]
        connection.execute(tables.rung.insert(), [{**row, "escalate_to": "team_lead"} for row in rows])
    made = do(office, split, grave, office.hand(ERIN), [1])
    due = resolve.due_at + timedelta(minutes=1)
    assert do(office, take_steps, due) == 2, "one of each case: what was taken is not taken again"
    with reading(office.desk.record) as connection:
        steps = tables.rung.select().where(tables.rung.c.case_id == office.row(made).id).order_by(tables.rung.c.number)
        rows = connection.execute(steps).all()
    assert [row.state for row in rows] == ["held", "fired", "fired"]
    assert {row.clock_id for row in rows} == {office.deadline(made, "resolve").id}


def test_a_deadline_that_was_missed_waits_in_a_split_case_too(office: Office, grave: str) -> None:
    office.pass_time(days=3)
    do(office, tick, office.clock[0])
    assert office.clocks(grave)["first_response"] == "missed"
    made = do(office, split, grave, office.hand(ERIN), [1])
    assert office.clocks(made)["first_response"] == "missed"


def test_what_waited_for_the_employee_runs_on_in_a_split_case(office: Office, grave: str) -> None:
    do(office, reply, grave, office.hand(ERIN), Answer(Words("When?", "c" * 32), status=Status.WAITING_FOR_EMPLOYEE))
    with writing(office.desk.record) as connection:
        paused = tables.clock.update().where(tables.clock.c.kind == "resolve")
        connection.execute(paused.values(state="paused", pause_while="waiting_for_employee", paused_at=office.clock[0]))
    made = do(office, split, grave, office.hand(ERIN), [1])
    assert (office.row(made).status, office.clocks(made)["resolve"]) == ("assigned", "running")


def test_a_sealed_case_is_split_for_its_readers_and_the_receipt_goes_on_opening_the_first(office: Office) -> None:
    reference, receipt = office.anonymous("The books are cooked.", ("ledger.txt", b"a" * 400_000))
    made = do(office, split, reference, office.hand(GUS), [1])
    assert said(office, made, GUS) == ["The books are cooked."]
    browser = office.sign_in(GUS)
    assert browser.get(f"/cases/{made}/files/1/0?as_sent=yes").data == b"a" * 400_000
    with reading(office.desk.record) as connection:
        found = find_by_link(connection, receipt_reader(read_receipt(receipt), PEPPER))
        assert find_case(connection, made, office.viewer(LENA)) is None
    assert found is not None
    assert found.reference == reference


def test_what_a_witness_said_is_not_split_off(office: Office, grave: str, once) -> None:
    wim = once()
    do(office, add_party, grave, office.hand(ERIN), NewParty(PartyRole.WITNESS, "Wim", "wim@acme.example", wim))
    do(office, write_to_party, grave, office.hand(ERIN), wim, Words("What did you see?", once()))
    for numbers, words in (([1, 2], "stays in their thread"), ([], "at least one message"), ([99], "at least one")):
        with pytest.raises(Refused, match=words):
            do(office, split, grave, office.hand(ERIN), numbers)


def test_a_hand_over_ends_the_providers_access_and_leaves_a_line(office: Office, payslip: str) -> None:
    provider, inside = [PIA.upper(), OMAR], Inside("er", ("nobody@acme.example", ERIN, ELI))
    do(office, hand_over, payslip, office.hand(PIA), provider, inside)
    row = office.row(payslip)
    assert (row.team, row.owner, row.backup) == ("er", ERIN, ELI)
    office.pass_time(minutes=1)
    assert not [mail for mail in office.send() if mail.to in {PIA, OMAR}]
    for address in (PIA, OMAR):
        with reading(office.desk.record) as connection:
            assert find_case(connection, payslip, office.viewer(address)) is None
            with pytest.raises(Refused):  # what their later replies by mail are asked
                require(connection, payslip, office.viewer(address), Action.REPLY)
            assert [one.reference for one in handed_over(connection, office.viewer(address))] == [payslip]
    browser = office.sign_in(PIA)
    assert browser.get(f"/cases/{payslip}").status_code == 404
    line = browser.get("/actions").text
    assert payslip in line
    assert "overtime" not in line
    assert "Erin" not in line


def test_a_case_of_the_house_is_handed_over_to_nobody(office: Office, payslip: str) -> None:
    with pytest.raises(Refused, match="with no provider"):
        do(office, hand_over, payslip, office.hand(PIA), [], Inside("er", ()))
    assert office.sign_in(PIA).post(f"/cases/{payslip}/hand-over").status_code == 409
