"""What several conditions share: values with a `*`, members of teams and groups, numbers within bounds."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from rules.language.shapes import Field, Number
from rules.ruleset import Ruleset
from rules.text.words import fold


@lru_cache(maxsize=4096)
def _pieces(pattern: str) -> tuple[str, ...]:
    return tuple(fold(pattern).split("*"))


def matches(value: str, pattern: str) -> bool:
    """Whether `value` is `pattern`, where `*` stands for anything; case and accents do not matter. Linear time."""
    first, *rest = _pieces(pattern)
    folded = fold(value.strip())
    if not rest:
        return folded == first
    if not folded.startswith(first):
        return False
    place = len(first)
    for piece in rest[:-1]:
        found = folded.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(folded) - len(rest[-1]) >= place and folded.endswith(rest[-1])


def members_of(ruleset: Ruleset, teams: Iterable[str] = (), people: Iterable[str] = ()) -> frozenset[str]:
    """Addresses (lower case) of everyone in these teams and groups, leads included."""
    found = {address.lower() for name in teams for address in (*ruleset.teams[name].members, ruleset.teams[name].lead)}
    found |= {address.lower() for name in people for address in ruleset.people[name].members}
    return frozenset(found - {""})


def bounds(least: float, most: float) -> dict[str, Field]:
    """The keys `at_least` and `below`, for a number within these limits."""
    return {
        "at_least": Field(Number(least, most), "this much or more"),
        "below": Field(Number(least, most), "less than this"),
    }


def bound_words(at_least: float | None, below: float | None) -> str:
    """The bounds in words."""
    parts: list[Any] = [f"at least {at_least:g}"] if at_least is not None else []
    return " and ".join(parts + ([f"below {below:g}"] if below is not None else []))
