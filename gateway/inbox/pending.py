"""Whether something of a sender's is still on its way through triage, by envelope ids alone."""

import re

from sqlalchemy import Connection, select

from cases.errors import Refused
from cases.model.words import Channel
from gateway.inbox.tables import envelope as table

PREFIX = 16
"""Hex digits at the front of an envelope's id that a door may derive itself, so that it finds its own again."""

_HEX = re.compile(rf"[0-9a-f]{{{PREFIX}}}")


def pending(connection: Connection, prefix: str) -> tuple[Channel, ...]:
    """The door of each envelope whose id starts with `prefix` and that is new or held.

    Raises Refused unless `prefix` is 16 hex digits.
    """
    if not _HEX.fullmatch(prefix):
        raise Refused(f"an envelope prefix has {PREFIX} hex digits")
    low, high = prefix + "0" * PREFIX, prefix + "f" * PREFIX
    query = select(table.c.channel).where(table.c.id.between(low, high), table.c.state != "triaged")
    return tuple(map(Channel, connection.execute(query).scalars()))


def ids_like(connection: Connection, front: str) -> list[str]:
    """The ids of stored envelopes, waiting or triaged, that begin with these hex digits (at least 16)."""
    if not re.fullmatch(rf"[0-9a-f]{{{PREFIX},32}}", front):
        raise Refused(f"the front of an envelope's id has {PREFIX} hex digits or more")
    rest = 32 - len(front)
    query = select(table.c.id).where(table.c.id.between(front + "0" * rest, front + "f" * rest))
    return list(connection.execute(query).scalars())
