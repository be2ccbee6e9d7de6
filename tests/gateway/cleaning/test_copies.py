"""What is in a cleaned copy and what is not, as programs that are not ours see it."""

import json
import re
import subprocess
import zipfile
from email import message_from_bytes, policy
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from heedtest import papers
from heedtest.papers import MARK, SHOWN
from PIL import Image

from gateway.cleaning.cleaner import clean_apart

PICTURES = ("jpg", "png", "webp", "gif", "heic")
OFFICE = ("docx", "xlsx", "pptx")
HARMLESS = re.compile(r"^(SourceFile|System:|File:|ExifTool:|Composite:|JFIF:|PNG:|RIFF:|GIF:|PDF:|ZIP:|XML:)")


def unpacked(content: bytes) -> bytes:
    """Everything in it, whatever it is packed in."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as package:
            inside = [unpacked(package.read(name)) for name in package.namelist()]
        return content + b"".join(inside)
    if content.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(content)) as pdf:
            streams = [one.read_raw_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]
            plain = BytesIO()
            pdf.save(plain, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False,
                     object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
        return b"".join([plain.getvalue(), *streams])
    if b"MIME-Version" in content:
        parts = message_from_bytes(content, policy=policy.default).walk()
        return content + b"".join(part.get_payload(decode=True) or b"" for part in parts)
    return content


def exiftool(path: Path) -> dict[str, object]:
    done = subprocess.run(["exiftool", "-j", "-G", "-a", "-u", "-ee", str(path)], capture_output=True, check=False)
    return json.loads(done.stdout)[0]


@pytest.mark.parametrize("ending", papers.MAKERS)
def test_what_must_go_was_there_and_is_gone(copies, ending):
    if ending != "txt":
        assert MARK.encode() in unpacked(papers.MAKERS[ending]())
    inside = unpacked(copies[ending].content)
    for written in (MARK.encode(), MARK.encode("utf-16-le"), MARK.encode("utf-16-be"), b"2026-05-04"):
        assert written not in inside


@pytest.mark.parametrize("ending", [*PICTURES, "pdf", *OFFICE])
def test_exiftool_finds_nobody(copies, ending, tmp_path):
    before, after = tmp_path / f"before.{ending}", tmp_path / f"after.{copies[ending].ending}"
    before.write_bytes(papers.MAKERS[ending]())
    after.write_bytes(copies[ending].content)
    assert MARK in json.dumps(exiftool(before))
    found = exiftool(after)
    assert MARK not in json.dumps(found)
    assert "File:FileType" in found
    assert not [key for key in found if not HARMLESS.match(key)], found


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif", "heic"])
def test_pictures_show_the_same_upright(copies, ending):
    with Image.open(BytesIO(copies[ending].content)) as image:
        turned = ending == "jpg"  # the original lies on its side and says so
        wide = (64, 32) if ending == "heic" else (48, 16)
        assert image.size == (wide[::-1] if turned else wide)
        shown = image.convert("RGB")
        first, last = shown.getpixel((2, 2)), shown.getpixel((image.width - 3, image.height - 3))
        assert first[0] > 180 > 60 > first[2]
        assert last[2] > 180 > 60 > last[0]


def test_a_moving_picture_still_moves(copies):
    with Image.open(BytesIO(copies["gif"].content)) as image:
        assert image.n_frames == 3
        assert image.info["duration"] == 120


def test_a_documents_pages_words_and_photograph_stay(copies, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(copies["pdf"].content)
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert f"{SHOWN} page 1" in text
    assert f"{SHOWN} page 2" in text
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 2
        assert len(pdf.attachments) == 0
        assert str(pdf.pages[0].Annots[0].Contents) == "A remark that stays"
        assert "https://example.org/policy" in str(pdf.pages[0].Annots[2].A.URI)
        assert "/A" not in pdf.pages[0].Annots[1]
        photo = Image.open(BytesIO(pdf.pages[0].Resources.XObject.I1.read_raw_bytes()))
        assert photo.convert("RGB").getpixel((2, 2))[0] > 180


@pytest.mark.parametrize("ending", OFFICE)
def test_office_files_keep_what_they_show(copies, ending):
    with zipfile.ZipFile(BytesIO(copies[ending].content)) as package:
        assert package.testzip() is None
        names = package.namelist()
        roots = {name: ET.fromstring(package.read(name)) for name in names if name.endswith((".xml", ".rels", ".vml"))}
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [entry for entry in package.infolist() if entry.extra or entry.comment or entry.create_system]
        assert not package.comment
    text = "".join("".join(root.itertext()) for root in roots.values())
    assert SHOWN in text
    assert "A remark that stays" in text
    targets = {link.get("Target") for name, root in roots.items() if name.endswith(".rels") for link in root}
    assert not [one for one in targets if ":" in one]
    assert not [name for name in names if name.startswith(("docProps", "customXml")) or name.endswith(".bin")]
    stated = {one.get("PartName", "").lstrip("/") for one in roots["[Content_Types].xml"] if one.get("PartName")}
    assert stated <= set(names)


def test_a_cut_link_leaves_no_reference_behind(copies):
    for ending in OFFICE:
        with zipfile.ZipFile(BytesIO(copies[ending].content)) as package:
            for name in package.namelist():
                if not name.endswith(".xml") or name == "[Content_Types].xml":
                    continue
                folder, _, last = name.rpartition("/")
                links = f"{folder}/_rels/{last}.rels"
                known = (
                    set(re.findall(r'Id="(\w+)"', package.read(links).decode()))
                    if links in package.namelist()
                    else set()
                )
                used = set(re.findall(r'r:(?:id|embed|link)="(\w+)"', package.read(name).decode()))
                assert used <= known, name


def test_tracked_changes_and_cut_formulas_show_what_they_showed(copies):
    with zipfile.ZipFile(BytesIO(copies["docx"].content)) as package:
        assert "forged twice see here" in "".join(ET.fromstring(package.read("word/document.xml")).itertext())
    with zipfile.ZipFile(BytesIO(copies["xlsx"].content)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert "<v>42</v>" in sheet
        assert "<f>" not in sheet
        assert 'orientation="landscape"' in sheet
        assert "Author 1:" in package.read("xl/comments1.xml").decode()


def test_a_mail_keeps_what_its_reader_saw(copies):
    mail = message_from_bytes(copies["eml"].content, policy=policy.default)
    assert sorted(mail.keys()) == ["Content-Type", "From", "MIME-Version", "Subject", "To"]
    text = mail.get_body(("plain",)).get_content()
    assert SHOWN in text
    assert "left out" in text
    assert [part.get_filename() for part in mail.iter_attachments()] == ["file-1.jpg"]


@pytest.mark.parametrize("kind", ["rfc822", "global"])
def test_a_mail_in_a_mail_is_cleaned_and_kept_whatever_it_is_called(kind: str):
    sent = MIMEMultipart(_subparts=[MIMEText("See below."), MIMEMessage(message_from_bytes(papers.eml()), kind)])
    sent["From"] = "boss@example.org"
    copy = clean_apart(sent.as_bytes(), "eml").content
    (inside,) = message_from_bytes(copy, policy=policy.default).iter_attachments()
    assert SHOWN in message_from_bytes(inside.get_content(), policy=policy.default).get_body(("plain",)).get_content()
    assert papers.MARK.encode() not in copy + inside.get_content()


def test_text_is_plain_utf8(copies):
    assert copies["txt"].content == SHOWN.encode() + b"\n"
