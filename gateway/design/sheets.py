"""Joins the shared tokens and base rules with a site's own rules into the one stylesheet its pages load."""

from importlib.resources import files
from pathlib import Path

SHARED = ("tokens.css", "base.css")


def stylesheet(*own: Path) -> bytes:
    """The shared sheets, then a site's own in the order given, as UTF-8. Raises OSError when a file is missing."""
    folder = files("gateway.design")
    parts = [folder.joinpath(name).read_text("utf-8") for name in SHARED]
    parts += [path.read_text("utf-8") for path in own]
    return "\n".join(parts).encode()
