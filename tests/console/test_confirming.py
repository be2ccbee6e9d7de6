"""Who asks for a change is confirmed before it is done: by their own mail, or another way, with a reason."""

import pytest
from heedtest.offices import Office, once_in

from cases.model.acts import UNCONFIRMED
from cases.model.words import Channel
from gateway.inbox.envelope import Delivery
from webforms.payload import Filled, encode

PIA = "pia@acme.example"


@pytest.fixture
def change(office: Office) -> str:
    fields = {"kind": "bank", "confirm_first": "yes"}
    filled = Filled("data", "en", "My salary goes to another bank", name="Sam", email="sam@acme.example", fields=fields)
    return office.deliver(Delivery(Channel.FORM, encode(filled)))


def test_an_unconfirmed_change_is_not_done_and_other_outcomes_stay_open(office: Office, change: str) -> None:
    assert UNCONFIRMED in office.row(change).tags
    pia = office.sign_in(PIA)
    assert "Change nothing before that" in pia.case(change)
    assert pia.reply(change, "We are looking at it.").status_code == 303
    refused = pia.post(f"/cases/{change}/close", outcome="done")
    assert refused.status_code == 409
    assert "its sender confirmed" in refused.text
    assert pia.post(f"/cases/{change}/status", status="resolved").status_code in {400, 403, 409}
    assert office.row(change).status != "resolved"
    assert pia.post(f"/cases/{change}/close", outcome="declined").status_code == 303


def test_staff_confirm_another_way_with_a_reason_that_stays(office: Office, change: str) -> None:
    pia = office.sign_in(PIA)
    once = once_in(pia.case(change), "confirm")
    assert pia.post(f"/cases/{change}/confirm", once=once, reason=" ").status_code == 409
    assert UNCONFIRMED in office.row(change).tags
    said = "Called the number in the payroll file."
    assert pia.post(f"/cases/{change}/confirm", once=once, reason=said).status_code == 303
    assert UNCONFIRMED not in office.row(change).tags
    assert said in pia.case(change)
    ((verb, actor, data),) = [one for one in office.events(change) if one[0] == "sender.confirmed"]
    assert actor == PIA
    assert said not in str(data)
    assert pia.post(f"/cases/{change}/close", outcome="done").status_code == 303
    assert verb
