"""Tokens of the intake API: stored as hashes, each with its scopes; revoked, never deleted."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert, select, update

from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.store.key_tables import api_token
from cases.store.rows import new_id

SCOPES = ("submit", "read")
"""What a token is for: `submit` hands in submissions and messages, `read` asks how they stand."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token as it is known afterwards: its letters are kept nowhere."""

    id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime = field(compare=False)
    revoked_at: datetime | None = None


def make(connection: Connection, name: str, scopes: tuple[str, ...], now: datetime) -> str:
    """A new token; its letters are given here and never again. Raises `Refused` for a name or scope that cannot be."""
    wanted = tuple(one for one in SCOPES if one in scopes)
    if not wanted or set(scopes) - set(SCOPES):
        raise Refused(f"a scope is one of {', '.join(SCOPES)}")
    if not name.strip() or len(name) > 100:
        raise Refused("a token has a name, of at most 100 characters")
    if connection.execute(select(api_token.c.id).where(api_token.c.name == name)).first() is not None:
        raise Refused(f"there is a token called {name} already")
    letters, token_id = f"heed_{secrets.token_urlsafe(32)}", new_id()
    values = {"id": token_id, "name": name, "hash": _hash(letters), "scopes": " ".join(wanted), "created_at": now}
    connection.execute(insert(api_token).values(**values))
    append(connection, [NewEvent("deployment", "api_token.made", "command", now, {"token": token_id})])
    return letters


def find(connection: Connection, letters: str) -> ApiToken | None:
    """The token with these letters, unless it was revoked. 256 random bits need no slow hash."""
    wanted = (api_token.c.hash == _hash(letters), api_token.c.revoked_at.is_(None))
    row = connection.execute(select(api_token).where(*wanted)).first()
    return ApiToken(row.id, row.name, frozenset(row.scopes.split()), row.created_at) if row else None


def everyone(connection: Connection) -> list[ApiToken]:
    """Every token, in the order made."""
    rows = connection.execute(select(api_token).order_by(api_token.c.created_at)).all()
    return [ApiToken(r.id, r.name, frozenset(r.scopes.split()), r.created_at, r.revoked_at) for r in rows]


def revoke(connection: Connection, name: str, now: datetime) -> None:
    """It opens nothing from now on. Raises `Refused` when there is none of this name."""
    row = connection.execute(select(api_token).where(api_token.c.name == name)).first()
    if row is None:
        raise Refused(f"there is no token called {name}")
    if row.revoked_at is None:
        connection.execute(update(api_token).where(api_token.c.id == row.id).values(revoked_at=now))
        append(connection, [NewEvent("deployment", "api_token.revoked", "command", now, {"token": row.id})])


def _hash(letters: str) -> str:
    return sha256(letters.encode("utf-8", "replace")).hexdigest()
