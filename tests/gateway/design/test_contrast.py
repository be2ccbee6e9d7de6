"""The tokens reach WCAG 2.2 AA contrast in both schemes (success criteria 1.4.3 and 1.4.11), and pages use tokens only."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from gateway.design.sheets import stylesheet

SHEET = files("gateway.design").joinpath("tokens.css").read_text("utf-8")
LIGHT, DARK = SHEET.split("@media (prefers-color-scheme: dark)")
GROUNDS = ("paper", "surface", "sunken")
TEXT = [
    (ink, ground) for ink in ("ink", "ink-soft", "accent", "danger", "good", "accent-strong") for ground in GROUNDS
] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "accent-soft"),
    ("ink-soft", "accent-soft"),
    ("accent", "accent-soft"),
    ("accent-strong", "accent-soft"),
    ("ink", "danger-soft"),
    ("accent", "danger-soft"),
    ("ink", "warning-soft"),
    ("ink", "good-soft"),
    ("surface", "danger"),
    ("surface", "ink"),
]
EDGES = [(edge, ground) for edge in ("line-strong", "focus", "danger") for ground in GROUNDS]


def colours(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))


def luminance(colour: str) -> float:
    """WCAG 2.2, definition of relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("part", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3.0)], ids=["text", "edges"])
def test_pairs_reach_their_contrast(part, pairs, least):
    known = colours(part)
    weak = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


def test_both_schemes_name_the_same_colours():
    assert set(colours(LIGHT)) == set(colours(DARK))


def test_colours_are_written_in_the_tokens_only():
    own = [files("gateway.design").joinpath("base.css").read_text("utf-8")]
    own += [path.read_text("utf-8") for path in (Path(__file__).parents[3] / "webforms" / "static").glob("*.css")]
    assert own
    for sheet in own:
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*[;}])", sheet)


def test_the_sheet_is_one_file_and_loads_nothing():
    sheet = stylesheet().decode()
    assert "@import" not in sheet
    assert "url(" not in sheet
    assert sheet.index("--paper") < sheet.index(".button")
