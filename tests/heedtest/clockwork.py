"""The machinery of time without processes: the relay's tick and look-out, and every job, until nothing is due."""

from typing import Any

from cases.store import outbox
from cases.store.engine import writing
from cases.store.tick import take_steps, tick
from gateway.settings import RelaySlice
from gateway.settings.time import Reminders
from worker.attending import CHECKS, INBOX_CHECKS
from worker.jobs.attend import Attend
from worker.jobs.chat import Chat
from worker.jobs.digest import Digest
from worker.jobs.mail import SendMail
from worker.looking import Lookout
from worker.mail.compose import Mail


class Clockwork:
    """What relay and workers do at one moment of a frozen clock, on a workshop whose transport keeps what it is given."""

    def __init__(self, shop: Any, reminders: Reminders | None = None) -> None:
        self.shop = shop
        self.lookout = Lookout(
            shop.inbox, shop.record, RelaySlice(home=shop.settings.home, reminders=reminders or Reminders())
        )
        self.jobs = {"attend": Attend(shop), "digest": Digest(shop), "chat": Chat(shop), "mail": SendMail(shop)}

    def tick(self) -> None:
        """Miss the clocks that ran out, and take the steps of ladders that have come."""
        now = self.shop.now()
        with writing(self.shop.record) as connection:
            while tick(connection, now):
                pass
            while take_steps(connection, now):
                pass

    def look(self) -> None:
        """Tick, and run every check that is due."""
        self.tick()
        now = self.shop.now()
        for _ in range(len(CHECKS) + len(INBOX_CHECKS)):
            self.lookout.look(now)

    def work(self) -> list[Mail]:
        """Run every job that is due, until none is; what was sent."""
        sent = self.shop.transport.sent
        before, number = len(sent), 0
        while True:
            leased: dict[str, list[str]] = {}
            for urgent in (True, False):
                with writing(self.shop.record) as connection:
                    batch = f"c{number}{'u' if urgent else 'r'}"
                    leased = outbox.lease_due(
                        connection, batch=batch, now=self.shop.now(), seconds=10, most=50, urgent=urgent
                    )
                for kind, ids in leased.items():
                    self.jobs[kind](batch, ids)
                if leased:
                    break
            number += 1
            if not leased:
                return list(sent[before:])

    def run(self) -> list[Mail]:
        """Look, then work."""
        self.look()
        return self.work()
