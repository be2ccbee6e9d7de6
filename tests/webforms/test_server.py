"""The real server: its own error pages, large bodies in memory, words kept, one answer for what is no receipt, quiet logs."""

import http.client
import logging
import socket
import tempfile
import threading
import time
from itertools import combinations
from statistics import median

import pytest
from heedtest.live import Live
from heedtest.sites import multipart

from cases.model.codes import new_receipt
from webforms.app import create_app
from webforms.headers import HEADERS

MIB = 1024 * 1024
MARK = "X-MARKER-AGENT"


@pytest.fixture
def live(world):
    world.site.web.__dict__.update(max_upload_bytes=2 * MIB, upload_memory_bytes=3 * MIB)
    running = Live(world)
    yield running
    running.end()


def check(headers) -> None:
    for name, value in HEADERS:
        assert headers.get_all(name) == [value], name
    assert headers.get("Set-Cookie") is None
    assert headers.get("Server") is None


@pytest.mark.parametrize("path", ["/en/", "/static/site.css", "/nothing", "/en/s/x", "/"])
def test_pages_come_with_the_exact_headers(live, path):
    check(live.ask("GET", path)[1])


BROKEN = {
    "400 line": b"nonsense\r\n\r\n",
    "400 header": b"GET / HTTP/1.1\r\nSECRET MARK: x\r\n\r\n",
    "400 length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: SECRET\r\n\r\n",
    "431": (b"GET / HTTP/1.1\r\nX: " + b"SECRET" * 6000)[: 32 * 1024],
    "413": b"POST /en/receipt HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n",
    "501": b"POST /en/receipt HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    "chunk": b"POST /en/receipt HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_servers_own_error_pages_have_them_and_quote_nothing(live, name):
    said = live.raw(BROKEN[name])
    assert said.startswith("HTTP/1."), said[:80]
    for header, value in HEADERS:
        assert f"{header}: {value}".lower() in said.lower(), header
    assert "SECRET" not in said
    assert "waitress" not in said.lower()
    assert "Set-Cookie" not in said


@pytest.fixture
def spooled(monkeypatch):
    """Every temporary file that anything makes meanwhile."""
    made: list[str] = []
    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        real = getattr(tempfile, name)

        def watched(*arguments, _real=real, _name=name, **named):
            made.append(_name)
            return _real(*arguments, **named)

        monkeypatch.setattr(tempfile, name, watched)
    for module in ("waitress.buffers", "werkzeug.formparser"):
        loaded = __import__(module, fromlist=["x"])
        for name in ("TemporaryFile", "SpooledTemporaryFile"):
            if hasattr(loaded, name):
                monkeypatch.setattr(loaded, name, getattr(tempfile, name))
    return made


def test_a_large_form_touches_no_disk_but_the_inbox(live, world, spooled):
    status, headers, page = live.post(
        "/en/write/anonymous", {"token": live.token(), "text": "Words"}, {"a": b"z" * MIB}
    )
    assert status == 200, page
    check(headers)
    assert len(world.envelopes()[0]["payload"]["files"][0]["content_base64"]) > MIB
    assert spooled == []


def test_the_watch_above_would_notice(world, spooled):
    """The fault planted: waitress as it comes spools the same form."""
    from waitress.server import create_server

    server = create_server(create_app(world.site), host="127.0.0.1", port=0)
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    kind, body = multipart({"text": "x"}, {"a": b"z" * MIB})
    connection = http.client.HTTPConnection("127.0.0.1", int(server.effective_port), timeout=30)
    connection.request("POST", "/en/write/anonymous", body, {"Content-Type": kind})
    connection.getresponse().read()
    connection.close()
    ended.set()
    thread.join()
    server.task_dispatcher.shutdown()
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()
    assert spooled


@pytest.mark.parametrize("chunked", [False, True])
def test_a_form_that_is_too_large_comes_back_with_its_words(live, world, spooled, chunked):
    kind, body = multipart({"token": live.token(), "text": "All my words"}, {"a": b"z" * 3 * MIB})
    if chunked:
        pieces = [body[at : at + 65536] for at in range(0, len(body), 65536)]
        body = b"".join(f"{len(one):x}\r\n".encode() + one + b"\r\n" for one in pieces) + b"0\r\n\r\n"
        head = f"POST /en/write/anonymous HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        page = live.raw(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + body)
        assert page.startswith("HTTP/1.1 413")
    else:
        status, headers, page = live.ask("POST", "/en/write/anonymous", body, Content_Type=kind)
        assert status == 413
        check(headers)
    assert "All my words" in page
    assert "2 MB together" in page
    assert world.envelopes() == []
    assert spooled == []
    assert live.server.budget.left == 3 * MIB


def unfinished(live, size: int) -> socket.socket:
    """A form of which everything but the end has been sent and received."""
    kind, body = multipart({"text": "x"}, {"a": b"z" * size})
    connection = socket.create_connection(("127.0.0.1", live.port), timeout=30)
    head = (
        f"POST /en/write/anonymous HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body[:-10])
    return connection


def until(true) -> None:
    """Wait for the other thread, bounded."""
    for _ in range(2000):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError("it never came true")


def test_too_many_uploads_at_a_time_keep_the_words_and_free_the_room(live, world):
    before = live.server.budget.left
    others = [unfinished(live, int(1.9 * MIB)) for _ in range(2)]
    until(lambda: before - live.server.budget.left > 2.7 * MIB)
    status, headers, page = live.post(
        "/en/write/anonymous", {"token": live.token(), "text": "All my words"}, {"a": b"z" * int(1.5 * MIB)}
    )
    assert (status, "All my words" in page) == (503, True)
    assert headers["Retry-After"]
    assert live.post("/en/write/anonymous", {"token": live.token(), "text": "No files"})[0] == 200
    for one in others:
        one.close()
    until(lambda: live.server.budget.left == before)
    assert (
        live.post("/en/write/anonymous", {"token": live.token(), "text": "x"}, {"a": b"z" * int(1.5 * MIB)})[0] == 200
    )
    until(lambda: live.server.budget.left == before)


def test_whatever_is_no_receipt_gets_one_answer_from_the_real_server(live):
    wrong = new_receipt(lambda _bits: 4711)
    pages = [live.post("/en/receipt", {"receipt": one}) for one in (wrong, "x", "", "A" * 10 * MIB)]
    assert {status for status, _, _ in pages} == {403}
    assert len({page for _, _, page in pages}) == 1
    assert len({tuple(pair for pair in headers.items() if pair[0] != "Date") for _, headers, _ in pages}) == 1


@pytest.mark.slow
def test_wrong_and_malformed_receipts_take_alike(world, person):
    """500 tries each, in turn, so that a busy machine slows all: no pair may differ with p < 0.001 and by over 1 ms."""
    from scipy.stats import mannwhitneyu

    world.site.web.__dict__.update(wrong_receipts_per_minute=100_000)
    tries = {"wrong": new_receipt(lambda _bits: 4711), "malformed": "hello", "expired": new_receipt(lambda _bits: 4712)}
    taken: dict[str, list[float]] = {name: [] for name in tries}
    for turn in range(500):
        for name in sorted(tries, key=lambda name: (hash(name) + turn) % 3):
            start = time.perf_counter()
            person.open(tries[name])
            taken[name].append(time.perf_counter() - start)
    for one, other in combinations(tries, 2):
        apart = abs(median(taken[one]) - median(taken[other]))
        assert apart < 0.001 or mannwhitneyu(taken[one], taken[other]).pvalue > 0.001, (one, other)


def test_no_line_names_a_visitor_or_a_code(live, caplog):
    caplog.set_level(logging.DEBUG)
    live.ask("GET", "/en/s/SECRETCODE", User_Agent=MARK)
    live.ask("POST", "/en/receipt", b"receipt=SECRETCODE", User_Agent=MARK)
    for broken in BROKEN.values():
        live.raw(broken)
    gone = unfinished(live, MIB)
    gone.close()
    until(lambda: live.server.budget.left == 3 * MIB)
    for record in caplog.records:
        line = record.getMessage() + str(record.exc_info)
        assert not any(word in line for word in ("SECRET", MARK, "127.0.0.1", "/en/")), line


def test_markers_are_found_nowhere_on_disk(live, world, caplog):
    """Address, browser and words of an anonymous report: in no table, journal, log or file of the home."""
    caplog.set_level(logging.DEBUG)
    kind, body = multipart({"token": live.token(), "text": "MARKER-WORDS"}, {"MARKER-NAME.txt": b"MARKER-CONTENT"})
    headers = {"User_Agent": "MARKER-AGENT", "X_Forwarded_For": "203.0.113.77", "Referer": "http://MARKER-REFERER/"}
    status, _, _ = live.ask("POST", "/en/write/anonymous", body, Content_Type=kind, Cookie="MARKER=1", **headers)
    assert status == 200
    kept = b"".join(path.read_bytes() for path in world.home.rglob("*") if path.is_file()) + caplog.text.encode()
    assert b"envelope" in kept
    for marker in (b"MARKER", b"203.0.113.77", b"127.0.0.1"):
        assert marker not in kept


def test_what_waitress_would_say_of_a_request_loses_its_words(live, caplog):
    """waitress's own lines name the path, the peer and the error's words (channel.py, task.py, wasyncore.py)."""
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger("waitress")
    try:
        raise ValueError("SECRET-WORDS")  # noqa: TRY301
    except ValueError:
        logger.exception("Exception while serving %s", "/s/SECRET-CODE")
    logger.warning("uncaptured exception, closing channel <Channel 203.0.113.77:5>")
    logger.info("Client disconnected while serving /s/SECRET-CODE")
    assert [record.getMessage() for record in caplog.records] == ["waitress: ValueError", "waitress: trouble"]
    assert "SECRET" not in caplog.text
