"""The intake API: tokens with scopes, idempotency, the document it keeps, and the same case as through a form."""

import json
from dataclasses import replace

import pytest
import schemathesis
from heedtest.sites import NOON, changed
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from cases.errors import Refused
from cases.model.words import Channel
from cases.store import api_tokens
from cases.store.engine import reading, writing
from gateway.normalizer import normalize_form
from webforms.app import create_app

BODY = {"name": "Ada", "email": "ada@acme.example", "subject": "Overtime", "text": "Six hours are missing."}


def make(world, *scopes: str) -> str:
    with writing(world.record_engine) as connection:
        return api_tokens.make(connection, "portal-" + "-".join(scopes), scopes, NOON)


class Caller:
    """A machine with a token."""

    def __init__(self, person, token: str) -> None:
        self.client, self.token = person.client, token

    def post(self, path: str, body: dict, **headers: str):
        return self.client.post(f"/api/v1/{path}", json=body, headers=self._headers(headers))

    def status(self, receipt: str):
        return self.client.get("/api/v1/status", headers=self._headers({"Heed-Receipt": receipt}))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}", **named}


@pytest.fixture
def caller(world, person) -> Caller:
    return Caller(person, make(world, "submit", "read"))


def test_a_submission_its_status_and_a_message(world, caller):
    made = caller.post("submissions", BODY)
    assert made.status_code == 201
    receipt = made.json["receipt"]
    assert caller.status(receipt).json["status"] == "received"
    world.triage_all()
    seen = caller.status(receipt).json
    assert seen["reference"] == made.json["reference"]
    assert [one["text"] for one in seen["messages"]] == ["Six hours are missing."]
    assert caller.post("messages", {"text": "It was in May."}, Heed_Receipt=receipt).status_code == 201
    world.triage_all()
    assert [one["text"] for one in caller.status(receipt).json["messages"]][1:] == ["It was in May."]


def test_a_receipt_from_before_the_rotation_opens_its_case(world, person, caller, helpers):
    receipt = helpers.receipt(person.report("Mine."))
    world.triage_all()
    rotated = changed(world, pepper=b"n" * 32, older_peppers=(world.site.pepper,))
    after = Caller(helpers.person(create_app(rotated).test_client()), caller.token)
    assert [one["text"] for one in after.status(receipt).json["messages"]] == ["Mine."]


@pytest.mark.parametrize("triaged", [True, False])
def test_a_message_to_an_anonymous_case_is_as_anonymous_as_one_by_its_page(world, person, caller, helpers, triaged):
    anonymous, named = helpers.receipt(person.report()), caller.post("submissions", BODY).json["receipt"]
    if triaged:
        world.triage_all()
    stored = {row["id"] for row in world.envelopes()}
    for receipt, door in ((anonymous, "anonymous"), (named, "api")):
        assert caller.post("messages", {"text": "More."}, Heed_Receipt=receipt).status_code == 201
        (added,) = (row for row in world.envelopes() if row["id"] not in stored)
        stored.add(added["id"])
        assert added["channel"] == door
        to_the_day = added["received_at"] == world.clock.at.replace(hour=0, minute=0, second=0, microsecond=0)
        assert to_the_day == (door == "anonymous")


def test_the_same_key_is_the_same_submission_and_another_body_is_refused(world, caller):
    answers = [caller.post("submissions", BODY, Idempotency_Key="order-4711") for _ in range(2)]
    world.triage_all()
    answers.append(caller.post("submissions", BODY, Idempotency_Key="order-4711"))
    assert len({answer.text for answer in answers}) == 1
    assert len(world.envelopes()) == 1
    other = caller.post("submissions", BODY | {"text": "Other."}, Idempotency_Key="order-4711")
    assert other.status_code == 409
    assert len(world.envelopes()) == 1


def test_scopes_and_revoked_tokens(world, person):
    reader, writer = Caller(person, make(world, "read")), Caller(person, make(world, "submit"))
    assert reader.post("submissions", BODY).status_code == 403
    assert writer.status("x").status_code == 403
    assert Caller(person, "heed_wrong").post("submissions", BODY).status_code == 401
    with writing(world.record_engine) as connection:
        api_tokens.revoke(connection, "portal-submit", NOON)
    assert writer.post("submissions", BODY).status_code == 401
    assert world.envelopes() == []


def test_a_token_is_stored_as_a_hash_only(world):
    letters = make(world, "submit")
    world.record_engine.dispose()
    everything = b"".join(path.read_bytes() for path in world.home.iterdir() if path.is_file())
    assert letters.encode() not in everything
    with reading(world.record_engine) as connection:
        assert api_tokens.find(connection, letters).scopes == {"submit"}
    with pytest.raises(Refused, match="scope"), writing(world.record_engine) as connection:
        api_tokens.make(connection, "x", ("all",), NOON)


def test_too_many_calls_are_told_to_wait(world, helpers):
    site = changed(world, web=world.site.web.model_copy(update={"api_requests_per_minute": 2}))
    caller = Caller(helpers.person(create_app(site).test_client()), make(world, "submit"))
    assert [caller.post("submissions", BODY).status_code for _ in range(3)] == [201, 201, 429]


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"text": " "}, 422), (BODY | {"email": "ada"}, 422), (BODY | {"more": 1}, 422), ([], 422)],
)
def test_what_is_wrong_is_said_where(caller, body, status):
    answer = caller.post("submissions", body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["detail"]


def test_a_broken_or_foreign_body_is_no_fault_of_ours(caller):
    headers = {"Authorization": f"Bearer {caller.token}"}
    post = caller.client.post
    assert post("/api/v1/submissions", data=b"{", headers=headers, content_type="application/json").status_code == 400
    assert post("/api/v1/submissions", data=b"a=b", headers=headers).status_code == 415


def test_the_same_words_by_form_and_by_api_are_the_same_submission_but_for_the_channel(world, person, caller):
    person.report(BODY["text"], form="general", name=BODY["name"], email=BODY["email"], subject=BODY["subject"])
    caller.post("submissions", BODY)
    form, api = (
        normalize_form(json.dumps(row["payload"]).encode(), channel=Channel(row["channel"]), now=NOON)
        for row in sorted(world.envelopes(), key=lambda row: row["channel"] != "form")
    )
    assert replace(api, channel=Channel.FORM) == form


def test_the_document_is_kept(world, person):
    token = make(world, "submit", "read")
    site = changed(world, web=world.site.web.model_copy(update={"api_requests_per_minute": 100_000}))
    app = create_app(site)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    found = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        found.append(_check(result.ok(), token))
    assert len(found) == 3


def _check(operation, token: str) -> str:
    strategy = operation.as_strategy()

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def run(case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

    run()
    return operation.label
