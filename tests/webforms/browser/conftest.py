"""A real Chromium without JavaScript, as Tor Browser's safest level would be, that writes down every request it makes."""

import json
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from heedtest.live import Live
from heedtest.sites import World
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
GONE = (NoSuchElementException, StaleElementReferenceException)
DESK = 1280


class Browser:
    """What a person does: go, type, press, read."""

    def __init__(self, driver: webdriver.Chrome, site: str) -> None:
        self.driver = driver
        self.site = site

    def go(self, path: str) -> None:
        self.driver.get(self.site + path)

    def type(self, name: str, text: str) -> None:
        self.driver.find_element(By.ID, name).send_keys(text)

    def press(self, words: str) -> None:
        found = [one for one in self.driver.find_elements(By.CSS_SELECTOR, "button, a") if words in one.text]
        assert found, f"nothing to press says {words!r}"
        found[0].click()

    def find(self, selector: str):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    @property
    def words(self) -> str:
        return self.find("body").text

    def sees(self, words: str, selector: str = "body") -> None:
        """Wait for the page that says this: pressing a button returns before the next page is there."""

        def said(driver: webdriver.Chrome) -> bool:
            return words in driver.find_element(By.CSS_SELECTOR, selector).text

        WebDriverWait(self.driver, 30, ignored_exceptions=GONE).until(said, f"{words!r} to be on the page")

    @property
    def width(self) -> int:
        return int(self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["width"])

    def requests(self) -> list[str]:
        """Every address this page and its predecessors asked for."""
        lines = [json.loads(line["message"])["message"] for line in self.driver.get_log("performance")]
        return [line["params"]["request"]["url"] for line in lines if line["method"] == "Network.requestWillBeSent"]

    def hosts(self) -> set[str]:
        return {urlsplit(one).netloc for one in self.requests() if not one.startswith(("data:", "chrome"))}


@pytest.fixture
def live(world: World) -> Iterator[Live]:
    running = Live(world)
    yield running
    running.end()


@pytest.fixture
def browse(live: Live, tmp_path) -> Iterator:
    """Opens browsers; `browse(width)` is one with JavaScript off."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromium-driver")
    opened: list[webdriver.Chrome] = []

    def start(width: int = DESK) -> Browser:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
            options.add_argument(argument)
        options.add_argument(f"--user-data-dir={tmp_path / 'profile'}{len(opened)}")
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
        opened.append(driver)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        return Browser(driver, f"http://127.0.0.1:{live.port}")

    yield start
    for driver in opened:
        driver.quit()
