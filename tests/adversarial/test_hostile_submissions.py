"""Five hundred hostile submissions through the anonymous form: each is stored as it was meant or refused in a sentence."""

import re
from collections.abc import Iterator
from html import unescape
from random import Random

import pytest
from heedtest import papers
from heedtest.live import Live
from heedtest.sites import make_world, multipart

from webforms.headers import HEADERS

SEED, COUNT = 20261122, 500
MARK = "mark-4711"
SCRIPT = f"<script>{MARK}()</script>"
WORDS = (
    SCRIPT,
    f"<img src=x onerror={MARK}()>",
    f"<svg/onload={MARK}()>",
    f'"><iframe srcdoc="{SCRIPT}">',
    f"</textarea>{SCRIPT}",
    "{{7*7}}{%for x in ()%}",
    "${jndi:ldap://127.0.0.1/a}",
    "'; DROP TABLE envelope; --",
    "=cmd|' /C calc'!A0",
    "\u202eevil\u202c \u2066x",
    "a\x00b\x0b\x1b[31m",
    "e" + "\u0301" * 3000,
    "\U0001f469\u200d\U0001f680" * 500,
    "word " * 9000,
    "x" * 60_000,
    "\r\nSet-Cookie: a=b\r\n\r\n",
    "../../../../etc/passwd",
    "\ufeff\u200b\u2028\u2029",
    "(a+)+$" * 200,
    " \t\n ",
    "",
)
NAMES = (
    "../../etc/passwd",
    "a\x00.pdf",
    "a\r\nX-Evil: 1.pdf",
    "\u202efdp.exe",
    "n" * 300 + ".pdf",
    "CON",
    ".htaccess",
    SCRIPT,
    'quote".pdf',
    "ä" * 120 + ".docx",
    "file.pdf.js",
    "",
)
FILES = (
    b"",
    b"MZ" + bytes(2000),
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    b"PK\x03\x04" + b"\xff" * 500,
    b"%PDF-1.7\n" + b"[" * 5000,
    b"\x89PNG\r\n\x1a\n" + b"\xff" * 300,
    b"GIF89a/*",
)
ENCODINGS = ("utf-8", "utf-16", "latin-1", "utf-7", "cp1252", "shift_jis")
KINDS = ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "a" * 500)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    world = make_world(tmp_path_factory.mktemp("hostile"))
    running = Live(world)
    running.world = world  # type: ignore[attr-defined]
    yield running
    running.end()
    world.close()


def hostile(draw: Random, token: str) -> tuple[str, bytes]:
    """The content type and the body of one submission."""
    fields = {"token": token, "subject": draw.choice(WORDS), "text": draw.choice(WORDS)}
    if draw.random() < 0.2:
        fields |= {f"field{n}": draw.choice(WORDS[:12]) for n in range(draw.choice((3, 60, 900)))}
    if draw.random() < 0.15:
        fields["token"] = draw.choice(("", token[::-1], token * 40, SCRIPT))
    files = {draw.choice(NAMES): draw.choice((*FILES, papers.jpeg())) for _ in range(draw.choice((0, 0, 1, 2, 40)))}
    kind, body = multipart(fields, files)
    way = draw.random()
    if way < 0.1:
        body = body[: draw.randrange(len(body))]
    elif way < 0.2:
        at = draw.randrange(len(body))
        body = body[:at] + draw.randbytes(draw.choice((1, 20, 400))) + body[at:]
    elif way < 0.3:
        body = body.decode(errors="replace").encode(draw.choice(ENCODINGS), errors="replace")
    elif way < 0.35:
        kind = draw.choice(KINDS)
    elif way < 0.4:
        kind = kind.replace("boundary=", draw.choice(("boundary=x", "BOUNDARY=", 'boundary="', "bound=")))
    return kind, body


def test_each_is_stored_as_it_was_meant_or_refused_in_a_sentence(live: Live) -> None:
    draw, shown, answers = Random(SEED), [], {}
    for number in range(COUNT):
        kind, body = hostile(draw, live.token())
        status, headers, page = live.ask("POST", "/en/write/anonymous", body, Content_Type=kind)
        answers[status] = answers.get(status, 0) + 1
        assert status in {200, 400, 409, 413, 422}, number
        for name, value in HEADERS:
            assert headers.get_all(name) == [value], (number, name)
        assert headers["Set-Cookie"] is headers["X-Evil"] is None
        assert f"<script>{MARK}" not in page
        assert f"onerror={MARK}" not in re.sub(r"&lt;.*?&gt;", "", page), number
        if found := re.search(r'name="receipt" value="([\w-]+)"', page):
            shown.append(found[1])
        else:
            assert re.search(r'role="alert"|class="error"|<h1>', page), (number, status)
    assert answers[200] > COUNT / 4 < sum(answers.values()) - answers[200], answers
    world = live.world  # type: ignore[attr-defined]
    assert len(world.envelopes()) == len(shown) == len(set(shown))
    world.triage_all()
    for receipt in shown:
        status, _, page = live.post("/en/receipt", {"receipt": receipt})
        assert status == 200
        assert f"<script>{MARK}" not in page
        assert "49" not in re.findall(r'class="words">([^<]*)<', page)


def test_afterwards_somebody_still_reports(live: Live) -> None:
    _, _, page = live.post("/en/write/anonymous", {"token": live.token(), "text": "The ladder is broken."})
    receipt = re.search(r'name="receipt" value="([\w-]+)"', page)
    assert receipt
    live.world.triage_all()  # type: ignore[attr-defined]
    assert "The ladder is broken." in unescape(live.post("/en/receipt", {"receipt": receipt[1]})[2])
