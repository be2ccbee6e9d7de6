"""The people who work with cases: their roles and the public keys of their vaults."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from cases.access.guardians import Guardian, ready
from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.sealing import KeyPair
from cases.keys.vault import wrap_private
from cases.model.wording import LANGUAGES
from cases.model.words import ROLES
from cases.store.tables import person as table


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff. `language` is what they are written to in; "": as the directory says."""

    id: str
    address: str
    name: str
    roles: tuple[str, ...]
    active: bool
    reports_to: str
    vault_public: bytes = field(repr=False)
    vault_wrapped: str = field(repr=False)
    language: str = ""


def add(
    connection: Connection,
    *,
    person_id: str,
    address: str,
    name: str,
    roles: tuple[str, ...],
    password: str,
    by: str,
    now: datetime,
    reports_to: str = "",
    language: str = "",
) -> None:
    """Add a person with a vault of their own; raises `Refused` for an unknown role or language, or an address that is taken."""
    check_roles(roles)
    check_language(language)
    if "@" not in address.strip("@"):
        raise Refused(f"“{address}” is no mail address")
    if find(connection, address) is not None:
        raise Refused(f"{address} is already a member of staff")
    keys = KeyPair.generate()
    connection.execute(
        insert(table).values(
            id=person_id,
            address=address.casefold(),
            name=name,
            roles=" ".join(roles),
            active=True,
            reports_to=reports_to.casefold(),
            language=language,
            vault_public=keys.public,
            vault_wrapped=wrap_private(keys, password, person_id),
            created_at=now,
        )
    )
    append(connection, [NewEvent(DEPLOYMENT, "person.added", by, now, {"person": person_id, "roles": list(roles)})])


def check_roles(roles: tuple[str, ...]) -> None:
    """Raises `Refused` for a role that there is not, or for a provider's that is not alone."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Refused(f"unknown role “{unknown[0]}”; roles are {', '.join(ROLES)}")
    if "provider" in roles and len(roles) > 1:
        raise Refused("somebody who works for a provider has that role and no other")


def check_language(language: str) -> None:
    """Raises `Refused` for a language that no mail of ours is written in; "" is none of one's own."""
    if language and language not in LANGUAGES:
        raise Refused(f"unknown language “{language}”; languages are {', '.join(LANGUAGES)}")


def set_language(connection: Connection, person: Person, language: str, *, by: str, now: datetime) -> None:
    """Write to somebody in this language from now on; "" goes back to the directory's. Raises `Refused` for an unknown one."""
    check_language(language)
    if language == person.language:
        return
    connection.execute(update(table).where(table.c.id == person.id).values(language=language))
    data: dict[str, Json] = {"person": person.id, "language": language}
    append(connection, [NewEvent(DEPLOYMENT, "person.language_changed", by, now, data)])


def guardians_ready(connection: Connection) -> bool:
    """Whether the anonymous channel may open to the world: see `cases.access.guardians`."""
    return ready(
        Guardian(one.address, one.reports_to, "administrator" in one.roles)
        for one in everyone(connection)
        if "guardian" in one.roles
    )


def find(connection: Connection, address: str) -> Person | None:
    """The person with this address, or None."""
    row = connection.execute(select(table).where(table.c.address == address.casefold())).first()
    return _person(row) if row else None


def get(connection: Connection, person_id: str) -> Person | None:
    """The person with this id, or None."""
    row = connection.execute(select(table).where(table.c.id == person_id)).first()
    return _person(row) if row else None


def everyone(connection: Connection) -> list[Person]:
    """All active people, by address."""
    return [_person(row) for row in connection.execute(select(table).where(table.c.active).order_by(table.c.address))]


def whole_staff(connection: Connection) -> list[Person]:
    """Everybody, who has left as well, by address."""
    return [_person(row) for row in connection.execute(select(table).order_by(table.c.address))]


def _person(row: Row[Any]) -> Person:
    return Person(
        row.id,
        row.address,
        row.name,
        ("provider",) if "provider" in row.roles.split() else tuple(row.roles.split()),
        row.active,
        row.reports_to,
        row.vault_public,
        row.vault_wrapped,
        row.language,
    )
