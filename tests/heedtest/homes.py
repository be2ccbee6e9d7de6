"""Homes and running Heeds for the system tests, and waiting for what becomes of a mail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from pathlib import Path

from heedtest.look import account, answers_to, cases_by_message_id, envelope, settled
from heedtest.mails import Mail, make_mail
from heedtest.served import Served
from heedtest.sink import Sink
from heedtest.waiting import wait_until

LEASE_SECONDS = 2
"""Short, so that what a killed process held is given out again soon."""


@dataclass
class Mailed:
    """A running Heed with its sink, and what has been accepted by it so far."""

    served: Served
    sink: Sink
    accepted: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def home(self) -> Path:
        return self.served.home

    def next_mail(self, run: str) -> Mail:
        """A mail nobody has sent yet."""
        return make_mail(run, next(self._numbers))

    def settle(self, *, seconds: float = 60.0) -> None:
        """Wait until every accepted mail has come through, and nothing else came of it."""
        wait_until(lambda: settled(self.home), "nothing to be under way", seconds=seconds)
        found = account(self.home, self.accepted, self.sink.mails())
        assert found.in_order, str(found)


def new_home(folder: Path, *, toml: str = "") -> Path:
    """A home with settings that suit tests; `heed serve` makes the rest."""
    home = folder / "home"
    home.mkdir(parents=True, mode=0o700)
    (home / "heed.toml").write_text(f"[work]\nlease_seconds = {LEASE_SECONDS}\n{toml}")
    return home


def one_case(served: Served, message_id: str, *, seconds: float = 30.0) -> str:
    """The reference of the one case that a mail becomes."""
    found = wait_until(
        lambda: cases_by_message_id(served.home, [message_id])[message_id], f"a case of {message_id}", seconds=seconds
    )
    assert len(found) == 1
    return found[0]


def ended(served: Served, reference: str, *, seconds: float = 60.0) -> str:
    """How an envelope ended: triaged or held."""
    wait_until(
        lambda: envelope(served.home, reference)[0] in {"triaged", "held"}, f"{reference} to end", seconds=seconds
    )
    return envelope(served.home, reference)[0]


def one_answer(served: Served, message_id: str) -> EmailMessage:
    """The one mail in the Maildir that answers a mail."""
    found = wait_until(
        lambda: answers_to(served.home / "outgoing", message_id), f"an answer to {message_id}", seconds=30
    )
    assert len(found) == 1
    return found[0]
