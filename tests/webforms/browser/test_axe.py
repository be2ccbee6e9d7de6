"""axe finds nothing on any public page, in light and dark, and nothing is wider than a narrow phone."""

from pathlib import Path

import pytest
from heedtest.axe import violations
from heedtest.chromium import CHROMIUM, DRIVER, chromium, sized
from heedtest.live import Live
from heedtest.pages import PAGES, prepare
from heedtest.sites import make_world
from heedtest.visits import Visitor

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromium-driver")
    home: Path = tmp_path_factory.mktemp("site")
    world = make_world(home)
    prepare(world)
    live = Live(world)
    with chromium(home / "profile") as driver:
        made = Visitor(driver, f"http://127.0.0.1:{live.port}")
        yield made
    live.end()
    world.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong_and_a_narrow_phone_shows_it_all(visitor, name):
    sized(visitor.driver, 320)
    PAGES[name](visitor, "en")
    assert violations(visitor.driver) == []
    assert visitor.driver.execute_script("return document.documentElement.scrollWidth") <= 320
    sized(visitor.driver, 1280, dark=True)
    assert violations(visitor.driver) == []


@pytest.mark.parametrize("lang", ["de", "fr", "es"])
def test_other_languages_fit_a_narrow_phone_too(visitor, lang):
    sized(visitor.driver, 320)
    for name, visit in PAGES.items():
        visit(visitor, lang)
        assert visitor.driver.execute_script("return document.documentElement.scrollWidth") <= 320, name
        assert visitor.driver.execute_script("return document.documentElement.lang") == lang, name
