"""Keeping who the reporter is: sealed to the compartment's own key, which custodians hold, and no handler or service."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, insert, select

from cases.access.identity.wishes import EPOCH
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys import recovery, wraps
from cases.keys.sealing import KeyPair, Place, seal
from cases.model.identity import Identity
from cases.model.words import Compartment
from cases.promises import start_of_day
from cases.store import people, tables
from cases.store.key_tables import identity, identity_key
from cases.store.people import Person
from cases.store.rows import new_id

NOBODY_GUARDS = "there is nobody to guard who the reporter is: a custodian or guardian with a vault key is needed"


def give(connection: Connection, case_id: str, who: Identity, envelope_id: str, now: datetime) -> bool:
    """Keep who the reporter is; called by triage when they say so, at once or later. False when that is kept already.

    Sealed to the compartment's own key, which custodians hold who are not excluded (without one, the guardians), and the
    recovery key: no handler, and no service. Raises `Refused` when nobody could guard it.
    """
    if connection.execute(select(identity.c.id).where(identity.c.envelope_id == envelope_id)).first() is not None:
        return False
    at = start_of_day(now)
    public = compartment_key(connection, case_id, at)
    row_id = new_id()
    sealed = seal(public, json.dumps(asdict(who)).encode(), Place("identity", row_id, f"sealed/{case_id}"))
    values = {"id": row_id, "case_id": case_id, "envelope_id": envelope_id, "sealed": sealed, "given_at": at}
    connection.execute(insert(identity).values(**values))
    append(connection, [NewEvent(case_id, "identity.given", "triage", at, {"identity": row_id})])
    return True


def compartment_key(connection: Connection, case_id: str, at: datetime) -> bytes:
    """The public key of a case's identity compartment, made when first needed. Raises `Refused` when nobody could guard it."""
    key = connection.execute(select(identity_key.c.public_key).where(identity_key.c.case_id == case_id)).scalar()
    return key if key is not None else _new_key(connection, case_id, at)


def guards(staff: Sequence[Person], excluded: Collection[str]) -> list[Person]:
    """Who would guard an identity: the custodians who are not excluded, without one the guardians."""
    able = [one for one in staff if one.address not in excluded]
    return [one for one in able if "custodian" in one.roles] or [one for one in able if "guardian" in one.roles]


def is_known(connection: Connection, case_id: str) -> bool:
    """Whether the reporter has said who they are."""
    return connection.execute(select(identity.c.id).where(identity.c.case_id == case_id)).first() is not None


def _new_key(connection: Connection, case_id: str, at: datetime) -> bytes:
    """The compartment's key pair, wrapped to those who guard it."""
    out = tables.exclusion
    away = set(connection.execute(select(out.c.person).where(out.c.case_id == case_id)).scalars())
    guarding = guards(people.everyone(connection), away)
    if not guarding:
        raise Refused(NOBODY_GUARDS)
    keys, kept = KeyPair.generate(), recovery.current(connection)
    readers = [(wraps.CUSTODIAN, one.id, one.vault_public) for one in guarding]
    readers += [(wraps.RECOVERY, kept.id, kept.public)] if kept else []
    for kind, reader, public in readers:
        wraps.add(
            connection,
            case_id=case_id,
            epoch=EPOCH,
            private=keys.private,
            kind=kind,
            reader=reader,
            public=public,
            at=at,
            compartment=Compartment.IDENTITY,
        )
    connection.execute(insert(identity_key).values(case_id=case_id, public_key=keys.public, created_at=at))
    return keys.public
