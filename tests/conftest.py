"""What every test shares: the helper package `heedtest`, Hypothesis without time limits, and what makes tests cheap."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("usual", deadline=None, max_examples=40)  # the long one runs wherever the usual one does not
settings.register_profile("long", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("usual")

from heedtest.economy import economise  # noqa: E402
from heedtest.stores import opened, server, stores  # noqa: E402, F401  fixtures for all

economise()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start real processes mostly wait: they stand among the first half of the others, so that no core idles."""
    waiting = dict.fromkeys(one.path for one in items if one.get_closest_marker("system"))
    others = dict.fromkeys(one.path for one in items if one.path not in waiting)
    place = {path: number / len(waiting) / 2 for number, path in enumerate(waiting)}
    place |= {path: number / len(others) for number, path in enumerate(others)}
    items.sort(key=lambda one: place[one.path])
