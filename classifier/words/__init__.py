"""Word lists, one word a line: given names to mask, function words that are never evidence."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def load_words(name: str) -> frozenset[str]:
    """The words of `<name>.txt`, which are lower-case and without accents; lines that begin with # are notes."""
    lines = (_HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
