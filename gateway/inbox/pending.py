"""Whether something of a sender's is still on its way through triage, by envelope ids alone."""

import re

from sqlalchemy import Connection, func, select

from cases.errors import Refused
from gateway.inbox.tables import envelope as table

PREFIX = 16
"""Hex digits at the front of an envelope's id that a door may derive itself, so that it finds its own again."""

_HEX = re.compile(rf"[0-9a-f]{{{PREFIX}}}")


def count_pending(connection: Connection, prefix: str) -> int:
    """How many envelopes whose id starts with `prefix` are new or held. Raises Refused unless it is 16 hex digits."""
    if not _HEX.fullmatch(prefix):
        raise Refused(f"an envelope prefix has {PREFIX} hex digits")
    low, high = prefix + "0" * PREFIX, prefix + "f" * PREFIX
    query = select(func.count()).select_from(table).where(table.c.id.between(low, high), table.c.state != "triaged")
    return int(connection.execute(query).scalar_one())


def ids_like(connection: Connection, front: str) -> list[str]:
    """The ids of stored envelopes, waiting or triaged, that begin with these hex digits (at least 16)."""
    if not re.fullmatch(rf"[0-9a-f]{{{PREFIX},32}}", front):
        raise Refused(f"the front of an envelope's id has {PREFIX} hex digits or more")
    rest = 32 - len(front)
    query = select(table.c.id).where(table.c.id.between(front + "0" * rest, front + "f" * rest))
    return list(connection.execute(query).scalars())
