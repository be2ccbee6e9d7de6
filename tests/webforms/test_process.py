"""`heed web` as a process: says where it listens, answers, and ends when told."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from gateway.serve.home import prepare
from gateway.settings import Everything, load
from gateway.settings.doors import Web, on_loopback

pytestmark = pytest.mark.system


def test_it_starts_answers_and_ends(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    prepare(load(Everything, home))
    command = [sys.executable, "-m", "gateway.shell", "web", "--home", str(home)]
    environment = {"PATH": os.environ["PATH"], "HEED_WEB__PORT": "0", "TMPDIR": str(tmp_path)}
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        ready = json.loads(process.stdout.readline())
        try:
            with urlopen(f"http://{ready['web']}/en/") as page:
                assert "Report anonymously" in page.read().decode()
            with urlopen(f"http://{ready['web']}/en/expect") as page:
                assert "within" in page.read().decode()
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("host", "url", "local"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("localhost", "http://127.0.0.1:8080", True),
        ("0.0.0.0", "", False),
        ("127.0.0.1", "https://speak.acme.example", False),
        ("10.0.0.1", "http://127.0.0.1", False),
    ],
)
def test_what_counts_as_this_machine_only(host, url, local):
    assert on_loopback(Web(host=host), url) is local
