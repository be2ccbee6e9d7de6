"""The anonymous channel of a running Heed: markers are sent, then everything is searched; processes die, receipts work."""

from collections.abc import Iterator
from random import Random
from time import sleep

import pytest
from heedtest import papers
from heedtest.homes import new_home
from heedtest.look import envelopes
from heedtest.reporters import RECEIPT, Reporters, ask, come_back, report
from heedtest.served import Served, serve
from heedtest.waiting import wait_until
from redis import Redis

from cases.model.codes import new_receipt
from gateway.settings import socket_path
from webforms.headers import HEADERS

pytestmark = pytest.mark.system

AGENT, WORDS, ADDRESS = "MARKER-AGENT-4711", "MARKER-WORDS-4711", "203.0.113.77"
WHO = {
    "User_Agent": AGENT,
    "X_Forwarded_For": ADDRESS,
    "Cookie": "MARKER=4711",
    "Referer": "http://marker-4711.example/",
}
MARKS = tuple(mark.encode() for mark in (AGENT, WORDS, ADDRESS, papers.MARK, "marker-4711", "MARKER=4711"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("adversarial")
    (folder / "tmp").mkdir()
    with serve(new_home(folder), environment={"TMPDIR": str(folder / "tmp")}) as served:
        yield served


@pytest.fixture(scope="module")
def receipt(running: Served) -> str:
    """One report with markers everywhere, triaged as far as it goes."""
    shown = report(running.web, WORDS, {f"{papers.MARK}.jpg": papers.jpeg()}, **WHO)
    assert shown
    wait_until(lambda: not envelopes(running.home).get("new"), "triage", seconds=30)
    return shown


def found_in(served: Served, marks: tuple[bytes, ...]) -> list[str]:
    """Where a mark stands: any file of the home, its journals, logs and temporary files; any value of Redis."""
    held = [path for path in served.home.parent.rglob("*") if path.is_file() and not path.is_symlink()]
    places = {str(path): path.read_bytes() for path in held}
    with Redis(unix_socket_path=str(socket_path(served.home))) as redis:
        for key in redis.keys("*"):
            places[f"redis {key!r}"] = key + (redis.dump(key) or b"") + repr(_value(redis, key)).encode()
    return [place for place, content in places.items() if any(mark in content for mark in marks)]


def _value(redis: Redis, key: bytes) -> object:
    return redis.hgetall(key) if redis.type(key) == b"hash" else None


def test_1_and_2_who_reports_and_what_they_say_is_found_nowhere(running: Served, receipt: str) -> None:
    for method, path, body in (
        ("GET", f"/en/{WORDS}", None),
        ("POST", "/en/receipt", b"receipt=" + WORDS.encode()),
        ("POST", "/en/write/anonymous", WORDS.encode()),
        ("PUT", f"/en/write/{WORDS}", WORDS.encode()),
    ):
        ask(running.web, method, path, body, **WHO)
    ask(running.web, "POST", "/en/receipt", b"receipt=" + b"A" * 3_000_000, **WHO)
    letters = receipt.replace("-", "").encode()
    assert found_in(running, (*MARKS, receipt.encode(), letters)) == []


@pytest.mark.parametrize("where", ["file", "redis"])
def test_1_a_marker_that_is_left_somewhere_is_found(running: Served, where: str) -> None:
    """The planted fault."""
    if where == "file":
        planted = running.home / "planted.log"
        planted.write_text(f"GET /en/ {ADDRESS}")
        assert found_in(running, MARKS) == [str(planted)]
        planted.unlink()
        return
    with Redis(unix_socket_path=str(socket_path(running.home))) as redis:
        redis.hset("planted", "exc_info", WORDS)
        assert [place.startswith("redis") for place in found_in(running, MARKS)] == [True]
        redis.delete("planted")


def test_3_and_4_every_answer_has_the_exact_headers_and_no_cookie(running: Served, receipt: str) -> None:
    answers = [
        ask(running.web, "GET", "/en/", **WHO),
        ask(running.web, "GET", "/", **WHO),
        ask(running.web, "GET", "/nothing", **WHO),
        ask(running.web, "GET", "/static/site.css", **WHO),
        come_back(running.web, receipt, **WHO),
    ]
    for status, headers, _ in answers:
        assert status in {200, 302, 303, 404}
        assert headers.get("Set-Cookie") is None
        for name, value in HEADERS:
            assert headers.get_all(name) == [value]


def test_5_whatever_is_no_receipt_gets_one_answer_and_the_owner_gets_in(running: Served, receipt: str) -> None:
    draw = Random(5)
    wrong = [new_receipt(draw.getrandbits) for _ in range(150)]
    answers = {(status, len(page), page) for status, _, page in (come_back(running.web, one) for one in wrong[:3])}
    for odd in ("hello", "", "A" * 10_000, "\x00é"):
        status, _, page = come_back(running.web, odd)
        answers.add((status, len(page), page))
    assert len(answers) == 1
    throttled = {come_back(running.web, one)[0] for one in wrong}
    assert throttled - {next(iter(answers))[0]}
    status, _, page = come_back(running.web, receipt)
    assert status == 200
    assert RECEIPT.search(page.decode())


def test_every_receipt_that_was_shown_works_whatever_was_killed(running: Served) -> None:
    """The small one, and the last: `python tests/long receipts --receipts 1000` is the large one."""
    draw = Random(7)

    def trouble() -> None:
        running.kill(draw.choice(["web", "worker", "relay", "workers"]))
        sleep(0.3)

    reporters = Reporters(lambda: running.web, 25)
    reporters.run(trouble)
    wait_until(lambda: _answers(running.web), "the site to answer", seconds=30)
    assert len(reporters.receipts) >= 25
    assert reporters.lost() == []


def _answers(where: tuple[str, int]) -> bool:
    try:
        return ask(where, "GET", "/en/")[0] == 200
    except OSError:
        return False
