"""Guardians: who takes what nobody else may see, and whether there are enough of them to open the anonymous channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian with a vault key: who they are, whom they report to ("" unknown), whether they administer."""

    address: str
    reports_to: str
    administrator: bool


def ready(guardians: Iterable[Guardian]) -> bool:
    """Two guardians in different reporting lines, neither of them an administrator.

    One guardian may be accused, two under one manager may be told to look away, and an administrator could let
    themselves in. An unknown line is no other line.
    """
    able = [one for one in guardians if not one.administrator and one.reports_to]
    return any(_independent(one, other) for one, other in combinations(able, 2))


def _independent(one: Guardian, other: Guardian) -> bool:
    return len({one.reports_to, other.reports_to, one.address, other.address}) == 4
