"""The offline recovery key: made once, shown once; only its public half is kept, and sealed cases are wrapped to it."""

from base64 import b32decode, b32encode
from binascii import Error as NotBase32
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection, func, insert, select

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.keys.links import NewReader
from cases.keys.sealing import KeyPair, key_id
from cases.keys.wraps import RECOVERY
from cases.store.key_tables import recovery_key as table

GROUP = 4
_CHECK_BYTES = 3


@dataclass(frozen=True, slots=True)
class Recovery:
    """The public half of a recovery key, and the id under which its wraps are found."""

    id: str
    public: bytes = field(repr=False)

    @property
    def reader(self) -> NewReader:
        """It as a reader of new cases."""
        return NewReader(RECOVERY, self.id, self.public)


def current(connection: Connection) -> Recovery | None:
    """The recovery key that cases are wrapped to now, None when none was made."""
    row = connection.execute(select(table).order_by(table.c.number.desc()).limit(1)).first()
    return Recovery(row.id, row.public_key) if row else None


def known(connection: Connection, one: Recovery) -> bool:
    """Whether this is, or was, a recovery key of this deployment."""
    same = (table.c.id == one.id, table.c.public_key == one.public)
    return connection.execute(select(table.c.number).where(*same)).first() is not None


def enrol(connection: Connection, keys: KeyPair, by: str, now: datetime) -> Recovery:
    """Keep the public half of a new recovery key; from now on sealed cases are wrapped to it."""
    made = of(keys)
    last = connection.execute(select(func.max(table.c.number))).scalar()
    connection.execute(insert(table).values(number=(last or 0) + 1, id=made.id, public_key=keys.public, made_at=now))
    append(connection, [NewEvent(DEPLOYMENT, "recovery_key.made", by, now, {"key": made.id})])
    return made


def of(keys: KeyPair) -> Recovery:
    """The public half of a pair."""
    return Recovery(key_id(keys.public).hex(), keys.public)


def written(private: bytes) -> str:
    """A private key as it is written on paper: 56 letters and digits in groups of four, the last ones a check."""
    letters = b32encode(private + _check(private)).decode()
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def read(text: str) -> KeyPair:
    """The pair behind what is written on the paper; raises `Refused` for a slip. Case, spaces and hyphens do not matter."""
    letters = (
        "".join(one for one in text.upper() if one.isalnum()).replace("0", "O").replace("1", "I").replace("8", "B")
    )
    try:
        raw = b32decode(letters)
    except NotBase32:
        raw = b""
    private, check = raw[:32], raw[32:]
    if len(private) != 32 or check != _check(private):
        raise Refused("that is no recovery key, or a letter of it is wrong: it has 56 letters in groups of four")
    return KeyPair.of_private(private)


def _check(private: bytes) -> bytes:
    return blake2b(private, digest_size=_CHECK_BYTES, person=b"heed-recovery").digest()
