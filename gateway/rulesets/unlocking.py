"""A member of staff at the operator's shell: who they are and their vault, by their password."""

from dataclasses import dataclass, field

from sqlalchemy import Engine

from cases.errors import Refused
from cases.keys.sealing import KeyPair
from cases.keys.vault import WrongPassword, unwrap_private
from cases.store import people
from cases.store.engine import reading


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A person whose password was right, and the key of their vault."""

    person: people.Person
    vault: KeyPair = field(repr=False)


def unlock(record: Engine, address: str, password: str) -> Unlocked:
    """The person with this address and password. Raises `Refused` in the same words for either being wrong."""
    with reading(record) as connection:
        person = people.find(connection, address)
    try:
        if person is not None and person.active:
            return Unlocked(person, unwrap_private(person.vault_wrapped, password, person.id))
    except WrongPassword:
        pass
    raise Refused("that address and password do not belong together")
