"""Evidence, findings, decision, root cause, actions, steps, holds: added and never lost, altered words found."""

from datetime import date
from hashlib import sha256

import pytest
from heedtest.offices import Office

from cases.audit.verifying import verify
from cases.errors import Refused
from cases.handling import holding, moving
from cases.handling.inquiry import actions, conclusions, evidence, steps
from cases.handling.parties import NewParty, add_party
from cases.keys.sealing import Place, seal
from cases.model.demands import Demands, Need
from cases.model.lifecycle import MOVES, Outcome, may_move
from cases.model.words import PartyRole, Status
from cases.model.work import ActionState, ConclusionKind, Result, RootCause
from cases.store import files, tables
from cases.store.codec import StoredWords, to_bytes
from cases.store.dossier import Dossier, open_dossier
from cases.store.engine import reading, writing
from cases.store.open_actions import open_actions

ERIN, ELI, LENA, PIA = (f"{name}@acme.example" for name in ("erin", "eli", "lena", "pia"))
GRAVE = Demands(
    steps=("Hear both", "Write it up"),
    close_needs=frozenset({Need.PARTIES, Need.FINDINGS, Need.DECISION, Need.ROOT_CAUSE}),
)


@pytest.fixture
def grave(office: Office) -> str:
    return office.mail("ben@acme.example", "Please help", "They harass me")


def do(office: Office, act, *rest, **named):
    with writing(office.desk.record) as connection:
        return act(connection, *rest, **named)


def opened(office: Office, reference: str, by: str = ERIN) -> Dossier:
    return do(
        office, open_dossier, reference, office.viewer(by), office.vault(by), office.desk.service, office.clock[0]
    )


def test_a_grave_case_closes_only_when_all_is_there_and_says_what_is_not(office: Office, grave: str, once) -> None:
    erin, lena = office.hand(ERIN), office.hand(LENA)
    with pytest.raises(Refused, match=r"a party.*root cause.*findings.*a decision.*2 of 2 steps"):
        do(office, moving.close, grave, erin, Outcome.SUBSTANTIATED, GRAVE)
    do(office, add_party, grave, erin, NewParty(PartyRole.RESPONDENT, "Rex", "rex@acme.example", once()))
    do(office, conclusions.add_finding, grave, erin, "He shouted.", once())
    do(office, conclusions.set_root_cause, grave, erin, RootCause.LEADERSHIP, "Nobody trained him.", once())
    do(office, steps.finish_step, grave, erin, "Hear both", GRAVE)
    with pytest.raises(Refused, match="reason for skipping"):
        do(office, steps.skip_steps, grave, erin, ["Write it up"], "  ", GRAVE)
    do(office, steps.skip_steps, grave, erin, ["Write it up"], "It is short.", GRAVE)
    with pytest.raises(Refused, match="whoever investigated"):
        do(office, conclusions.decide, grave, erin, Result.SUBSTANTIATED, "Because.", once(), GRAVE)
    do(office, conclusions.decide, grave, lena, Result.SUBSTANTIATED, "Because.", once(), GRAVE)
    do(office, moving.close, grave, erin, Outcome.SUBSTANTIATED, GRAVE)
    assert office.row(grave).status == "closed"
    skipped = [data for verb, _, data in office.events(grave) if verb == "step.skipped"]
    assert skipped[0]["words"] == "Write it up"
    assert "short" not in str(office.events(grave))


@pytest.mark.parametrize("now", list(Status))
def test_in_every_status_each_move_is_made_or_refused_as_the_table_says(
    office: Office, grave: str, once, now: Status
) -> None:
    acts = {
        Status.CLOSED: lambda c: moving.close(c, grave, office.hand(ERIN), Outcome.DONE, Demands()),
        Status.WITHDRAWN: lambda c: moving.withdraw(c, grave, office.hand(ERIN), "She says so", once(), Demands()),
        Status.REOPENED: lambda c: moving.reopen(c, grave, office.hand(ERIN)),
        **{
            to: lambda c, to=to: moving.move(c, grave, office.hand(ERIN), to)
            for to in (*(one for one in Status if "ing" in one.value), Status.IN_PROGRESS, Status.RESOLVED)
        },
    }
    for to, act in acts.items():
        with office.desk.record.begin() as connection:
            connection.execute(tables.case.update().values(status=now.value))
        if may_move(now, to):
            do(office, act)
            assert office.row(grave).status == to.value
        else:
            with pytest.raises(Refused):
                do(office, act)
            assert office.row(grave).status == now.value
    assert set(acts) <= set(MOVES)


def test_the_owner_alone_does_not_withdraw_a_grave_case(office: Office, grave: str, once) -> None:
    with pytest.raises(Refused, match="second person"):
        do(office, moving.withdraw, grave, office.hand(ERIN), "She takes it back", once(), GRAVE)
    do(office, moving.withdraw, grave, office.hand(LENA), "She takes it back", once(), GRAVE)
    row = office.row(grave)
    assert (row.status, row.closed_at is None) == ("withdrawn", False)
    assert [one.said.new_text for one in opened(office, grave).entries if one.said][-1] == "She takes it back"


def test_a_file_in_evidence_keeps_its_hash_and_bytes_and_a_message_is_evidence_too(
    office: Office, grave: str, once
) -> None:
    content = b"%PDF marked-evidence " * 1000
    stored = files.store(files.DatabasePieces(office.desk.record), 0, [content], office.clock[0])
    upload = evidence.Upload("chat.pdf", "application/pdf", sha256(content).hexdigest(), stored)
    form = once()
    for _ in range(2):
        do(office, evidence.add_upload, grave, office.hand(ERIN), upload, "The chat", form)
    do(office, evidence.add_message, grave, office.hand(ELI), 1, evidence.WORDS, "Her own words", once())
    first, second = opened(office, grave).work.evidence
    assert (first.number, first.sha256, first.author) == (1, sha256(content).hexdigest(), ERIN)
    assert (second.number, second.message, second.author) == (2, 1, ELI)
    assert not first.altered
    assert not second.altered
    with pytest.raises(Refused, match="no such message"):
        do(office, evidence.add_message, grave, office.hand(ERIN), 99, evidence.WORDS, "x", once())
    browser = office.sign_in(ERIN)
    assert browser.get(f"/cases/{grave}/files/{first.message}/{first.file}").data == content
    raw = b"".join(path.read_bytes() for path in office.home.glob("record.db*"))
    assert b"marked-evidence" not in raw


def test_words_put_in_place_of_others_are_found(office: Office, grave: str, once) -> None:
    finding, note = once(), once()
    do(office, conclusions.add_finding, grave, office.hand(ERIN), "He shouted.", finding)
    assert not opened(office, grave).work.conclusions[0].altered
    row = office.row(grave)
    forged = to_bytes(StoredWords("He was kind.", "0" * 32))
    with office.desk.record.begin() as connection:  # anybody can seal to a public key
        place = Place("conclusion", finding, "content")
        connection.execute(tables.conclusion.update().values(content=seal(row.public_key, forged, place)))
        slipped = {**connection.execute(tables.conclusion.select()).one()._mapping, "id": note, "number": 2}
        place = Place("conclusion", note, "content")
        connection.execute(
            tables.conclusion.insert().values(**{**slipped, "content": seal(row.public_key, forged, place)})
        )
    altered = opened(office, grave).work.conclusions
    assert [one.altered for one in altered] == [True, True]
    assert "Not what the trail says" in office.sign_in(ERIN).get(f"/cases/{grave}/inquiry").text


def test_actions_have_owners_who_see_the_case_and_are_listed_for_them(office: Office, grave: str, once) -> None:
    hand, eli = office.hand(ERIN), office.person(ELI)
    new = actions.NewAction("Coach the lead", eli, date(2026, 12, 1), once())
    do(office, actions.add_action, grave, hand, new)
    with pytest.raises(Refused, match="does not see this case"):
        do(office, actions.add_action, grave, hand, actions.NewAction("x", office.person(PIA), None, once()))
    with pytest.raises(Refused, match="gone by"):
        do(office, actions.add_action, grave, hand, actions.NewAction("x", eli, date(2026, 1, 1), once()))
    with reading(office.desk.record) as connection:
        assert [one.reference for one in open_actions(connection, office.viewer(ELI))] == [grave]
        assert open_actions(connection, office.viewer(PIA)) == []
    do(office, actions.end_action, grave, office.hand(ELI), new.once, ActionState.DONE)
    with reading(office.desk.record) as connection:
        assert open_actions(connection, office.viewer(ELI)) == []
    (item,) = opened(office, grave).work.actions
    assert (item.text, item.state, item.ended_by) == ("Coach the lead", ActionState.DONE, ELI)


def test_a_hold_is_lifted_by_two(office: Office, grave: str) -> None:
    lena, erin = office.hand(LENA), office.hand(ERIN)
    do(office, holding.set_hold, grave, lena, "A claim is announced")
    assert office.row(grave).legal_hold
    with pytest.raises(Refused, match="asks for it"):
        do(office, holding.lift, grave, erin)
    do(office, holding.ask_to_lift, grave, lena, "The claim was withdrawn")
    with pytest.raises(Refused, match="second person"):
        do(office, holding.lift, grave, lena)
    do(office, holding.lift, grave, erin)
    assert not office.row(grave).legal_hold
    (hold,) = opened(office, grave).work.holds
    assert (hold.reason, hold.asked_reason, hold.lifted_by) == (
        "A claim is announced", "The claim was withdrawn", ERIN,
    )  # fmt: skip
    assert "claim" not in str(office.events(grave))


def test_the_score_follows_what_is_recorded(office: Office, grave: str, once) -> None:
    assert office.row(grave).completeness == 33
    do(office, add_party, grave, office.hand(ERIN), NewParty(PartyRole.WITNESS, "Wim", "", once()))
    do(office, actions.add_action, grave, office.hand(ERIN), actions.NewAction("x", office.person(ERIN), None, once()))
    assert office.row(grave).completeness == 67
    do(office, moving.close, grave, office.hand(ERIN), Outcome.DONE, Demands())
    assert office.row(grave).completeness == 100
    with reading(office.desk.record) as connection:
        assert verify(connection).broken is None
    assert ConclusionKind.FINDING.value == "finding"
