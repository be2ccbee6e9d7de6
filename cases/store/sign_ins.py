"""What signing in needs beside the vault: the second factor, sealed to its person, and the facts written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.keys.sealing import KeyPair, Place, seal, unseal
from cases.store.people import Person
from cases.store.tables import person as person_table
from cases.store.tables import sign_in as table


@dataclass(frozen=True, slots=True)
class SignIn:
    """How far a person has set up their sign-in. `secret` is base 32, "" before the second factor is set up."""

    secret: str = field(default="", repr=False)
    last_step: int = 0
    own_password: bool = False


def look(connection: Connection, person: Person, vault: KeyPair) -> SignIn:
    """What is set up, opened with the person's vault."""
    row = connection.execute(select(table).where(table.c.person_id == person.id)).first()
    if row is None:
        return SignIn()
    secret = unseal(vault, row.secret, _place(person)).decode() if row.secret else ""
    return SignIn(secret, row.last_step, row.own_password_at is not None)


def enrol(connection: Connection, person: Person, secret: str, step: int, now: datetime) -> None:
    """Keep a second factor that has just proved to work with the code of `step`."""
    _make_row(connection, person)
    sealed = seal(person.vault_public, secret.encode(), _place(person))
    values = {"secret": sealed, "last_step": step, "enrolled_at": now}
    connection.execute(update(table).where(table.c.person_id == person.id).values(**values))
    note(connection, "person.second_factor_enrolled", person.address, now, {"person": person.id})


def take_code(connection: Connection, person: Person, step: int) -> bool:
    """Use up the code of a step; False when it, or a later one, was used before (RFC 6238 5.2)."""
    fresh = (table.c.person_id == person.id, table.c.last_step < step)
    return connection.execute(update(table).where(*fresh).values(last_step=step)).rowcount == 1


def change_password(connection: Connection, person: Person, wrapped: str, now: datetime) -> None:
    """Keep the vault wrapped by a password of their own (see `cases.keys.vault.wrap_private`)."""
    _make_row(connection, person)
    connection.execute(update(person_table).where(person_table.c.id == person.id).values(vault_wrapped=wrapped))
    connection.execute(update(table).where(table.c.person_id == person.id).values(own_password_at=now))
    note(connection, "person.password_changed", person.address, now, {"person": person.id})


def forget_second_factor(connection: Connection, person: Person, *, by: str, now: datetime) -> None:
    """A lost device: the next sign-in, still with the password, sets up a new second factor."""
    clear(connection, person)
    note(connection, "person.second_factor_reset", by, now, {"person": person.id})


def subject_of(connection: Connection, person: Person) -> str:
    """Who somebody is to the sign-in provider, "" before they first came that way."""
    return connection.execute(select(table.c.subject).where(table.c.person_id == person.id)).scalar() or ""


def bind(connection: Connection, person: Person, subject: str, now: datetime) -> None:
    """From now on only who the provider calls by this name signs in as this person."""
    _make_row(connection, person)
    if subject_of(connection, person) != subject:
        connection.execute(update(table).where(table.c.person_id == person.id).values(subject=subject))
        note(connection, "person.provider_bound", person.address, now, {"person": person.id})


def clear(connection: Connection, person: Person) -> None:
    """Their sign-in is set up anew. That they once signed in stays known: nobody becomes the only one by resets."""
    values = {"secret": None, "last_step": 0, "enrolled_at": None, "own_password_at": None, "subject": ""}
    connection.execute(update(table).where(table.c.person_id == person.id).values(**values))


def enrolled(connection: Connection) -> frozenset[str]:
    """Ids of the people whose second factor is set up."""
    return frozenset(connection.execute(select(table.c.person_id).where(table.c.secret.is_not(None))).scalars())


def note(connection: Connection, verb: str, actor: str, now: datetime, data: Mapping[str, Json]) -> None:
    """A fact about signing in, on the deployment's stream; never with what was typed."""
    append(connection, [NewEvent(DEPLOYMENT, verb, actor, now, data)])


def _make_row(connection: Connection, person: Person) -> None:
    if connection.execute(select(table.c.person_id).where(table.c.person_id == person.id)).first() is None:
        connection.execute(insert(table).values(person_id=person.id, last_step=0))


def _place(person: Person) -> Place:
    return Place("sign_in", person.id, "secret")
