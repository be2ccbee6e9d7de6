"""Files of an anonymous report: a cleaned copy for readers; the original, with its name, for whom a custodian lets know."""

import re
from datetime import timedelta

import pytest
from heedtest import papers
from heedtest.offices import Office
from sqlalchemy import select

from cases.access import originals
from cases.errors import Refused
from cases.store import files, key_tables
from cases.store.engine import reading, writing

GUS, CUS = "gus@acme.example", "cus@acme.example"


def test_readers_get_a_cleaned_copy_and_who_is_granted_the_identity_the_original(office: Office) -> None:
    raw = papers.jpeg()
    reference, _ = office.anonymous("See the picture.", (f"{papers.MARK}.jpg", raw))
    gus, cus = office.sign_in(GUS), office.sign_in(CUS)
    page = gus.case(reference)
    assert "file-1.jpg" in page
    assert "cleaned copy" in page
    assert papers.MARK not in page
    given = gus.get(f"/cases/{reference}/files/1/0")
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert given.data.startswith(b"\xff\xd8")
    assert papers.MARK.encode() not in given.data
    with writing(office.desk.record) as connection:
        original = connection.execute(select(key_tables.original)).one()
        assert original.size == len(raw)
        assert files.sweep(connection, office.clock[0] + timedelta(days=9)) == 0
        assert papers.MARK not in repr(original)
    assert gus.get(f"/cases/{reference}/identity/files/{original.id}").status_code == 404
    assert gus.post(f"/cases/{reference}/identity", reason="To compare.").status_code == 303
    wish = re.search(r'action="/identities/([0-9a-f]{32})"', cus.get("/identities").text)
    assert cus.post(f"/identities/{wish[1]}", do="grant", days="3", reason="A court asks.").status_code == 303
    assert f"{papers.MARK}.jpg" in gus.get(f"/cases/{reference}/identity").text
    whole = gus.get(f"/cases/{reference}/identity/files/{original.id}")
    assert whole.data == raw
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert "original.read" in [verb for verb, _, _ in office.events(reference)]
    vault = office.vault_of(gus)
    office.pass_time(days=3, minutes=1)
    with pytest.raises(Refused, match="no such case"), reading(office.desk.record) as connection:
        originals.listed(connection, reference, office.viewer(GUS), vault, office.clock[0])


def test_what_could_not_be_cleaned_keeps_its_bytes_and_loses_its_name(office: Office) -> None:
    reference, _ = office.anonymous("A film.", (f"{papers.MARK}.mp4", b"\0\0\0\x18ftypmp42"))
    browser = office.sign_in(GUS)
    page = browser.case(reference)
    assert "file-1.mp4" in page
    assert "not cleaned" in page
    assert papers.MARK not in page
    assert "not cleaned" in browser.get(f"/cases/{reference}/files/1/0").text
    assert browser.get(f"/cases/{reference}/files/1/0?as_sent=yes").data == b"\0\0\0\x18ftypmp42"


def test_a_named_case_keeps_its_files_as_they_came(office: Office) -> None:
    reference = office.mail("erin@acme.example", "My note", "See the picture.", ("me.jpg", papers.jpeg()))
    with reading(office.desk.record) as connection:
        assert connection.execute(select(key_tables.original)).first() is None
    assert "cleaned copy" not in office.sign_in("ada@acme.example").get(f"/cases/{reference}").text
