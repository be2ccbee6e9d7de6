"""What holds for every page: headers, CSRF, downloads, nothing from elsewhere, faults that quote nobody."""

import logging
import re

import pytest
from heedtest.offices import Office

from console.headers import HEADERS


@pytest.mark.parametrize(
    ("path", "status"),
    [("/sign-in", 200), ("/cases", 200), ("/nothing", 404), ("/cases/HR-0000-0000", 404), ("/static/console.css", 200)],
)
def test_every_answer_carries_the_headers(office: Office, path: str, status: int) -> None:
    answer = office.sign_in("pia@acme.example").get(path) if path != "/sign-in" else office.browser().get(path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]


def test_a_fault_shows_and_logs_no_content(office: Office, monkeypatch, caplog) -> None:
    from console.pages.cases import showing

    reference = office.mail("sam@acme.example", "My payslip", "overtime SECRETMARK")
    browser = office.sign_in("pia@acme.example")

    def fails(dossier, _book):
        raise ValueError(dossier.entries[0].said.text)

    monkeypatch.setattr(showing, "timeline", fails)
    with caplog.at_level(logging.DEBUG):
        answer = browser.get(f"/cases/{reference}")
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"
    assert "SECRETMARK" not in answer.text
    assert "SECRETMARK" not in caplog.text
    assert "ValueError" in caplog.text


def test_every_change_needs_the_token_of_its_session(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "overtime")
    pia, stranger = office.sign_in("pia@acme.example"), office.sign_in("omar@acme.example")
    acts = ("reply", "note", "take", "assign", "status", "close", "reopen")
    for path in (*(f"/cases/{reference}/{act}" for act in acts), "/log", "/sign-out", "/account/password"):
        for token in ("", "forged", stranger.token()):
            answer = pia.client.post(path, data={"csrf_token": token, "text": "x", "outcome": "done"})
            assert answer.status_code == 400, (path, token)
    assert office.row(reference).status == "assigned"
    assert pia.get("/cases").status_code == 200


def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_code(office: Office) -> None:
    reference = office.mail("sam@acme.example", "My payslip", "overtime http://evil.example/x.png")
    browser = office.sign_in("pia@acme.example")
    for path in ("/cases", f"/cases/{reference}", "/log", "/held", "/account/password"):
        page = browser.get(path).text
        for source in re.findall(r'(?:src|href|action)="([^"]+)"', page):
            assert source.startswith(("/", "#")), source
        assert "<style" not in page
        assert " style=" not in page
        assert not re.search(r"<script(?! src=)", page)
        assert not re.search(r"\son\w+=", page)


def test_files_are_downloads_of_no_kind_in_a_sandbox(office: Office) -> None:
    evil = b"<script>alert(1)</script>"
    reference = office.mail("sam@acme.example", "My payslip", "overtime", ('re"po\u202ert.html', evil))
    browser = office.sign_in("pia@acme.example")
    assert f"/cases/{reference}/files/1/0" in browser.case(reference)
    answer = browser.get(f"/cases/{reference}/files/1/0")
    assert answer.data.strip() == evil
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("file.read", "pia@acme.example") in [(verb, actor) for verb, actor, _ in office.events(reference)]
    assert browser.get(f"/cases/{reference}/files/1/1").status_code == 404
    assert browser.get(f"/cases/{reference}/files/9/0").status_code == 404


def test_https_makes_the_cookie_secure_and_bound_to_the_host(office: Office) -> None:
    from dataclasses import replace

    from console.app import create_app

    console = office.desk.console.model_copy(update={"public_url": "https://hr.acme.example"})
    client = create_app(replace(office.desk, console=console)).test_client()
    answer = client.get("/sign-in", base_url="https://hr.acme.example")
    assert answer.headers["Set-Cookie"].startswith("__Host-heed=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers


def test_a_large_form_is_refused_in_words(office: Office) -> None:
    browser = office.sign_in("hana@acme.example")
    answer = browser.client.post("/rules", data={"csrf_token": "x", "text": "y" * (5 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "too large" in answer.text
