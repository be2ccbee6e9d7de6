"""A real Chromium without JavaScript, as Tor Browser's safest level would be, that writes down every request it makes."""

from collections.abc import Iterator

import pytest
from heedtest.chromium import CHROMIUM, DESK, DRIVER, Browser, sized, start
from heedtest.live import Live
from heedtest.sites import World
from selenium import webdriver
from selenium.webdriver.common.by import By


class Reporter(Browser):
    """Fills in forms whose fields are known by their ids."""

    def type(self, name: str, text: str) -> None:
        self.driver.find_element(By.ID, name).send_keys(text)


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

    def opening(width: int = DESK) -> Reporter:
        opened.append(start(tmp_path / f"profile{len(opened)}", javascript=False, logs=True))
        sized(opened[-1], width)
        return Reporter(opened[-1], f"http://127.0.0.1:{live.port}")

    yield opening
    for driver in opened:
        driver.quit()
