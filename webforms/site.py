"""Everything the public site is handed: its doors, what it may read, its keys and settings. Nothing else is reachable."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cases.keys.links import LinkReader
from cases.model.submission import Attachment
from cases.model.words import Channel
from cases.store.api_tokens import ApiToken
from cases.store.links import OpenedCase, Pulse
from gateway.inbox.envelope import Delivery
from gateway.settings.doors import Web
from gateway.settings.organisation import Organisation


class InboxDoor(Protocol):
    """The write-only end of the inbox (see `gateway.inbox.inbox.Inbox`)."""

    def put(self, delivery: Delivery, *, quiet: bool = False, envelope_id: str = "") -> Future[str]:
        """Seal and store; the future gives the reference once it is on disk, or raises `TryLater`."""


class RecordReader(Protocol):
    """The little of the record that this site may see. Every method raises `TryLater` when the database cannot answer."""

    def pending(self, prefix: str) -> tuple[Channel, ...]:
        """The door of each envelope whose id starts with `prefix` and that still waits for triage."""

    def open(self, reader: LinkReader) -> OpenedCase | None:
        """The case a receipt or status link opens, or None."""

    def pulse(self, kind: str, lookup: str) -> Pulse | None:
        """How the case behind a link stands, by the link's lookup alone, or None."""

    def file(self, reader: LinkReader, number: int, index: int) -> Attachment | None:
        """A file of an answer of ours to whoever holds the link, with its bytes; None when there is no such file."""

    def stored(self, front: str) -> list[str]:
        """The ids of envelopes, waiting or triaged, that begin with these hex digits."""

    def api_token(self, letters: str) -> ApiToken | None:
        """The intake API's token with these letters, or None."""

    def ruleset(self) -> str:
        """The published ruleset's text, or "" before the first publication."""


@dataclass(frozen=True, slots=True)
class Site:
    """The public site's whole world. `anonymous_open` is asked at every request: guardians come and go."""

    inbox: InboxDoor
    record: RecordReader
    web: Web
    organisation: Organisation
    pepper: bytes = field(repr=False)
    form_key: bytes = field(repr=False)
    now: Callable[[], datetime]
    random_bits: Callable[[int], int]
    anonymous_open: Callable[[], bool]
    home: Path = Path()
    older_peppers: tuple[bytes, ...] = field(default=(), repr=False)
    """Peppers before this one: receipts shown under them still open their cases."""
    older_form_keys: tuple[bytes, ...] = field(default=(), repr=False)
