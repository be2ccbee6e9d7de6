"""`heed serve`: everything on one machine, with one command."""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import click

from gateway.options import home_option
from gateway.serve.children import Children, Plan, heed_command


@click.command()
@home_option
@click.option("--smtp-port", type=click.IntRange(0, 65535), help="Port of the mail door; 0 picks a free one.")
@click.option("--relay", metavar="HOST:PORT", help="Mail relay for outgoing mail; without one it lands in a Maildir.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes.")
def serve(home: Path, smtp_port: int | None, relay: str | None, workers: int | None) -> None:
    """Run mail door, relay, workers and Redis, all in one home folder."""
    from gateway.serve.home import lock, prepare
    from gateway.serve.screen import Screen
    from gateway.settings import Everything, load
    from gateway.shell import refuse_foreign_packages

    refuse_foreign_packages()
    home = home.resolve()
    overrides = _overrides(smtp_port=smtp_port, relay=relay, workers=workers)
    held = lock(home)
    settings = load(Everything, home, overrides)
    screen = Screen(settings)
    prepared = prepare(settings)
    children = Children(screen.say)
    try:
        ended = _ended_by_signal()
        facts = _start(children, settings, home, overrides, ended)
        sys.stdout.write(json.dumps({"ready": True, **facts, "home": str(home), "pids": children.pids()}) + "\n")
        sys.stdout.flush()
        screen.welcome(facts, prepared)
        while not ended:
            children.watch()
            time.sleep(0.1)
    except InterruptedError:
        screen.say("heed", "ended before everything was up")
    except TimeoutError as error:
        raise click.ClickException(str(error)) from error
    finally:
        children.end(patience=4.0)
        held.close()


def _start(
    children: Children, settings: Any, home: Path, overrides: dict[str, dict[str, Any]], ended: list[int]
) -> dict[str, Any]:
    """Start every process and wait until all answer; returns what they said of themselves."""
    from gateway.serve import redis
    from gateway.settings import socket_path

    if not settings.redis.url:
        path = socket_path(home)
        children.start(redis.plan(redis.find_server(), path))
        redis.wait_for(path, timeout=20)
    # Doors come first when both cores are busy: a sender waits, a triage may.
    for name, niceness in (("worker", 10), ("smtp", 0), ("relay", 5)):
        children.start(Plan(name, heed_command(name), environment(name, home, overrides), niceness=niceness))
    facts: dict[str, Any] = {}
    for name in ("smtp", "relay", "worker"):
        said = json.loads(children.wait_ready(name, timeout=60, interrupted=lambda: bool(ended)))
        facts.update({key: value for key, value in said.items() if key in {"smtp", "web", "console"}})
        if name in facts:
            children.grant(name, **{f"HEED_{name.upper()}__PORT": str(facts[name]).rpartition(":")[2]})
    return facts


def environment(process: str, home: Path, overrides: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The variables one process is granted: its home, and only the settings of its own slice."""
    from gateway.settings import SLICES

    sections = set(SLICES[process].model_fields)
    granted = {"HEED_HOME": str(home)}
    for variable, value in os.environ.items():
        section, double, _name = variable.removeprefix("HEED_").lower().partition("__")
        if variable.startswith("HEED_") and double and section in sections:
            granted[variable] = value
    for section, values in overrides.items():
        if section in sections:
            granted |= {f"HEED_{section}__{name}".upper(): str(value) for name, value in values.items()}
    return granted


def _overrides(*, smtp_port: int | None, relay: str | None, workers: int | None) -> dict[str, dict[str, Any]]:
    given: dict[str, dict[str, Any]] = {}
    if smtp_port is not None:
        given["smtp"] = {"port": smtp_port}
    if relay is not None:
        given["outgoing"] = {"relay": relay}
    if workers is not None:
        given["work"] = {"workers": workers}
    return given


def _ended_by_signal() -> list[int]:
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ended.append(number))
    signal.signal(signal.SIGINT, lambda number, _frame: ended.append(number))
    return ended
