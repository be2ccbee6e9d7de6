"""Seeded personal data goes through mail, triage, notices and logs, and is found in none of them."""

import io
import logging
from pathlib import Path

from heedtest.offices import Office

from cases.privacy.classes import DataClass
from gateway.logs import Clean

SEEDED = {
    "iban": "DE89 3704 0044 0532 0130 00",
    "card": "4111 1111 1111 1111",
    "pay": "52,480 euros",
    "birth": "3 May 1984",
    "illness": "diagnosed with epilepsy",
}
TEXT = (
    f"Hello, my account is {SEEDED['iban']} and my card {SEEDED['card']}. I was born on {SEEDED['birth']}. "
    f"I was {SEEDED['illness']}. I earn {SEEDED['pay']}. Where do I park?"
)


def test_notices_files_and_the_database_hold_none(office: Office) -> None:
    office.mail("Sam <sam@acme.example>", "My card", TEXT, ("scan.html", TEXT.encode()))
    office.pass_time(minutes=5)
    sent = office.send()
    assert [mail for mail in sent if mail.to == "fay@acme.example"], "the owner is told"
    from email import message_from_bytes, policy

    for mail in sent:
        parsed = message_from_bytes(mail.content, policy=policy.default)
        words = " ".join(
            [
                str(parsed["Subject"]),
                *(part.get_content() for part in parsed.walk() if part.get_content_maintype() == "text"),
            ]
        )
        assert not [name for name, value in SEEDED.items() if value in " ".join(words.split())], mail.to
    quoted = next(mail for mail in sent if mail.to == "fay@acme.example")
    assert b"Where do I park" in quoted.content
    for path in Path(office.home).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [name for name, value in SEEDED.items() if value.encode() in content], path.name


def test_log_lines_hold_none_whoever_writes_them() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Clean("%(asctime)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    log = logging.Logger("library")
    log.addHandler(handler)
    log.warning("failed for %s of %s", TEXT, "sam@acme.example")
    try:
        int(TEXT)
    except ValueError:
        log.exception("oh")
    log.info("case HR-7K3M-9QXD, entry 0123456789abcdef0123456789abcdef, 12 of 340 at 2026-11-22T10:30:00")
    said = written.getvalue()
    assert not [name for name, value in SEEDED.items() if value in said]
    assert "sam@acme.example" not in said
    assert "case HR-7K3M-9QXD, entry 0123456789abcdef0123456789abcdef, 12 of 340 at 2026-11-22T10:30:00" in said
    assert f"[{DataClass.IDENTIFIERS.value}]" in said
