"""Named leases in the database: of any number of relays, one ticks; of any number of workers, one has a batch."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from cases.store.tables import lease as table


def take(connection: Connection, name: str, holder: str, now: datetime, seconds: float) -> bool:
    """Take or renew the lease `name`; False while somebody else holds it."""
    until = now + timedelta(seconds=seconds)
    free = (table.c.name == name, (table.c.holder == holder) | (table.c.until < now))
    if connection.execute(update(table).where(*free).values(holder=holder, until=until)).rowcount:
        return True
    if connection.execute(select(table.c.name).where(table.c.name == name)).first() is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(name=name, holder=holder, until=until))
    except IntegrityError:
        return False
    return True


def give_up(connection: Connection, name: str, holder: str) -> None:
    """Let go of a lease, if it is still this holder's."""
    connection.execute(delete(table).where(table.c.name == name, table.c.holder == holder))


def claimed(batch: str) -> str:
    """The name that a batch's rows bear once a worker has them: a job that Redis hands out twice finds none left."""
    return f"{batch}+"
