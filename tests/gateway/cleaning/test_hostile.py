"""Files made to hurt whoever opens them: bounded, alone in their process, and never half a copy."""

import random
import struct
import time
import zipfile
import zlib
from io import BytesIO

import pikepdf
import psutil
import pytest
from heedtest import papers
from PIL import Image

from gateway.cleaning import child, cleaner
from gateway.cleaning.cleaner import clean_apart
from gateway.cleaning.kinds import CannotClean, kind_of


def zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def word(document: bytes, **more: bytes) -> bytes:
    """A Word file with this as its main part."""
    with zipfile.ZipFile(BytesIO(papers.docx())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return zipped({**parts, "word/document.xml": document, **more})


def lying_zip() -> bytes:
    """An entry of 400 MB that says it has 10 bytes."""
    raw = bytearray(word(bytes(40_000_000)))
    size = struct.pack("<I", 40_000_000)
    while (at := raw.find(size)) >= 0:
        raw[at : at + 4] = struct.pack("<I", 10)
    return bytes(raw)


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def nested_pdf(depth: int) -> bytes:
    """Arrays in arrays, written by hand: no library would."""
    body = b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R/X " + b"[" * depth + b"]" * depth + b">> endobj\n"
    body += b"2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj\n"
    body += b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>> endobj\n"
    return body + b"trailer <</Root 1 0 R>>\n%%EOF"


def swollen_pdf() -> bytes:
    """A picture that unpacks to 2 GB through three filters."""
    pdf = pikepdf.open(BytesIO(papers.pdf(1)))
    packed = zlib.compress(zlib.compress(bytes(30_000_000), 9) * 60, 9)
    image = pdf.pages[0].Resources.XObject.I1
    image.write(
        packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode])
    )
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def endless_gif() -> bytes:
    out = BytesIO()
    Image.new("P", (4000, 4000)).save(
        out, "GIF", save_all=True, append_images=[Image.new("P", (4000, 4000), n) for n in range(1, 6)]
    )
    return out.getvalue()


BOMBS = {
    "a zip of zeros": lambda: word(b"<a>" + bytes(81_000_000)),
    "a zip that lies": lying_zip,
    "a zip of 6,000 parts": lambda: zipped({"[Content_Types].xml": b"", **{f"word/{n}": b"" for n in range(6000)}}),
    "a part outside": lambda: word(b"<a/>", **{"../../etc/cron.d/x": b"x"}),
    "a thousand laughs": lambda: word(
        b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;&c;&c;&c;</a>'
    ),
    "an outside entity": lambda: word(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "deep XML": lambda: word(b"<a>" * 100_000 + b"</a>" * 100_000),
    "a picture of 3.6 billion pixels": lambda: png_of(60_000, 60_000),
    "a picture just too large": lambda: png_of(10_000, 5_001),
    "a film of 96 million pixels": endless_gif,
    "a deep PDF": lambda: nested_pdf(5000),
    "a swollen PDF": swollen_pdf,
    "a locked PDF": lambda: papers.pdf(1, password="x"),
    "a program": lambda: b"MZ" + bytes(1000),
    "SVG that is said to be text": lambda: b"<svg onload='alert(1)'/>",
    "a cut picture": lambda: papers.jpeg()[:300],
    "a cut document": lambda: papers.docx()[:-400],
    "mails in mails": lambda: papers.eml().replace(b"multipart/mixed", b"multipart/" + b"x" * 9),
}
HARMLESS = {"mails in mails"}
"""What is cleaned after all."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_stays_as_it_came_and_hurts_nobody(name):
    began, before = time.monotonic(), psutil.Process().memory_info().rss
    raw = BOMBS[name]()
    made = psutil.Process().memory_info().rss
    if name in HARMLESS:
        assert papers.MARK.encode() not in clean_apart(raw, "eml").content
        return
    with pytest.raises(CannotClean) as refused:
        clean_apart(raw, "txt")
    assert psutil.Process().memory_info().rss < max(before, made) + 100_000_000
    assert time.monotonic() - began < cleaner.SECONDS
    assert papers.MARK not in str(refused.value)


POLYGLOTS = {
    "a picture with a page behind it": (lambda: papers.jpeg() + b"<html><script>alert(1)</script>", b"<script>"),
    "a picture with a program in its remark": (
        lambda: papers.gif(1).replace(papers.MARK.encode(), b"<script>alert(1)"[: len(papers.MARK)]),
        b"<script>",
    ),
    "a document with an archive behind it": (lambda: papers.pdf(1) + zipped({"x.sh": b"rm"}), b"x.sh"),
    "an archive with a document before it": (lambda: papers.docx() + papers.pdf(1), b"%PDF"),
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_what_is_two_things_is_afterwards_one(name):
    make, second = POLYGLOTS[name]
    raw = make()
    assert second in raw
    try:
        assert second not in clean_apart(raw, "").content
    except CannotClean:
        assert "archive" in name  # a package with something strange around it may also be refused


def test_a_process_that_hangs_dies_or_stutters_gives_no_copy(monkeypatch, tmp_path):
    script = tmp_path / "child.py"
    monkeypatch.setattr(cleaner, "CHILD", script)
    half = 'import sys; sys.stdout.write(\'{"ending": "pdf", "size": 9, "sha256": "%s"}\\n\' % ("0" * 64) + "half")'
    for said in ("import time; time.sleep(60)", half, half + "; sys.exit(1)", "print('nonsense')", "", "print('[]')"):
        script.write_text(said)
        with pytest.raises(CannotClean):
            clean_apart(b"GIF89a", "gif", seconds=0.3)


def test_in_there_nothing_can_be_opened_started_or_written(monkeypatch, tmp_path):
    """The planted fault: a library that has been taken over tries everything."""
    script = tmp_path / "child.py"
    script.write_text(
        "import sys, os, socket, json, subprocess\n"
        f"sys.path.insert(0, {str(cleaner.CHILD.parents[2])!r})\n"
        "from gateway.cleaning import child\n"
        "child.leave_the_world(); child.limit()\n"
        "tries = {'file': lambda: os.open('/etc/passwd', 0), 'socket': socket.socket, 'pipe': os.pipe,\n"
        "  'closed first': lambda: (os.close(0), os.open('/etc/passwd', 0)),\n"
        "  'write': lambda: os.open('/tmp/x', os.O_CREAT | os.O_WRONLY),\n"
        "  'memory': lambda: bytes(child.MEMORY), 'start': lambda: subprocess.run(['true'])}\n"
        "done = []\n"
        "for name, one in tries.items():\n"
        "    try:\n        one(); done.append(name)\n"
        "    except (OSError, MemoryError): pass\n"
        "if os.environ.keys() - {'LC_CTYPE'}: done.append('environment')\n"
        "print(json.dumps({'cannot': ' '.join(done) or 'nothing'}))\n"
    )
    monkeypatch.setattr(cleaner, "CHILD", script)
    with pytest.raises(CannotClean, match=r"^nothing$"):
        clean_apart(b"", "")


@pytest.mark.filterwarnings("ignore")
def test_four_hundred_broken_files_are_refused_or_whole():
    """Each kind with bytes changed, cut out, doubled: no fault but `CannotClean`, no marker in what comes out."""
    draw = random.Random(4711)
    for room in (child.text, child.images, child.pdf, child.office, child.mail_file):
        room.prepare()
    made = {ending: make() for ending, make in papers.MAKERS.items()}
    cleaned = 0
    for number in range(400):
        ending = draw.choice([one for one in made if one != "txt"])
        raw = bytearray(made[ending])
        for _ in range(draw.randint(1, 4)):
            at = draw.randrange(max(1, len(raw) - 1))
            match draw.randrange(3):
                case 0:
                    raw[at] = draw.randrange(256)
                case 1:
                    del raw[at : at + draw.randrange(1, 40)]
                case _:
                    raw[at:at] = raw[at : at + draw.randrange(1, 40)]
        try:
            copy = child.clean(bytes(raw), ending)
        except CannotClean:
            continue
        except MemoryError:
            continue
        cleaned += 1
        assert kind_of(copy.content, copy.ending) is not None, number
    assert 50 < cleaned < 400
