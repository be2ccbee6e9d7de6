"""Words of four languages that mean alike at work, so that what is learned of one word is known of the others.

With a few hundred messages a language, most words are met too rarely to be learned by themselves. Which concept speaks
for which category is learned, not written down here; lists that decide something are in the rules.
"""

from functools import cache, lru_cache
from pathlib import Path

_SHORTEST, _LONGEST = 3, 16  # letters of a beginning that is looked up


@lru_cache(maxsize=65_536)
def concepts(word: str) -> tuple[str, ...]:
    """The concepts that a counted (folded, lower-case) word belongs to, in alphabetical order; mostly none."""
    whole, beginnings = _entries()
    found = set(whole.get(word, ()))
    for length in range(_SHORTEST, min(len(word), _LONGEST) + 1):
        found.update(beginnings.get(word[:length], ()))
    return tuple(sorted(found))


@cache
def _entries() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Whole words and beginnings, each with its concepts."""
    whole: dict[str, set[str]] = {}
    beginnings: dict[str, set[str]] = {}
    for line in (Path(__file__).parent / "words" / "concepts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, words = line.split(":")
        for word in words.split():
            (beginnings if word.endswith("*") else whole).setdefault(word.rstrip("*"), set()).add(name)
    return whole, beginnings
