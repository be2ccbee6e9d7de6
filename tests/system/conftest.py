"""A running Heed for the system tests: one that leaves its mail in the Maildir, one that hands it to a sink."""

from collections.abc import Iterator

import pytest
from heedtest.homes import Mailed, new_home
from heedtest.served import Served, serve
from heedtest.sink import Sink


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A Heed without a relay: its mail lands in the Maildir `outgoing`."""
    with serve(new_home(tmp_path_factory.mktemp("local"))) as served:
        yield served


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailed]:
    """A Heed that hands its mail to a sink."""
    with Sink() as sink, serve(new_home(tmp_path_factory.mktemp("mailed")), "--relay", sink.address) as served:
        yield Mailed(served, sink)
