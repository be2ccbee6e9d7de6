"""`heed parse`."""

# ruff: noqa: E501 - tables of mails, one a line

import json
import subprocess
import sys

from click.testing import CliRunner

from gateway.normalizer.commands import parse

FIELDS = ["file", "message_id", "in_reply_to", "references", "from", "reply_to", "to", "cc", "subject", "date", "text", "new_text",
          "language", "automatic", "attachments", "authenticity", "problems"]  # fmt: skip
MAIL = b"From: Anna <a@x.example>\nMessage-ID: <1@x>\nSubject: Pay\n\nWhere is my pay?\n"


def test_one_object_a_file(tmp_path):
    good, empty, missing = tmp_path / "good.eml", tmp_path / "empty.eml", tmp_path / "missing.eml"
    good.write_bytes(MAIL)
    empty.write_bytes(b"")
    result = CliRunner().invoke(parse, ["--json", str(good), str(empty), str(missing), str(tmp_path)])
    assert result.exit_code == 0
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert [sorted(each) for each in objects] == [sorted(FIELDS)] * 4
    assert objects[0]["from"] == {"name": "Anna", "address": "a@x.example"}
    assert objects[0]["message_id"] == "1@x"
    assert objects[1]["problems"][0] == "the mail is empty"
    assert "cannot be read" in objects[2]["problems"][0]
    assert "cannot be read" in objects[3]["problems"][0]


def test_standard_input():
    result = CliRunner().invoke(parse, ["--json", "-"], input=MAIL)
    assert json.loads(result.stdout)["subject"] == "Pay"


def test_for_people(tmp_path):
    file = tmp_path / "good.eml"
    file.write_bytes(MAIL)
    result = CliRunner().invoke(parse, [str(file)])
    assert result.exit_code == 0
    assert "Where is my pay?" in result.stdout
    assert "Anna <a@x.example>" in result.stdout


def test_no_file_is_a_usage_error():
    assert CliRunner().invoke(parse, []).exit_code == 2


def test_it_starts_without_the_heavy_parts():
    code = "import sys, gateway.normalizer.commands; print(*sorted(m for m in ('sklearn','sqlalchemy','numpy','flask','redis','rich','lxml','py3langid') if m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""
