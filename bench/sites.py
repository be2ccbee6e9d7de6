"""The public site: how long its pages take, and how many forms a second it takes, beside a bare Flask app on waitress."""

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode

from heedtest.served import Served

from bench.figures import Figure, percentile

_BARE = """
import json, sys
from flask import Flask, request
from waitress import create_server
app = Flask("bare")
@app.get("/")
def page(): return "x" * 3000
@app.post("/")
def taken(): return "x" * 3000 + str(len(request.form["text"]))
server = create_server(app, host="127.0.0.1", port=0, threads=8)
print(json.dumps(server.effective_port), flush=True)
server.run()
"""
TEXT = "My badge has stopped working, and the night shift lets nobody in without one. Who can help? " * 5


def site_figures(served: Served, *, forms: int, pages: int) -> Iterator[Figure]:
    """Page times at p95 and the rate of forms sent, each as a ratio to the bare app's in the same run."""
    home, form = served.web, "/en/write/general"
    with bare_site() as bare:
        _page_times(bare, "/", pages // 5)
        plain = _page_times(bare, "/", pages)
        for name, path in (("start page", "/en/"), ("form page", form)):
            seconds = _page_times(home, path, pages)
            against = f"bare Flask page p95 {percentile(plain, 95) * 1000:.1f} ms, {pages} pages one by one"
            yield Figure(f"{name}, p95", percentile(seconds, 95) * 1000, "ms", against, aim=50, at_least=False)
        base = _rate(forms, lambda number: _post(bare, "/", {"text": TEXT + str(number)}))
        rate = _rate(forms, lambda number: _send(home, form, number))
        against = (
            f"{rate:.0f}/s against {base:.0f}/s of a bare Flask form; each is a page fetched, a form sealed and synced"
        )
        yield Figure("forms sent, 8 at a time", rate / base, "ratio", against)


@contextmanager
def bare_site() -> Iterator[tuple[str, int]]:
    """A Flask app that answers and does nothing, behind waitress, in a process of its own."""
    with subprocess.Popen((sys.executable, "-c", _BARE), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield "127.0.0.1", int(json.loads(process.stdout.readline()))
        finally:
            process.terminate()


def _page_times(site: tuple[str, int], path: str, count: int) -> list[float]:
    seconds = []
    connection = http.client.HTTPConnection(*site, timeout=30)
    for _ in range(count):
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - began)
        assert answer.status == 200, answer.status
    connection.close()
    return seconds


def _rate(count: int, send) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(count)))
    return count / (time.perf_counter() - began)


def _post(site: tuple[str, int], path: str, fields: dict[str, str]) -> str:
    connection = http.client.HTTPConnection(*site, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode(fields), headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    assert answer.status == 200, (answer.status, said[:500])
    return said


def _send(site: tuple[str, int], path: str, number: int) -> None:
    connection = http.client.HTTPConnection(*site, timeout=30)
    connection.request("GET", path)
    page = connection.getresponse().read().decode()
    connection.close()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None
    fields = {"token": token.group(1), "name": "Sam", "email": f"sam{number}@people.example", "subject": "Badge"}
    said = _post(site, path, fields | {"text": f"{TEXT} {number}"})
    assert "HR-" in said
