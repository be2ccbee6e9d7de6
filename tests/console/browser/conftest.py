"""A whole Heed with its console, and real Chromiums before it."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from heedtest.chromium import CHROMIUM, DESK, DRIVER, Browser, sized, start
from heedtest.homes import new_home
from heedtest.served import Served, serve
from selenium import webdriver

from cases.model.codes import new_password
from cases.store import people
from cases.store.engine import open_database, sqlite_url, writing
from cases.store.rows import new_id


@dataclass
class Site:
    """A running Heed, where its console answers, and the first passwords of its people."""

    served: Served
    console: str
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def public(self) -> str:
        return f"http://{self.served.ready['web']}"

    def hire(self, address: str, name: str, *roles: str) -> None:
        """Add a person, as if two had agreed on it already: whoever signed in before would have to."""
        password = new_password(secrets.choice)
        engine = open_database(sqlite_url(self.served.home / "record.db"))
        with writing(engine) as connection:
            people.add(
                connection,
                person_id=new_id(),
                address=address,
                name=name,
                roles=roles,
                password=password,
                by="test",
                now=datetime.now(UTC),
            )
        engine.dispose()
        self.passwords[address] = password


class Colleague(Browser):
    """Works in the console, whose fields are known by their names."""

    def type(self, name: str, text: str) -> None:
        self.find(f'main [name="{name}"]').send_keys(text)

    def finds(self, selector: str) -> None:
        self.find(selector)

    def sign_in(self, site: Site, address: str) -> None:
        """For the first time: password, second factor, a password of one's own."""
        self.go(f"{site.console}/sign-in")
        self.type("address", address)
        self.type("password", site.passwords[address])
        self.press("Continue")
        self.sees("Set up your second step")
        secret = self.find("#secret").text.replace(" ", "").replace("\n", "")
        self.type("code", pyotp.TOTP(secret).at(time.time()))
        self.press("Confirm and sign in")
        self.sees("Choose your own password")
        own = "a long password of my own"
        self.type("old", site.passwords[address])
        self.type("new", own)
        self.type("again", own)
        self.press("Keep this password")
        self.sees("Your password is changed")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = new_home(tmp_path_factory.mktemp("console"), toml='engine = "reference"\n')
    with serve(home, "--web-port", "0", "--console-port", "0", "--workers", "1") as served:
        yield Site(served, f"http://{served.ready['console']}")


@pytest.fixture
def browse(tmp_path: Path) -> Iterator[Callable[..., Colleague]]:
    """Opens browsers; `browse(width, javascript=False)` is one without JavaScript."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromium-driver")
    opened: list[webdriver.Chrome] = []

    def opening(width: int = DESK, *, javascript: bool = True) -> Colleague:
        opened.append(start(tmp_path / f"profile{len(opened)}", javascript=javascript, logs=True))
        sized(opened[-1], width)
        return Colleague(opened[-1])

    yield opening
    for driver in opened:
        driver.quit()
