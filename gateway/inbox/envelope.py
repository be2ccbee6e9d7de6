"""One delivery as received: what a door knows of it, sealed together with its bytes."""

import json
import struct
from dataclasses import dataclass, field
from datetime import datetime

from cases.errors import Refused
from cases.keys.sealing import Opener, Place, Sealer
from cases.model.words import Channel

_LENGTH = struct.Struct(">I")
_BESIDE = ("envelope_sender", "envelope_recipients", "peer", "helo", "alias", "junk")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a door was handed: the raw bytes and, for mail, what SMTP said beside them (RFC 5321).

    Of mail from a mailbox there is no SMTP to tell: `alias` is the address the mailbox is for, `junk` where it lay.
    """

    channel: Channel
    raw: bytes = field(repr=False)
    envelope_sender: str = ""
    envelope_recipients: tuple[str, ...] = ()
    peer: str = ""
    helo: str = ""
    alias: str = ""
    junk: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed delivery, ready to store. `received_at` is kept to the day where the channel is anonymous."""

    id: str
    reference: str
    channel: Channel
    received_at: datetime
    size: int
    sealed: bytes = field(repr=False)
    quiet: bool = False


def seal_delivery(
    delivery: Delivery, *, to_triage: Sealer, envelope_id: str, reference: str, now: datetime, quiet: bool = False
) -> Envelope:
    """Seal a delivery to the triage key; nothing but its size, channel and time stays readable.

    Deliveries of one sealer show that they were stored together: an anonymous one wants a sealer of its own.
    """
    anonymous = delivery.channel is Channel.ANONYMOUS
    received = now.replace(hour=0, minute=0, second=0, microsecond=0) if anonymous else now
    beside = {} if anonymous else {name: getattr(delivery, name) for name in _BESIDE}
    head = json.dumps(beside).encode("utf-8", "surrogateescape")
    sealed = to_triage.seal(b"".join((_LENGTH.pack(len(head)), head, delivery.raw)), _place(envelope_id))
    size = len(delivery.raw)
    return Envelope(envelope_id, reference, delivery.channel, received, size, sealed, quiet)


def open_delivery(envelope_id: str, channel: Channel, sealed: bytes, triage: Opener) -> Delivery:
    """What was delivered; raises `CannotOpen` (a `Refused`) when the bytes are not this envelope's."""
    plain = triage.unseal(sealed, _place(envelope_id))
    if len(plain) < _LENGTH.size:
        raise Refused("the envelope is empty")
    (length,) = _LENGTH.unpack_from(plain)
    beside = json.loads(plain[_LENGTH.size : _LENGTH.size + length])
    return Delivery(
        channel=channel,
        raw=plain[_LENGTH.size + length :],
        envelope_sender=beside.get("envelope_sender", ""),
        envelope_recipients=tuple(beside.get("envelope_recipients", ())),
        peer=beside.get("peer", ""),
        helo=beside.get("helo", ""),
        alias=beside.get("alias", ""),
        junk=bool(beside.get("junk", False)),
    )


def _place(envelope_id: str) -> Place:
    return Place("envelope", envelope_id, "sealed")
