"""Anchors in the record: made of the newest head, kept, and held against the chain."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from cases.audit.anchor import Anchor, is_genuine, public_of, signed
from cases.audit.chain import DEPLOYMENT, Broken
from cases.audit.trail import NewEvent, append, chain_heads
from cases.errors import Refused
from cases.store.engine import one_at_a_time
from cases.store.tables import chain_head
from cases.store.trail_tables import anchor as table


def make(connection: Connection, seed: bytes, *, by: str, now: datetime) -> Anchor:
    """Chain what moved, sign the newest head, keep it. Raises `Refused` while nothing has ever happened."""
    one_at_a_time(connection, "anchor")
    last = newest(connection)
    number = last.number + 1 if last else 1
    fact = NewEvent(DEPLOYMENT, "trail.anchored", by, now, {"anchor": number, "key": public_of(seed)[:16]})
    append(connection, [fact])
    while chain_heads(connection, now):
        pass
    head = connection.execute(select(chain_head).order_by(chain_head.c.seq.desc()).limit(1)).first()
    if head is None:
        raise Refused("there is nothing to anchor yet")
    made = signed(seed, number, now, head.seq, head.hash)
    values = {name: getattr(made, name) for name in ("number", "at", "seq", "hash", "key", "signature")}
    connection.execute(insert(table).values(**values))
    return made


def newest(connection: Connection) -> Anchor | None:
    """The last anchor that was made."""
    found = connection.execute(select(table).order_by(table.c.number.desc()).limit(1)).first()
    return Anchor(*found) if found else None


def kept(connection: Connection) -> list[Anchor]:
    """Every anchor, oldest first."""
    return [Anchor(*row) for row in connection.execute(select(table).order_by(table.c.number))]


def first_since(connection: Connection, seq: int) -> Anchor | None:
    """The first anchor that signs this head or a later one."""
    query = select(table).where(table.c.seq >= seq).order_by(table.c.seq, table.c.number).limit(1)
    found = connection.execute(query).first()
    return Anchor(*found) if found else None


def first_bad(connection: Connection, anchors: Sequence[Anchor], known: Collection[str]) -> Broken | None:
    """The first anchor that the chain does not bear out. `known` are the public keys of this deployment, now and before.

    That is how a chain is found out that was cut short, or written anew from some point on.
    """
    for one in anchors:
        name = f"anchor {one.number} of {one.at:%Y-%m-%d %H:%M} UTC"
        if not is_genuine(one):
            return Broken("chain", one.seq, f"{name} is not signed by the key that it names")
        if known and one.key not in known:
            return Broken("chain", one.seq, f"{name} is signed by a key that is none of this deployment's")
        digest = connection.execute(select(chain_head.c.hash).where(chain_head.c.seq == one.seq)).scalar()
        if digest is None:
            return Broken(
                "chain", one.seq, f"{name} has seen head {one.seq}, which is missing: the chain was cut short"
            )
        if digest != one.hash:
            return Broken("chain", one.seq, f"{name} has seen another head {one.seq}: the chain was written anew")
    numbers = [one.number for one in anchors]
    if numbers and numbers[-1] - numbers[0] + 1 != len(numbers):
        return Broken("chain", 0, "an anchor is missing between the others")
    return None
