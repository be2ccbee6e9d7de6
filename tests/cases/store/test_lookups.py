"""What triage asks of the record: history by sender and by party, in triage and when rules are tried."""

from dataclasses import replace
from datetime import timedelta

from heedtest.offices import Office

from cases.handling.parties import NewParty, add_party
from cases.model.context import Alike
from cases.model.words import PartyRole
from cases.store.engine import reading, writing
from cases.store.lookups import RecordLookups
from gateway.rulesets.earlier import earlier_cases

LENA, REX = "lena@acme.example", "rex@acme.example"


def test_cases_about_the_same_party_are_counted_in_triage_and_in_trials(office: Office) -> None:
    for number in range(3):
        reference = office.mail(f"s{number}@acme.example", "Please help", f"They harass me, {number}")
        party = NewParty(PartyRole.RESPONDENT, "Rex", "Rex@acme.example", office.desk.random_bytes(16).hex())
        if number:
            with writing(office.desk.record) as connection:
                add_party(connection, reference, office.hand(LENA), party)
    nine = Alike((), timedelta(days=9), category="harassment", team="er")
    with reading(office.desk.record) as connection:
        lookups = RecordLookups(connection, office.desk.index, office.clock[0])
        trial = earlier_cases(connection, office.desk.index, office.clock[0] - timedelta(days=9))
        trial.now = office.clock[0] + timedelta(seconds=1)
        for history in (lookups, trial):
            counts = [
                history.count(replace(nine, same=names, party=party))
                for names, party in (
                    (("party",), REX),
                    (("party", "category"), REX),
                    (("party",), LENA),
                    (("party",), ""),
                )
            ]
            assert counts == [2, 2, 0, 0]
        assert lookups.count(replace(nine, same=("category",))) == 3
