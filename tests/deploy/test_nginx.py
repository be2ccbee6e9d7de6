"""`deploy/nginx.conf` in front of the running site, in a real nginx: it writes down nobody, and no body touches its disk."""

import http.client
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from heedtest.live import Live
from heedtest.sites import make_world, multipart
from heedtest.waiting import wait_until

CONF = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
AGENT, NAME, ADDRESS = "MARKER-AGENT", "MARKER-NAME", "203.0.113.77"

pytestmark = [pytest.mark.system, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]

FAULTS = {
    "a log of visits": ("access_log off;", "access_log logs/access.log;"),
    "bodies on disk": ("proxy_request_buffering off;", "proxy_request_buffering on; client_body_buffer_size 8k;"),
    "who asks is told": ('proxy_set_header User-Agent "";', ""),
}


@pytest.fixture(scope="module")
def live(tmp_path_factory) -> Iterator[Live]:
    world = make_world(tmp_path_factory.mktemp("site"))
    running = Live(world)
    yield running
    running.end()
    world.close()


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextmanager
def nginx(prefix: Path, behind: int, *fault: str) -> Iterator[int]:
    """The shipped file in an nginx of its own, on a port of its own and without TLS; gives the port."""
    port, text = free_port(), CONF.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{behind}")
    text = text[: text.index("server {\n    listen 80;")].replace("443 ssl http2", f"127.0.0.1:{port}")
    text = "\n".join(line for line in text.splitlines() if "ssl_" not in line)
    if fault:
        assert fault[0] in text
        text = text.replace(*fault, 1)
    (prefix / "logs").mkdir(parents=True)
    bodies = f"client_body_temp_path {prefix}/bodies 1 2; proxy_temp_path {prefix}/answers 1 2;"
    spare = " ".join(f"{name}_temp_path {prefix}/spare;" for name in ("fastcgi", "uwsgi", "scgi"))
    run_as = "user root;" if Path("/proc/self").owner() == "root" else ""
    whole = f"{run_as} daemon off; master_process off; pid {prefix}/pid; events {{}} http {{ {bodies} {spare} {text} }}"
    (prefix / "nginx.conf").write_text(whole)
    command = [str(NGINX), "-e", f"{prefix}/logs/error.log", "-p", str(prefix), "-c", str(prefix / "nginx.conf")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            wait_until(lambda: _answers(port), "nginx answers")
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as made:
        return made.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, method: str, path: str, body: bytes | None = None, **more: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "User-Agent": AGENT,
        "X-Forwarded-For": ADDRESS,
        "Cookie": "MARKER=1",
        "Referer": f"http://{NAME}/",
        **more,
    }
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    connection.close()
    return found


def report(port: int) -> tuple[int, dict[str, str], str]:
    page = ask(port, "GET", "/en/write/anonymous")[2]
    token = page.split('name="token" value="')[1].split('"')[0]
    kind, body = multipart({"token": token, "text": NAME}, {f"{NAME}.bin": NAME.encode() * 100_000})
    return ask(port, "POST", "/en/write/anonymous", body, **{"Content-Type": kind})


def traces(prefix: Path) -> list[str]:
    """What nginx has written: files with a marker, and folders that it made for bodies."""
    held = [path for path in prefix.rglob("*") if path.is_file() and path.name not in {"nginx.conf", "pid"}]
    marks = (AGENT.encode(), NAME.encode(), ADDRESS.encode(), b"127.0.0.1", b"/en/")
    found = [str(path) for path in held if any(mark in path.read_bytes() for mark in marks)]
    return found + [str(path) for path in (*(prefix / "bodies").rglob("*"), *(prefix / "answers").rglob("*"))]


def test_a_report_passes_and_leaves_nothing(live, tmp_path):
    with nginx(tmp_path / "n", live.port) as port:
        status, headers, page = report(port)
        assert status == 200
        assert "receipt" in page
        assert "set-cookie" not in headers
        assert headers["cache-control"] == "no-store"
        assert "nginx/" not in headers.get("server", "")
        assert ask(port, "GET", f"/nothing/{NAME}")[0] == 404
        assert ask(port, "GET", "/%2e%2e/%2e%2e/" + NAME)[0] in {400, 404}
    assert traces(tmp_path / "n") == []


def test_when_the_site_is_down_nothing_is_said_of_it(tmp_path):
    with nginx(tmp_path / "n", free_port()) as port:
        status, headers, page = ask(port, "GET", f"/en/s/{NAME}")
        assert status == 503
        assert headers["referrer-policy"] == "no-referrer"
        assert "nginx" not in page
    assert traces(tmp_path / "n") == []


@pytest.mark.parametrize("fault", ["a log of visits", "bodies on disk"])
def test_a_planted_fault_shows(live, tmp_path, fault):
    with nginx(tmp_path / "n", live.port, *FAULTS[fault]) as port:
        assert report(port)[0] == 200
    assert traces(tmp_path / "n")


@pytest.mark.parametrize("fault", ["", "who asks is told"])
def test_who_asks_does_not_reach_the_site(tmp_path, fault):
    lines = ("GET /en/ HTTP/1.1", "Host: x", f"User-Agent: {AGENT}", f"X-Forwarded-For: {ADDRESS}", f"Cookie: {NAME}")
    with (
        socket.create_server(("127.0.0.1", 0)) as behind,
        nginx(tmp_path / "n", behind.getsockname()[1], *FAULTS.get(fault, ())) as port,
        socket.create_connection(("127.0.0.1", port)) as visitor,
    ):
        visitor.sendall("\r\n".join((*lines, "", "")).encode())
        with behind.accept()[0] as heard:
            said = heard.recv(65536).decode()
    assert ADDRESS not in said
    assert NAME not in said
    assert (AGENT in said) is bool(fault)
