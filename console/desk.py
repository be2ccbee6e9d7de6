"""Everything the staff site is handed: databases, keys, settings, clock. Nothing else is reachable."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from cases.keys.sealing import KeyPair
from gateway.inbox.envelope import Delivery
from gateway.rulesets.around import Fields
from gateway.settings.doors import Console, Oidc
from gateway.settings.organisation import Organisation


class InboxDoor(Protocol):
    """The write-only end of the inbox (see `gateway.inbox.inbox.Inbox`): for calls and walk-ins that staff log."""

    def put(self, delivery: Delivery, *, quiet: bool = False, envelope_id: str = "") -> Future[str]:
        """Seal and store; the future gives the reference once it is on disk, or raises `TryLater`."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The console's whole world. `random_bytes` gives as many as asked for."""

    record: Engine
    inbox: Engine
    door: InboxDoor
    service: KeyPair = field(repr=False)
    index: bytes = field(repr=False)
    console: Console
    organisation: Organisation
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    home: Path | None = None
    """Where rules.yaml and the model are; None where the console has no home of its own."""
    oidc: Oidc = field(default_factory=Oidc)
    fields: Fields = ()
    """What the public site's forms ask, for the check of rules; empty where that is not known."""
    warn_days: int = 30
    """Days before its erasure at which a case's lead is told (`keeping.warn_days`)."""

    @property
    def secure(self) -> bool:
        """Whether staff reach it by https."""
        return self.console.public_url.startswith("https://")
