"""The handler's side: asking who the reporter is, and looking while it is granted."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from cases.access.identity.wishes import EPOCH, checked, note, reason_place
from cases.access.policy import Action
from cases.errors import Refused
from cases.keys import wraps
from cases.keys.sealing import KeyPair, Place, seal, unseal
from cases.model.identity import Identity
from cases.model.words import Compartment
from cases.store.key_tables import identity, identity_key, identity_request
from cases.store.rows import new_id
from cases.store.sight import NO_SUCH_CASE, SeenCase, Viewer, require


def ask(connection: Connection, reference: str, viewer: Viewer, reason: str, now: datetime) -> None:
    """Ask a custodian for the reporter's identity. Raises `Refused` for no reason, nothing to know, or asked already."""
    seen = require(connection, reference, viewer, Action.ASK_IDENTITY, lock=True)
    key = connection.execute(select(identity_key).where(identity_key.c.case_id == seen.id)).first()
    if key is None:
        raise Refused("the reporter has not said who they are, and sent no files")
    mine = (identity_request.c.case_id == seen.id, identity_request.c.person_id == viewer.person.id)
    open_ones = select(identity_request.c.id).where(*mine, identity_request.c.state == "asked")
    if connection.execute(open_ones).first() is not None:
        raise Refused("you have asked already; a custodian will answer")
    if live_grant(connection, seen.id, viewer.person.id, now) is not None:
        raise Refused("it is granted to you; look at it below")
    request_id, at = new_id(), seen.moment(now)
    connection.execute(
        insert(identity_request).values(
            id=request_id,
            case_id=seen.id,
            person_id=viewer.person.id,
            state="asked",
            asked_at=at,
            reason=seal(key.public_key, checked(reason).encode(), reason_place(request_id, "reason")),
        )
    )
    note(connection, seen.id, "identity.asked", viewer.person.address, at, request_id)


def live_grant(connection: Connection, case_id: str, person_id: str, now: datetime) -> Row[Any] | None:
    """The grant that holds now for this person, None when there is none: by the clock, whether or not its wrap is gone."""
    table = identity_request
    mine = (table.c.case_id == case_id, table.c.person_id == person_id)
    return connection.execute(select(table).where(*mine, table.c.state == "granted", table.c.expires_at > now)).first()


def look(connection: Connection, reference: str, viewer: Viewer, vault: KeyPair, now: datetime) -> tuple[Identity, ...]:
    """Who the reporter is, for whom it was granted; an audited fact. Raises `Refused` alike for all reasons."""
    seen, keys = granted(connection, reference, viewer, vault, now)
    rows = connection.execute(select(identity).where(identity.c.case_id == seen.id).order_by(identity.c.given_at)).all()
    note(connection, seen.id, "identity.read", viewer.person.address, seen.moment(now), "")
    return tuple(
        Identity(**json.loads(unseal(keys, row.sealed, Place("identity", row.id, f"sealed/{row.case_id}"))))
        for row in rows
    )


def granted(
    connection: Connection, reference: str, viewer: Viewer, vault: KeyPair, now: datetime
) -> tuple[SeenCase, KeyPair]:
    """A case and its compartment's key, for whom that is granted now. Raises `Refused` alike for all reasons."""
    seen = require(connection, reference, viewer, Action.READ)
    if live_grant(connection, seen.id, viewer.person.id, now) is None:
        raise Refused(NO_SUCH_CASE)
    held = wraps.held_by(
        connection, wraps.STAFF, viewer.person.id, vault, compartment=Compartment.IDENTITY, case_id=seen.id
    )
    if not held:
        raise Refused(NO_SUCH_CASE)
    keys = KeyPair.of_private(held[seen.id, EPOCH])
    return seen, keys
