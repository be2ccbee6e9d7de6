"""The organisation's colour and logo: any colour reads well, and only a small picture is served."""

import re

import pytest
from heedtest.sites import changed
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused
from gateway.settings.organisation import Organisation
from webforms.app import create_app
from webforms.branding import DARK, LIGHT, READABLE, brand_of, colour_rules, contrast

HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def tokens(css: str) -> list[dict[str, tuple[int, int, int]]]:
    """The colours of the light rules, then of the dark ones."""
    found = []
    for line in css.splitlines():
        named = re.findall(r"--([\w-]+): #(\w{6});", line)
        found.append({name: tuple(bytes.fromhex(digits)) for name, digits in named})
    return found


@given(HEX)
def test_whatever_colour_is_chosen_its_text_reads_well(colour):
    light, dark = tokens(colour_rules(colour))
    for found, surfaces in ((light, LIGHT), (dark, DARK)):
        for surface in (*surfaces, found["accent-soft"], found["on-accent"]):
            assert contrast(found["accent"], surface) >= READABLE
        assert contrast(found["accent-strong"], surfaces[0]) >= READABLE


def test_a_colour_that_reads_well_stays_as_it_is():
    assert tokens(colour_rules("#14574c"))[0]["accent"] == (0x14, 0x57, 0x4C)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("logo.gif", b"GIF89a", "none of"),
        ("logo.svg", None, "cannot be read"),
        ("logo.png", b"x" * 41 * 1024, "larger than 40 kB"),
    ],
)
def test_a_logo_that_cannot_be_shown_is_refused_with_its_reason(tmp_path, name, content, words):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match=words):
        brand_of(Organisation(logo=name), tmp_path)


def test_the_site_wears_them(world, helpers):
    (world.home / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    ours = Organisation(name="Kiln & Co", colour="#a01030", logo="logo.svg")
    person = helpers.person(create_app(changed(world, organisation=ours, home=world.home)).test_client())
    page, logo, style = person.look("/en/"), person.look("/static/logo"), person.look("/static/site.css")
    assert "Kiln &amp; Co" in page.text
    assert "/static/logo" in page.text
    assert (logo.mimetype, logo.data[:4]) == ("image/svg+xml", b"<svg")
    assert "--accent: #a01030" in style.text
