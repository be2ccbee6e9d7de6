"""A whole Heed with its console, and real Chromiums before it."""

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from json import loads
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from heedtest.homes import new_home
from heedtest.served import Served, serve
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from cases.model.codes import new_password
from cases.store import people
from cases.store.engine import open_database, sqlite_url, writing
from cases.store.rows import new_id

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
GONE = (NoSuchElementException, StaleElementReferenceException)
DESK, PHONE = 1280, 390


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


class Browser:
    """What a person does: go, type, press, read."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def go(self, address: str) -> None:
        self.driver.get(address)

    def find(self, selector: str):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def type(self, name: str, text: str) -> None:
        self.find(f'main [name="{name}"]').send_keys(text)

    def press(self, words: str) -> None:
        found = [one for one in self.driver.find_elements(By.CSS_SELECTOR, "button, a, summary") if words in one.text]
        assert found, f"nothing to press says {words!r}"
        found[0].click()

    def sees(self, words: str) -> None:
        def said(driver: webdriver.Chrome) -> bool:
            return words in driver.find_element(By.TAG_NAME, "body").text

        WebDriverWait(self.driver, 30, ignored_exceptions=GONE).until(said, f"{words!r} to be on the page")

    def finds(self, selector: str) -> None:
        WebDriverWait(self.driver, 30).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, selector), selector)

    @property
    def width(self) -> int:
        return int(self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["width"])

    def hosts(self) -> set[str]:
        """Every host that was asked for anything."""
        lines = [loads(line["message"])["message"] for line in self.driver.get_log("performance")]
        asked = [line["params"]["request"]["url"] for line in lines if line["method"] == "Network.requestWillBeSent"]
        return {urlsplit(one).netloc for one in asked if not one.startswith(("data:", "chrome"))}

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
def browse(tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """Opens browsers; `browse(width, javascript=False)` is one without JavaScript."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromium-driver")
    opened: list[webdriver.Chrome] = []

    def start(width: int = DESK, *, javascript: bool = True) -> Browser:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
        ):
            options.add_argument(argument)
        options.add_argument("--disable-background-networking")
        options.add_argument(f"--user-data-dir={tmp_path / 'profile'}{len(opened)}")
        if not javascript:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
        opened.append(driver)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        return Browser(driver)

    yield start
    for driver in opened:
        driver.quit()
