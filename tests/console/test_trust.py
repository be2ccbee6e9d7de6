"""What takes two, and what lies apart: roles, resets, identities, access; each through the pages that people use."""

import json
import re
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from heedtest.offices import FIRST, PEPPER, Browser, Office, token_in
from sqlalchemy import select

from cases.access.identity import asking, ending
from cases.access.staffing import add, wish_roles
from cases.errors import Refused
from cases.handling.parties import NewParty, add_party
from cases.handling.speaking import add_note
from cases.keys import recovery, resets, wraps
from cases.keys.links import receipt_reader
from cases.keys.sealing import KeyPair
from cases.leaving import welcome_back
from cases.model.codes import new_receipt, read_receipt
from cases.model.words import Channel, Compartment, PartyRole
from cases.store import rulesets, tables
from cases.store.dossier import open_dossier
from cases.store.engine import reading, writing
from cases.store.key_tables import identity as identity_table
from cases.store.key_tables import identity_request
from gateway.inbox.envelope import Delivery
from rules import load

ADA, LENA, PIA, GUS, ERIN, CUS = (f"{one}@acme.example" for one in ("ada", "lena", "pia", "gus", "erin", "cus"))
SECRET = "Wilhelmina Quagmire"


def act(browser: Browser, office: Office, address: str, what: str, **data: object) -> object:
    return browser.post(f"/people/{office.ids[address]}/{what}", **data)


def pending(browser: Browser) -> str:
    found = re.search(r'action="/approvals/([0-9a-f]{32})"', browser.get("/approvals").text)
    return found[1] if found else ""


def roles(office: Office, address: str) -> set[str]:
    return set(office.person(address).roles)


def named_report(office: Office) -> str:
    """A confidential report: anonymous words, and a name for the custodians alone."""
    reader = receipt_reader(read_receipt(new_receipt(lambda bits: (1 << bits) - 3)), PEPPER)
    public = b64encode(reader.keys.public).decode()
    payload = {
        "form": "anonymous",
        "text": "The books are cooked.",
        "identity": {"name": SECRET, "contact": "room 12"},
        "reader": {"kind": reader.kind, "lookup": reader.lookup, "public": public},
    }
    return office.deliver(Delivery(Channel.ANONYMOUS, json.dumps(payload).encode()))


def test_a_role_that_reads_cases_waits_for_a_second_person(office: Office) -> None:
    ada, lena = office.sign_in(ADA), office.sign_in(LENA)
    act(ada, office, "aud@acme.example", "roles", roles=["auditor", "handler", "hr_ops"])
    assert roles(office, "aud@acme.example") == {"auditor", "hr_ops"}
    mine = pending(ada)
    assert ada.post(f"/approvals/{mine}", do="agree").status_code == 409
    assert lena.post(f"/approvals/{mine}", do="agree").status_code == 303
    assert roles(office, "aud@acme.example") == {"auditor", "handler", "hr_ops"}
    assert lena.post(f"/approvals/{mine}", do="agree").status_code == 409  # once


def test_nobody_agrees_about_themselves_or_by_a_second_account(office: Office) -> None:
    ada, lena = office.sign_in(ADA), office.sign_in(LENA)
    assert act(ada, office, ADA, "roles", roles=["administrator", "handler"]).status_code == 409  # type: ignore[attr-defined]
    act(ada, office, LENA, "roles", roles=["lead", "custodian"])
    assert lena.post(f"/approvals/{pending(lena)}", do="agree").status_code == 409
    ada.post("/people", name="Ada again", address="ada2@acme.example", roles=["administrator"])
    assert roles(office, "ada2@acme.example") == set()


def test_sending_the_others_away_makes_nobody_the_only_one(office: Office) -> None:
    ada = office.sign_in(ADA)
    office.sign_in(LENA)
    assert act(ada, office, LENA, "leave").status_code == 303  # type: ignore[attr-defined]
    act(ada, office, "aud@acme.example", "roles", roles=["auditor", "handler"])
    assert roles(office, "aud@acme.example") == {"auditor"}


def test_a_reset_takes_two_halves_ends_sessions_and_loses_what_only_the_vault_opened(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    ada, lena, gus = office.sign_in(ADA), office.sign_in(LENA), office.sign_in(GUS)
    assert gus.get(f"/cases/{reference}").status_code == 200
    first = act(ada, office, GUS, "reset").text  # type: ignore[attr-defined]
    assert gus.get(f"/cases/{reference}").status_code == 200  # one person alone changes nothing
    second = lena.post(f"/approvals/{pending(lena)}", do="agree").text
    halves = [re.search(r'class="mono key card">([^<]+)<', page)[1] for page in (first, second)]  # type: ignore[index]
    assert gus.get("/cases").location == "/sign-in"
    browser, page = office.browser(), office.browser().get("/sign-in")
    for typed, status in ((halves[0], 422), (halves[1], 422), ("-".join(halves), 303)):
        browser = office.browser()
        page = browser.get("/sign-in")
        data = {"address": GUS, "password": typed, "csrf_token": token_in(page)}
        assert browser.client.post("/sign-in", data=data).status_code == status
    with reading(office.desk.record) as connection:
        kinds = connection.execute(
            select(tables.wrap.c.reader_kind).where(tables.wrap.c.reader == office.ids[GUS])
        ).scalars()
        assert set(kinds) == {wraps.LOST}


def test_colleagues_who_hold_the_same_keys_give_them_back(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    gus, erin = office.sign_in(GUS), office.sign_in(ERIN)
    gus.post(f"/cases/{reference}/assign", person=office.ids[ERIN])
    with writing(office.desk.record) as connection:
        resets.reset(connection, office.person(GUS), FIRST.format(GUS), by=LENA, now=office.clock[0])
    assert "1 key that you hold as well" in erin.get("/keys").text
    assert erin.post(f"/keys/{office.ids[GUS]}").status_code == 303
    again = office.sign_in(GUS)
    assert "The books are cooked." in again.case(reference)
    assert erin.post(f"/keys/{office.ids[GUS]}").status_code == 409


@pytest.mark.parametrize("named", [PIA, GUS])
def test_what_was_sealed_to_a_new_key_meanwhile_comes_back_too_but_not_to_who_is_a_party(
    office: Office, named: str
) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    office.sign_in(GUS).post(f"/cases/{reference}/assign", person=office.ids[ERIN])
    with writing(office.desk.record) as connection:
        resets.reset(connection, office.person(GUS), FIRST.format(GUS), by=LENA, now=office.clock[0])
        add_party(connection, reference, office.hand(ERIN), NewParty(PartyRole.WITNESS, named, named, "a" * 32))
        add_note(connection, reference, office.hand(ERIN), "Said under the second key.", "b" * 32)
    given = office.sign_in(ERIN).post(f"/keys/{office.ids[GUS]}").status_code
    again = office.sign_in(GUS)
    if named == PIA:
        assert given == 303
        page = again.case(reference)
        assert "The books are cooked." in page
        assert "Said under the second key." in page
    else:
        assert given == 409
        assert again.get(f"/cases/{reference}").status_code == 404


def test_the_recovery_key_gives_back_what_nobody_else_could(office: Office) -> None:
    spare = KeyPair.generate()
    with writing(office.desk.record) as connection:
        recovery.enrol(connection, spare, "shell", office.clock[0])
    reference, _ = office.anonymous("The books are cooked.")
    with writing(office.desk.record) as connection:
        lost = resets.reset(connection, office.person(GUS), FIRST.format(GUS), by=LENA, now=office.clock[0])
        assert lost == 1
    with writing(office.desk.record) as connection:
        typed = recovery.read(recovery.written(spare.private).lower().replace("-", " "))
        with pytest.raises(Refused, match="none of this deployment"):
            resets.recover(connection, KeyPair.generate(), office.person(GUS), "shell", office.clock[0])
        assert resets.recover(connection, typed, office.person(GUS), "shell", office.clock[0]) == 1
    assert "The books are cooked." in office.sign_in(GUS).case(reference)


def test_whoever_leaves_loses_every_key_but_the_last_one(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    gus, ada = office.sign_in(GUS), office.sign_in(ADA)
    gus.post(f"/cases/{reference}/assign", person=office.ids[ERIN])
    assert act(ada, office, ERIN, "leave").status_code == 303  # type: ignore[attr-defined]
    with reading(office.desk.record) as connection:
        held = connection.execute(select(tables.wrap.c.case_id).where(tables.wrap.c.reader == office.ids[ERIN])).all()
    assert held == []
    assert office.row(reference).owner != ERIN


def test_whoever_left_with_the_last_key_comes_back_to_it_when_a_second_person_agrees(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    ada, lena = office.sign_in(ADA), office.sign_in(LENA)
    vault = office.vault(GUS)
    with writing(office.desk.record) as connection:
        wraps.destroy(
            connection, [office.ids[one] for one in office.ids if one != GUS], case_id=office.row(reference).id
        )
    act(ada, office, GUS, "leave")
    with writing(office.desk.record) as connection:
        assert welcome_back(connection, GUS, by=ADA, now=office.clock[0])
    assert roles(office, GUS) == set()
    read = (reference, office.viewer(GUS), vault, office.desk.service, office.clock[0])
    with pytest.raises(Refused, match="no such case"), writing(office.desk.record) as connection:
        open_dossier(connection, *read)
    assert lena.post(f"/approvals/{pending(lena)}", do="agree").status_code == 303
    assert "The books are cooked." in office.sign_in(GUS).case(reference)


def test_an_identity_is_asked_for_granted_to_one_for_a_while_and_gone_after(office: Office) -> None:
    reference = named_report(office)
    gus, cus = office.sign_in(GUS), office.sign_in(CUS)
    assert SECRET not in gus.case(reference)
    page = gus.get(f"/cases/{reference}/identity").text
    assert SECRET not in page
    assert gus.post(f"/cases/{reference}/identity", reason="").status_code == 409
    assert gus.post(f"/cases/{reference}/identity", reason="To ask a witness.").status_code == 303
    wishes = cus.get("/identities").text
    assert "To ask a witness." in wishes
    assert cus.get(f"/cases/{reference}").status_code == 404
    found = re.search(r'action="/identities/([0-9a-f]{32})"', wishes)
    assert found
    assert cus.post(f"/identities/{found[1]}", do="grant", days="3", reason="").status_code == 409
    assert cus.post(f"/identities/{found[1]}", do="grant", days="3", reason="A witness needs it.").status_code == 303
    assert SECRET in gus.get(f"/cases/{reference}/identity").text
    assert "identity.read" in [verb for verb, _, _ in office.events(reference)]
    vault = office.vault_of(gus)
    office.pass_time(days=3, minutes=1)
    with pytest.raises(Refused, match="no such case"), writing(office.desk.record) as connection:
        asking.look(connection, reference, office.viewer(GUS), vault, office.clock[0])
    with writing(office.desk.record) as connection:  # the tick
        assert ending.end_expired(connection, office.clock[0]) == 1
        assert ending.end_expired(connection, office.clock[0]) == 0
        held = wraps.of_epoch(connection, office.row(reference).id, 1, Compartment.IDENTITY)
    assert {row.reader_kind for row in held} == {wraps.CUSTODIAN}


def test_who_turns_out_to_be_a_party_is_granted_nothing_any_more(office: Office) -> None:
    """The wrap went at once; the grant stood in the custodians' list until its time was over."""
    reference = named_report(office)
    gus, cus = office.sign_in(GUS), office.sign_in(CUS)
    gus.post(f"/cases/{reference}/assign", person=office.ids[ERIN])
    gus.post(f"/cases/{reference}/identity", reason="To ask a witness.")
    found = re.search(r'action="/identities/([0-9a-f]{32})"', cus.get("/identities").text)
    assert found
    cus.post(f"/identities/{found[1]}", do="grant", days="3", reason="A witness needs it.")
    assert office.ids[GUS] in {row.reader for row in identity_wraps(office, reference)}
    with writing(office.desk.record) as connection:
        add_party(connection, reference, office.hand(ERIN), NewParty(PartyRole.RESPONDENT, "Gus", GUS, "a" * 32))
        assert connection.execute(select(identity_request.c.state)).scalars().all() == ["ended"]
    assert office.ids[GUS] not in {row.reader for row in identity_wraps(office, reference)}
    assert "identity.ended" in [verb for verb, _, _ in office.events(reference)]


def identity_wraps(office: Office, reference: str) -> list[Any]:
    with reading(office.desk.record) as connection:
        return wraps.of_epoch(connection, office.row(reference).id, 1, Compartment.IDENTITY)


def test_what_a_name_was_given_for_is_in_no_other_place(office: Office) -> None:
    reference = named_report(office)
    with reading(office.desk.record) as connection:
        assert connection.execute(select(identity_table)).one().sealed
    raw = b"".join(path.read_bytes() for path in office.home.rglob("*.db*"))
    assert SECRET.encode() not in raw
    gus = office.sign_in(GUS)
    assert SECRET not in gus.case(reference)
    with reading(office.desk.record) as connection:
        kinds = {
            row.reader_kind for row in wraps.of_epoch(connection, office.row(reference).id, 1, Compartment.IDENTITY)
        }
    assert kinds == {wraps.CUSTODIAN}


def test_a_name_moved_to_another_case_does_not_open(office: Office) -> None:
    from cases.keys.sealing import CannotOpen, Place, unseal

    reference = named_report(office)
    with reading(office.desk.record) as connection:
        row = connection.execute(select(identity_table)).one()
        keys = wraps.held_by(
            connection, wraps.CUSTODIAN, office.ids[CUS], office.vault(CUS), compartment=Compartment.IDENTITY
        )
    pair = KeyPair.of_private(keys[office.row(reference).id, 1])
    assert SECRET.encode() in unseal(pair, row.sealed, Place("identity", row.id, f"sealed/{row.case_id}"))
    for moved in (Place("identity", row.id, "sealed/other"), Place("identity", "other", f"sealed/{row.case_id}")):
        with pytest.raises(CannotOpen):
            unseal(pair, row.sealed, moved)


def test_raising_to_sealed_says_who_loses_sight_and_destroys_the_machines_key(office: Office) -> None:
    reference = office.mail("sam@acme.example", "Payslip", "Where is my payslip?")
    lena, tria = office.sign_in(LENA), office.sign_in("tria@acme.example")
    tria.case(reference)
    assert "Tria Sorensen" in lena.get(f"/cases/{reference}/access").text
    assert lena.post(f"/cases/{reference}/access", do="raise", to="sealed").status_code == 303
    assert tria.get(f"/cases/{reference}").status_code == 404
    assert "Where is my payslip?" in lena.case(reference)
    with reading(office.desk.record) as connection:
        kinds = connection.execute(
            select(tables.wrap.c.reader_kind).where(tables.wrap.c.case_id == office.row(reference).id)
        ).scalars()
        assert wraps.SERVICE not in set(kinds)
    assert office.row(reference).epoch == 2


def test_lowering_takes_a_reason_and_where_it_is_grave_a_second_person(office: Office) -> None:
    reference, _ = office.anonymous("The books are cooked.")
    gus, erin = office.sign_in(GUS), office.sign_in(ERIN)
    gus.post(f"/cases/{reference}/assign", person=office.ids[ERIN])
    with writing(office.desk.record) as connection:
        connection.execute(tables.case.update().values(risk="critical"))

    def lower(browser: Browser, reason: str) -> int:
        once = re.search(r'name="once" value="([0-9a-f]{32})"', browser.get(f"/cases/{reference}/access").text)
        assert once
        data = {"do": "lower", "to": "restricted", "reason": reason, "once": once[1]}
        return browser.post(f"/cases/{reference}/access", **data).status_code

    assert lower(gus, "It concerns a procedure alone.") == 303
    assert office.row(reference).access == "sealed"
    assert gus.post(f"/cases/{reference}/access", do="agree").status_code == 409
    assert erin.post(f"/cases/{reference}/access", do="agree").status_code == 303
    assert office.row(reference).access == "restricted"
    assert "The books are cooked." in office.sign_in(LENA).case(reference)


def test_a_training_that_runs_out_closes_sealed_cases_and_a_new_one_opens_them(office: Office) -> None:

    text = office.rules.replace("settings:\n", "settings:\n  training: {sealed: Whistleblowing}\n", 1)
    assert text != office.rules
    with writing(office.desk.record) as connection:
        rulesets.publish(connection, load(text).hash, text, by="test", reason="training", now=office.clock[0])
    reference, _ = office.anonymous("The books are cooked.")
    gus, ada = office.sign_in(GUS), office.sign_in(ADA)
    assert gus.get(f"/cases/{reference}").status_code == 404
    told = gus.get("/cases").text
    assert "no record that you took the training “Whistleblowing”" in told
    assert "sealed cases are closed to you" in told
    assert "Whistleblowing" not in ada.get("/people").text.partition("<form")[0], (
        "whose work is not on cases needs none"
    )
    today = office.clock[0].date()
    dates = {"completed": today.isoformat(), "expires": (today + timedelta(days=30)).isoformat()}
    act(ada, office, GUS, "training", course="whistleblowing", **dates)
    assert gus.get(f"/cases/{reference}").status_code == 200
    assert reference in gus.get("/cases").text
    assert "closed to you" not in gus.get("/cases").text
    office.pass_time(days=31)
    gus = office.again(gus, GUS)
    assert gus.get(f"/cases/{reference}").status_code == 404
    page = gus.get("/cases").text
    assert reference not in page
    assert f'ran out on <time datetime="{today + timedelta(days=30)}"' in page


def test_a_provider_sees_ordinary_cases_of_their_team_alone(office: Office) -> None:
    with writing(office.desk.record) as connection:
        changed = tables.person.update().where(tables.person.c.address == PIA)
        connection.execute(changed.values(roles="provider"))
    mine = office.mail("sam@acme.example", "Payslip", "Where is my payslip?")
    sealed, _ = office.anonymous("The books are cooked.")
    with writing(office.desk.record) as connection:
        theirs = tables.case.update().where(tables.case.c.reference == mine)
        team = next(name for name, members in office.viewer(PIA).teams.items() if PIA in members)
        connection.execute(theirs.values(team=team))
        connection.execute(tables.case.update().where(tables.case.c.reference == sealed).values(owner=PIA))
    pia = office.sign_in(PIA)
    assert pia.get(f"/cases/{mine}").status_code == 200
    assert pia.get(f"/cases/{sealed}").status_code == 404
    with writing(office.desk.record) as connection:
        connection.execute(
            tables.case.update().where(tables.case.c.reference == mine).values(access="restricted", owner=PIA)
        )
    assert pia.get(f"/cases/{mine}").status_code == 404
    assert mine not in pia.get("/cases").text


def test_nobody_of_another_organisation_sees_more_by_another_role(office: Office) -> None:
    """Neither who is listed in an outside team and was made a lead, nor an old row with both roles."""
    grave = office.mail("ben@acme.example", "Please help", "They harass me")
    ordinary = office.mail("sam@acme.example", "Payslip", "The overtime on my payslip is missing")
    pia = office.sign_in(PIA)

    def sees(roles: str) -> list[int]:
        with writing(office.desk.record) as connection:
            connection.execute(tables.person.update().where(tables.person.c.address == PIA).values(roles=roles))
        paths = (f"/cases/{grave}", f"/cases/{ordinary}", f"/cases/{ordinary}/export", "/approvals")
        return [pia.get(path).status_code for path in paths]

    assert sees("handler lead") == [200, 200, 200, 200]
    assert sees("provider lead") == [404, 200, 404, 404]
    text = office.rules.replace(
        "assign: first, calendar: office}",
        "assign: first, organisation: Outside, families: [administrative], hand_over: er}",
        1,
    )
    with writing(office.desk.record) as connection:
        rulesets.publish(connection, load(text).hash, text, by="test", reason="outside", now=office.clock[0])
    assert sees("handler lead") == [404, 200, 404, 404]
    with writing(office.desk.record) as connection, pytest.raises(Refused, match="that role and no other"):
        wish_roles(connection, office.person("omar@acme.example"), ("provider", "lead"), by=ADA, now=office.clock[0])


def test_a_role_named_twice_is_given_once(office: Office) -> None:
    """Else the page of people shows it twice, and so does the trail."""
    with writing(office.desk.record) as connection:
        about = {"person_id": "9" * 32, "address": "rita@acme.example", "name": "Rita", "password": "a first password"}
        add(connection, **about, roles=("hr_ops", "hr_ops"), by=ADA, now=office.clock[0])
    assert office.person("rita@acme.example").roles == ("hr_ops",)
