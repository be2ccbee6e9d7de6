"""The case's people and inquiry in the browser: named, written to, worked out, decided, closed; refused words are kept."""

import io
import re
from pathlib import Path

import pytest
from heedtest.offices import Browser, Office, open_office

from cases.store import rulesets, tables
from cases.store.engine import writing
from rules import load

RULES = (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")
ASKING = "checklist: inquiry, close_needs: [parties, findings, decision, root_cause]}"
WITH_STEPS = RULES.replace(
    "sla: grave, family: employee_relations}", f"sla: grave, family: employee_relations, {ASKING}"
)
WITH_STEPS = WITH_STEPS.replace("rules:\n", "checklists:\n  inquiry: [Hear both, Write it up]\nrules:\n", 1)


@pytest.fixture
def office(tmp_path: Path):
    with open_office(tmp_path, WITH_STEPS) as opened:
        yield opened


def once_of(page: str, action: str) -> str:
    found = re.search(rf'action="[^"]*/{action}"[^>]*>.*?name="once" value="([0-9a-f]{{32}})"', page, re.DOTALL)
    assert found, f"no form {action}"
    return found[1]


class Desk:
    """One person at one case."""

    def __init__(self, browser: Browser, reference: str) -> None:
        self.browser, self.path = browser, f"/cases/{reference}"

    def page(self, name: str) -> str:
        answer = self.browser.get(f"{self.path}/{name}")
        assert answer.status_code == 200
        return answer.text

    def fill(self, at: str, action: str, status: int = 303, **data) -> str:
        page = self.page(at)
        answer = self.browser.post(f"{self.path}/{action}", once=once_of(page, action), **data)
        assert answer.status_code == status, answer.text
        return answer.text


def publish(office: Office, text: str) -> None:
    with writing(office.desk.record) as connection:
        rulesets.publish(connection, load(text).hash, text, by="test", reason="other steps", now=office.clock[0])


def test_a_case_keeps_the_steps_of_the_version_that_it_was_sorted_by(office: Office) -> None:
    """Until a person sorts it anew; other rules in force change no procedure that has begun."""
    before = office.mail("ben@acme.example", "Please help", "They harass me")
    moved = office.mail("kim@acme.example", "A question", "Where do I park?")
    publish(
        office, WITH_STEPS.replace("[Hear both, Write it up]", "[Call counsel]").replace("findings, decision, ", "")
    )
    after = office.mail("tom@acme.example", "Please help", "They harass me too")
    lena = office.sign_in("lena@acme.example")
    assert lena.post(f"/cases/{moved}/category", category="harassment").status_code == 303
    steps = {one: Desk(lena, one).page("inquiry") for one in (before, moved, after)}
    assert [("Hear both" in page, "Call counsel" in page) for page in steps.values()] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    refused = {one: lena.post(f"/cases/{one}/close", outcome="substantiated").text for one in steps}
    assert ["a decision" in text for text in refused.values()] == [True, False, False]
    assert lena.post(f"/cases/{before}/steps", step="Call counsel", do="done").status_code == 409


def test_a_version_that_this_release_cannot_load_leaves_the_one_in_force(office: Office) -> None:
    reference = office.mail("ben@acme.example", "Please help", "They harass me")
    publish(office, WITH_STEPS.replace("[Hear both, Write it up]", "[Call counsel]"))
    with writing(office.desk.record) as connection:
        connection.execute(
            tables.ruleset.update().where(tables.ruleset.c.hash == load(WITH_STEPS).hash).values(text="no: 1")
        )
    assert "Call counsel" in Desk(office.sign_in("lena@acme.example"), reference).page("inquiry")


def test_an_inquiry_from_the_first_name_to_the_closing(office: Office) -> None:
    reference = office.mail("ben@acme.example", "Please help", "They harass me")
    erin, lena = (Desk(office.sign_in(f"{who}@acme.example"), reference) for who in ("erin", "lena"))
    refused = erin.browser.post(f"{erin.path}/close", outcome="substantiated")
    assert refused.status_code == 409
    for words in ("a party", "the root cause", "the findings", "a decision", "2 of 2 steps"):
        assert words in refused.text
    erin.fill("people", "parties", name="Rex", address="rex@acme.example", role="respondent")
    party = re.search(r'id="p([0-9a-f]{32})"', erin.page("people"))
    assert party
    opening = f"{erin.path}/parties/{party[1]}/open"
    assert "confirm that the respondent" in erin.browser.post(opening).text.casefold()
    assert erin.browser.post(opening, sure="yes").status_code == 303
    erin.fill("people", f"parties/{party[1]}/write", text="We would like to hear you.")
    erin.fill("inquiry", "evidence", text="The chat", file=(io.BytesIO(b"chat of March"), "chat.txt"))
    page = erin.page("inquiry")
    link = re.search(rf'href="({erin.path}/files/\d+/\d+)">chat.txt', page)
    assert link
    assert erin.browser.get(link[1]).data == b"chat of March"
    assert "Not what the trail says" not in page
    erin.fill("inquiry", "findings", text="He shouted.")
    erin.fill("inquiry", "root-cause", text="No training", choice="leadership")
    said = erin.fill("inquiry", "decision", 409, text="My long reasons", choice="substantiated")
    assert "Whoever investigated a case does not decide it" in said
    assert "My long reasons</textarea>" in said
    assert '<option value="substantiated" selected>' in said
    lena.fill("inquiry", "decision", text="Two sources agree", choice="substantiated")
    assert erin.browser.post(f"{erin.path}/steps", step="Hear both", do="done").status_code == 303
    assert erin.browser.post(f"{erin.path}/steps", step="Write it up", do="skip").status_code == 409
    assert erin.browser.post(f"{erin.path}/steps", step="Write it up", do="skip", reason="Short").status_code == 303
    erin.fill("inquiry", "actions", text="Coach him", owner=office.ids["erin@acme.example"], due="2026-11-30")
    assert "2026-11-30" in erin.browser.get("/actions").text
    assert erin.browser.post(f"{erin.path}/close", outcome="substantiated").status_code == 303
    story = erin.browser.case(reference)
    for words in ("named a respondent", "opened the thread of a respondent", "decided the case", "skipped a step"):
        assert words in story


def test_whoever_names_themselves_is_led_to_the_list(office: Office) -> None:
    reference = office.mail("ben@acme.example", "Please help", "They harass me")
    erin = Desk(office.sign_in("erin@acme.example"), reference)
    page = erin.page("people")
    answer = erin.browser.post(
        f"{erin.path}/parties", once=once_of(page, "parties"), name="Erin Hallam", address="", role="witness"
    )
    assert (answer.status_code, answer.location) == (303, "/cases")
    assert erin.browser.get(erin.path).status_code == 404


def multipart(fields: dict[str, str], content: bytes) -> bytes:
    """A form with a file, as a browser sends it (Werkzeug's own client would write it to a temporary file)."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    parts.append('--b\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n')
    return "".join(parts).encode() + content + b"\r\n--b--\r\n"


def test_an_upload_never_touches_the_disk_and_one_too_large_is_said_so(office: Office, monkeypatch) -> None:
    from werkzeug import formparser

    def none(*_args, **_more):
        raise AssertionError("a temporary file")

    monkeypatch.setattr(formparser, "SpooledTemporaryFile", none)
    reference = office.mail("ben@acme.example", "Please help", "They harass me")
    erin = Desk(office.sign_in("erin@acme.example"), reference)
    fields = {"csrf_token": erin.browser.token(), "once": once_of(erin.page("inquiry"), "evidence"), "text": "Large"}
    for size, status in ((5_000_000, 303), (16_000_000, 413)):
        answer = erin.browser.client.post(
            f"{erin.path}/evidence", data=multipart(fields, b"x" * size), content_type="multipart/form-data; boundary=b"
        )
        assert answer.status_code == status
    assert "15 MB" in answer.text
