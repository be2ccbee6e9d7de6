"""`heed serve`: everything on one machine, with one command."""

import json
import os
import signal
import socket
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
@click.option("--web-port", type=click.IntRange(0, 65535), help="Port of the public site; 0 picks a free one.")
@click.option("--console-port", type=click.IntRange(0, 65535), help="Port of the staff site; 0 picks a free one.")
@click.option("--relay", metavar="HOST:PORT", help="Mail relay for outgoing mail; without one it lands in a Maildir.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes.")
def serve(
    home: Path,
    smtp_port: int | None,
    web_port: int | None,
    console_port: int | None,
    relay: str | None,
    workers: int | None,
) -> None:
    """Run mail door, public site, console, relay, workers and Redis, all in one home folder."""
    from cases.keys.files import KeyFiles
    from gateway.serve.home import lock, prepare
    from gateway.serve.key_watch import KeyWatch
    from gateway.serve.screen import Screen
    from gateway.settings import Everything, load
    from gateway.shell import refuse_foreign_packages

    refuse_foreign_packages()
    home = home.resolve()
    overrides = _overrides(
        {
            "smtp": {"port": smtp_port},
            "web": {"port": web_port},
            "console": {"port": console_port},
            "outgoing": {"relay": relay},
            "work": {"workers": workers},
        }
    )
    held = lock(home)
    settings = load(Everything, home, overrides)
    overrides = _settled(settings, overrides)
    screen = Screen(settings)
    prepared = prepare(settings)
    children = Children(screen.say)
    try:
        ended = _ended_by_signal()
        facts = _start(children, settings, home, overrides, ended)
        sys.stdout.write(json.dumps({"ready": True, **facts, "home": str(home), "pids": children.pids()}) + "\n")
        sys.stdout.flush()
        screen.welcome(facts, prepared)
        keys = KeyWatch(KeyFiles(settings.keys_folder))
        while not ended:
            children.watch()
            for name in keys.changed():
                screen.say(name, "starts anew: a key it holds was rotated")
                children.again(name)
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
    niceness_of = {"worker": 10, "smtp": 0, "web": 0, "console": 0, "relay": 5}
    if settings.imap.mailboxes:
        niceness_of["imap"] = 0
    for name, niceness in niceness_of.items():
        children.start(Plan(name, heed_command(name), environment(name, home, overrides), niceness=niceness))
    facts: dict[str, Any] = {}
    for name in sorted(niceness_of, key=lambda name: name == "worker"):  # the slowest to come up is waited for last
        said = json.loads(children.wait_ready(name, timeout=60, interrupted=lambda: bool(ended)))
        facts.update({key: value for key, value in said.items() if key in {"smtp", "web", "console", "imap"}})
        if name in facts and name != "imap":
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


def _overrides(given: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The options that were given, by section."""
    named = {section: {k: v for k, v in values.items() if v is not None} for section, values in given.items()}
    return {section: values for section, values in named.items() if values}


def _settled(settings: Any, overrides: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Port 0 becomes a free port now, so that a door that is restarted comes back where it was.

    With no public address configured, status links lead to the site on this machine.
    """
    settled = {section: dict(values) for section, values in overrides.items()}
    for section in ("smtp", "web", "console"):
        chosen = getattr(settings, section)
        # A site on its usual port steps aside for what is there already; a mail door is where others expect it.
        usual = section != "smtp" and "port" not in chosen.model_fields_set
        if chosen.port == 0 or (usual and not _is_free(chosen.host, chosen.port)):
            settled.setdefault(section, {})["port"] = _free_port(chosen.host)
    if not settings.organisation.public_url:
        port = settled.get("web", {}).get("port", settings.web.port)
        settled.setdefault("organisation", {})["public_url"] = f"http://{settings.web.host}:{port}"
    return settled


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _ended_by_signal() -> list[int]:
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ended.append(number))
    signal.signal(signal.SIGINT, lambda number, _frame: ended.append(number))
    return ended
