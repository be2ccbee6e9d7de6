"""Asks the DNS, with a cache, and within the seconds that one mail may cost."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

MOST_CACHED = 5000
"""Names remembered by one worker, for as long as each answer allows."""


class NoAnswer(Exception):
    """The DNS gave no answer in time, or is broken; what was asked remains open."""


class Lookup(Protocol):
    """What the checks need of the DNS."""

    def __call__(self, name: str, kind: str) -> list[Any]:
        """The records of `kind` (TXT: joined bytes) at `name`; [] when there are none. Raises NoAnswer."""


class Names:
    """One worker's view of the DNS. Asks `servers` (`host` or `host:port`), or whom the machine asks when it is empty."""

    def __init__(self, servers: tuple[str, ...] = ()) -> None:
        from dns.resolver import LRUCache, Resolver

        self._resolver = Resolver(configure=not servers)
        if servers:
            split = [(host, port) for host, _, port in (each.partition(":") for each in servers)]
            self._resolver.nameservers = [host for host, _ in split]
            self._resolver.nameserver_ports = {host: int(port) for host, port in split if port}
        self._resolver.cache = LRUCache(MOST_CACHED)

    def within(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> "Budget":
        """A lookup that may take this long altogether."""
        return Budget(self._resolver, clock() + seconds, clock)


@dataclass(slots=True)
class Budget:
    """Lookups for one mail; when the time is up, every further one raises NoAnswer."""

    resolver: Any = field(repr=False)
    until: float
    clock: Callable[[], float]

    def __call__(self, name: str, kind: str) -> list[Any]:
        """The records of `kind` at `name`. Raises NoAnswer."""
        from dns.exception import DNSException
        from dns.resolver import NXDOMAIN
        from dns.resolver import NoAnswer as Nothing

        left = self.until - self.clock()
        if left <= 0:
            raise NoAnswer
        try:
            records = self.resolver.resolve(name.rstrip(".") + ".", kind, lifetime=left)
        except (NXDOMAIN, Nothing):
            return []
        except (DNSException, UnicodeError, ValueError, OSError) as error:
            raise NoAnswer from error
        return [_value(record, kind) for record in records]


def _value(record: Any, kind: str) -> Any:
    if kind == "TXT":
        return b"".join(record.strings)
    if kind in {"A", "AAAA"}:
        return record.address
    if kind == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    return record.target.to_text(omit_final_dot=True)
