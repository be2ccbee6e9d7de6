"""The SMTP door takes mail for the ruleset's aliases as they are now, and asks no more often than it must."""

import asyncio

import pytest

from cases.errors import TryLater
from gateway.channels.smtp import Aliases, Policy

POLICY = Policy.of(("hr@acme.example",), ("127.0.0.0/8",), 100_000)


class Published:
    """What the database would say, and how often it was asked."""

    def __init__(self) -> None:
        self.addresses: frozenset[str] = frozenset()
        self.asked = 0
        self.seconds = 0.0
        self.fails = False

    def look(self) -> frozenset[str]:
        self.asked += 1
        if self.fails:
            raise TryLater("the database cannot be read now")
        return self.addresses


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def takes(published: Published):
    aliases = Aliases(POLICY, published.look, lambda: published.seconds)
    return lambda recipient: asyncio.run(aliases.takes(recipient))


def test_an_alias_is_taken_soon_after_it_is_published_and_not_long_after_its_end(published: Published, takes) -> None:
    assert not takes("payroll@acme.example")
    published.addresses = frozenset({"payroll@acme.example"})
    published.seconds = 3
    assert takes("Payroll+TOKEN@acme.example")
    assert takes("hr@acme.example")
    published.addresses = frozenset()
    published.seconds = 64
    assert not takes("payroll@acme.example")
    assert takes("hr@acme.example")


def test_a_flood_of_unknown_recipients_asks_once_in_two_seconds(published: Published, takes) -> None:
    assert not any(takes(f"x{number}@acme.example") for number in range(50))
    assert published.asked == 1


def test_what_is_known_is_taken_while_the_database_is_away(published: Published, takes) -> None:
    published.fails = True
    assert takes("hr@acme.example")
    with pytest.raises(TryLater):
        takes("payroll@acme.example")
