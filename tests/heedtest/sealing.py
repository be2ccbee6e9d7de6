"""Holds what is sealed to keys of the machine against the schema: a column that does not say so would miss its rotation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cases.keys.files import KeyFiles
from cases.keys.sealing import Place, Sealer, key_id, sealed_to
from cases.store.sealed import Sealed, To
from cases.store.tables import metadata
from gateway.inbox.tables import metadata as inbox


@contextmanager
def as_the_schema_says(keys: KeyFiles) -> Iterator[None]:
    """While it lasts, each value sealed to these keys is looked at; what lies elsewhere fails at the end."""
    machine = {key_id(keys.public(to.value)): to for to in (To.SERVICE, To.TRIAGE)}
    wrong, seal = set[tuple[To, str, str]](), Sealer.seal

    def seen(self: Sealer, plaintext: bytes, place: Place) -> bytes:
        sealed = seal(self, plaintext, place)
        to = machine.get(sealed_to(sealed))
        if to and declared(place) not in {to, To.READER}:
            wrong.add((to, place.table, place.column))
        return sealed

    Sealer.seal = seen  # type: ignore[method-assign]
    try:
        yield
    finally:
        Sealer.seal = seal  # type: ignore[method-assign]
    assert not wrong, f"the schema does not say that these are sealed to the machine's keys: {sorted(wrong)}"


def declared(place: Place) -> To | None:
    """Whom the schema says the values of a place are sealed to."""
    table: Any = metadata.tables.get(place.table)
    column = (inbox.tables[place.table] if table is None else table).columns[place.column]
    return column.type.to if isinstance(column.type, Sealed) else None
