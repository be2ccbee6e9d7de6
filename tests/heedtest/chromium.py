"""Headless Chromiums, with JavaScript or without, at any width, light or dark, and what a person does in one."""

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
)
DESK, PHONE = 1280, 390
PATIENCE_S = 60
Answer = TypeVar("Answer")


class Browser:
    """What a person does: go, type, press, read.

    Everything waits for what it needs: pressing a button returns before the next page is there, and a question asked
    while one page gives way to another is answered with any of a dozen errors.
    """

    def __init__(self, driver: webdriver.Chrome, site: str = "") -> None:
        self.driver = driver
        self.site = site

    def until(self, question: Callable[[webdriver.Chrome], Answer], hope: str) -> Answer:
        """The first answer that is not empty; errors on the way to it count as none."""
        return WebDriverWait(self.driver, PATIENCE_S, ignored_exceptions=(WebDriverException,)).until(question, hope)

    def go(self, path: str) -> None:
        self.driver.get(self.site + path)

    def find(self, selector: str) -> WebElement:
        return self.until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector), f"{selector} to be there")

    def press(self, words: str) -> None:
        def pressed(driver: webdriver.Chrome) -> bool:
            every = driver.find_elements(By.CSS_SELECTOR, "button, a, summary")
            found = [one for one in every if words in one.text]
            if found:
                found[0].click()
            return bool(found)

        self.until(pressed, f"something to press that says {words!r}")

    @property
    def words(self) -> str:
        return self.find("body").text

    def sees(self, words: str, selector: str = "body") -> None:
        """Wait for the page that says this."""
        self.until(
            lambda driver: words in driver.find_element(By.CSS_SELECTOR, selector).text, f"{words!r} to be on the page"
        )

    @property
    def width(self) -> int:
        return int(self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["width"])

    def requests(self) -> list[str]:
        """Every address this page and its predecessors asked for."""
        lines = [json.loads(line["message"])["message"] for line in self.driver.get_log("performance")]
        return [line["params"]["request"]["url"] for line in lines if line["method"] == "Network.requestWillBeSent"]

    def hosts(self) -> set[str]:
        """Every host that was asked for anything."""
        return {urlsplit(one).netloc for one in self.requests() if not one.startswith(("data:", "chrome"))}


def start(profile: Path, *, javascript: bool = True, logs: bool = False) -> webdriver.Chrome:
    """A browser with a profile of its own; `logs` writes down its requests and what its console says."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    if not javascript:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    if logs:
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))


@contextmanager
def chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """A browser with a profile of its own, ended afterwards."""
    driver = start(profile)
    try:
        yield driver
    finally:
        driver.quit()


def sized(driver: webdriver.Chrome, width: int, height: int = 900, *, dark: bool = False) -> None:
    """Give the page this width in CSS pixels, and light or dark."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def shot(driver: webdriver.Chrome, path: Path) -> None:
    """The whole page as a picture."""
    taken = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    path.write_bytes(base64.b64decode(taken["data"]))
