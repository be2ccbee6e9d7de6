"""One cleaned copy of each kind, made once, each in a process of its own."""

import pytest
from heedtest import papers

from gateway.cleaning.cleaner import clean_apart
from gateway.cleaning.kinds import Copy


@pytest.fixture(scope="session")
def copies() -> dict[str, Copy]:
    return {ending: clean_apart(make(), ending) for ending, make in papers.MAKERS.items()}
