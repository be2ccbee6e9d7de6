"""An exported case verifies offline with nothing but Python; any change to it is found; classed data stays behind on request."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from heedtest.offices import Office

from cases.access.policy import Action, may
from cases.audit import anchoring
from cases.audit.anchor import public_of
from cases.errors import Refused
from cases.exporting.case import Request, export, safe_name
from cases.exporting.cells import cell, table
from cases.privacy.classes import DataClass
from cases.store.engine import writing
from cases.store.files import DatabasePieces
from gateway.message_files import files_in

LENA = "lena@acme.example"
IBAN, SICK = "DE89 3704 0044 0532 0130 00", "I was diagnosed with burnout"
SEED = b"s" * 32


def take(office: Office, reference: str, *without: DataClass, who: str = LENA) -> bytes:
    asked = Request(
        reference, office.viewer(who), office.vault(who), office.desk.service, office.clock[0], frozenset(without)
    )
    with writing(office.desk.record) as connection:
        return export(connection, asked, DatabasePieces(office.desk.record), files_in)


@pytest.fixture
def reference(office: Office) -> str:
    found = office.mail(
        "Sam <sam@acme.example>", "=cmd|payslip", f"{SICK}. My account is {IBAN}.", ("plan.html", b"<p>plan</p>")
    )
    browser = office.sign_in("tria@acme.example")
    browser.reply(found, "We look into it.")
    with writing(office.desk.record) as connection:
        anchoring.make(connection, SEED, by="test", now=office.clock[0])
    office.mail("kim@acme.example", "Another", "It goes on meanwhile.")
    return found


def unpack(package: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        archive.extractall(folder)
    (inside,) = folder.iterdir()
    return inside


def checked(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """As somebody runs it who has Python and nothing else."""
    command = (sys.executable, "-I", "-S", "verify.py", ".", *more)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_it_verifies_offline_and_is_signed(office: Office, reference: str, tmp_path: Path) -> None:
    folder = unpack(take(office, reference), tmp_path / "out")
    done = checked(folder, public_of(SEED))
    assert done.returncode == 0, done.stderr
    assert "unbroken, signed up to event" in done.stdout
    assert SICK in (folder / "case.txt").read_text()
    (file,) = (folder / "files").iterdir()
    assert file.read_bytes() == b"<p>plan</p>"
    assert load(folder / "ruleset.yaml") == office.row(reference).ruleset
    assert checked(folder, "0" * 64).returncode != 0, "another key than the trusted one"
    assert office.events(reference)[-1][0] == "case.exported"


def load(path: Path) -> str:
    from rules.language.load import hash_of

    return hash_of(path.read_text(encoding="utf-8"))


def test_any_change_to_it_is_found(office: Office, reference: str, tmp_path: Path) -> None:
    folder = unpack(take(office, reference), tmp_path / "out")
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name in {"verify.py"}:
            continue
        before = path.read_bytes()
        if path.name == "manifest.json":
            continue
        path.write_bytes(before.replace(b"a", b"b", 1) + b" ")
        assert checked(folder).returncode != 0, path.name
        path.write_bytes(before)
    assert checked(folder).returncode == 0


def forge(folder: Path) -> None:
    """The manifest made to fit, as a forger would."""
    import hashlib

    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in manifest["files"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_forger_who_mends_the_manifest_is_found_by_the_chain(office: Office, reference: str, tmp_path: Path) -> None:
    folder = unpack(take(office, reference), tmp_path / "out")
    forgeries = {
        "words": next((folder / "words").glob("message-*")),
        "events": folder / "proof" / "events.jsonl",
        "heads": folder / "proof" / "heads.jsonl",
        "anchor": folder / "proof" / "anchor.txt",
    }
    for name, path in forgeries.items():
        before = path.read_text(encoding="utf-8")
        lines = before.splitlines(keepends=True)
        less = "".join(lines[:1] + lines[2:]) if len(lines) > 2 else before.replace("0", "1", 1)
        path.write_text(before + "." if name == "words" else less, "utf-8")
        forge(folder)
        assert checked(folder).returncode != 0, name
        path.write_text(before, "utf-8")
    forge(folder)
    assert checked(folder).returncode == 0


def test_classed_data_is_found_nowhere_in_a_redacted_export(office: Office, reference: str, tmp_path: Path) -> None:
    folder = unpack(take(office, reference, *DataClass), tmp_path / "out")
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for marker in (IBAN, SICK, "sam@acme.example"):
        assert marker.encode() not in whole, marker
    assert b"[identifiers]" in whole
    assert "stay behind" in (folder / "README.txt").read_text() or "Not in here" in (folder / "README.txt").read_text()
    assert checked(folder).returncode == 0


def test_only_who_decides_cases_exports_them(office: Office, reference: str) -> None:
    with pytest.raises(Refused, match="no such case"):
        take(office, reference, who="fay@acme.example")
    fay, gus = (office.sign_in(one) for one in ("fay@acme.example", "gus@acme.example"))
    assert fay.get(f"/cases/{reference}/export").status_code == 404
    assert gus.get(f"/cases/{reference}/export").status_code == 404


def test_the_console_gives_it(office: Office) -> None:
    reference = office.mail("kim@acme.example", "Question", f"About {IBAN}")
    browser = office.sign_in(LENA)
    assert "Make the package" in browser.get(f"/cases/{reference}/export").text
    answer = browser.post(f"/cases/{reference}/export", without=["identifiers"])
    assert answer.mimetype == "application/zip"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert IBAN not in archive.read(f"{reference}/case.txt").decode()
    assert office.events(reference)[-1][:2] == ("case.exported", LENA)


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", " =1", "\n=1"])
def test_cells_that_would_be_formulas_are_words(value: str) -> None:
    assert cell(value).startswith("'")
    rows = list(csv.reader(io.StringIO(table(("a",), [(value,)]).decode("utf-8-sig"), newline="")))
    assert rows[1] == ["'" + value]


def test_names_stay_in_their_folder() -> None:
    assert "/" not in safe_name("../../etc/passwd")
    assert safe_name("\u202egpj.exe\x00") == "_gpj.exe_"
    assert safe_name("...") == "file"


def test_no_provider_exports() -> None:
    from cases.access.policy import Relation
    from cases.model.words import Access

    one = Relation("x", frozenset({"provider"}), True, True, False, False)
    assert not may(one, Access.MANAGED, Action.EXPORT)
