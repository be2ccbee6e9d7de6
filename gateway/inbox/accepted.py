"""The addresses that the published ruleset names as aliases, written down where the doors can see them."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from gateway.inbox.tables import accepted


def listed(connection: Connection) -> frozenset[str]:
    """Every address, in lower case."""
    return frozenset(connection.execute(select(accepted.c.address)).scalars())


def replace(connection: Connection, addresses: Iterable[str]) -> None:
    """From now on these and no others."""
    wanted, known = {address.lower() for address in addresses}, listed(connection)
    for gone in known - wanted:
        connection.execute(delete(accepted).where(accepted.c.address == gone))
    if come := wanted - known:
        connection.execute(insert(accepted), [{"address": address} for address in sorted(come)])
