"""Files of a case: stored in sealed pieces before the commit that needs them, read piece by piece, swept when orphaned."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Row, delete, exists, insert, select

from cases.keys.sealing import KeyPair, Place, unseal
from cases.keys.streams import StreamSealer, open_stream
from cases.promises import start_of_day
from cases.store.engine import reading, writing
from cases.store.key_tables import file as table
from cases.store.key_tables import file_piece, original
from cases.store.rows import Rows, new_id

INLINE_BYTES = 256 * 1024
"""A delivery up to this size stays in its message's row, files and all: most mails, at no cost to triage."""
RAW = -1
"""The number under which a delivery itself is kept, beside those of its files."""
ORIGINAL = -2
"""The number of a delivery whose key is sealed to the identity compartment: it names a protected reporter."""
ORPHANED_AFTER = timedelta(days=2)
"""Pieces nobody refers to by then belong to a triage that died before its commit."""
AT_ONCE = 4
"""Pieces written in one transaction: doors and console wait for no longer."""


class PieceStore(Protocol):
    """Where sealed pieces are kept: the database, or an object store one day. Pieces are written once, never changed."""

    def put(self, file_id: str, first: int, bodies: list[bytes], day: datetime) -> None:
        """Keep these pieces, numbered from `first`, on disk. Raises `TryLater`."""

    def get(self, file_id: str, number: int) -> bytes | None:
        """One piece, None when there is none."""


@dataclass(frozen=True, slots=True)
class DatabasePieces:
    """`PieceStore` in the record's database."""

    engine: Engine

    def put(self, file_id: str, first: int, bodies: list[bytes], day: datetime) -> None:
        """See `PieceStore`."""
        with writing(self.engine) as connection:
            PiecesWithin(connection).put(file_id, first, bodies, day)

    def get(self, file_id: str, number: int) -> bytes | None:
        """See `PieceStore`."""
        with reading(self.engine) as connection:
            return PiecesWithin(connection).get(file_id, number)


@dataclass(frozen=True, slots=True)
class PiecesWithin:
    """`PieceStore` within a transaction of the caller's, for little files."""

    connection: Connection

    def put(self, file_id: str, first: int, bodies: list[bytes], day: datetime) -> None:
        """See `PieceStore`."""
        rows = [{"file_id": file_id, "number": first + n, "day": day, "body": body} for n, body in enumerate(bodies)]
        self.connection.execute(insert(file_piece), rows)

    def get(self, file_id: str, number: int) -> bytes | None:
        """See `PieceStore`."""
        wanted = select(file_piece.c.body).where(file_piece.c.file_id == file_id, file_piece.c.number == number)
        found: bytes | None = self.connection.execute(wanted).scalar()
        return found


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose pieces are stored and that no case refers to yet."""

    id: str
    number: int
    size: int
    pieces: int
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file in a reader's hands: its length in bytes, and its parts as they are read."""

    size: int
    parts: Iterator[bytes] = field(repr=False)


def store(pieces: PieceStore, number: int, source: Iterable[bytes], now: datetime) -> StoredFile:
    """Seal a file and keep its pieces, in bounded memory; `number` is which of its message's files it is. `TryLater`."""
    file_id = new_id()
    sealer = StreamSealer(file_id)
    sealed, count = sealer.pieces(source), 0
    while some := list(islice(sealed, AT_ONCE)):
        pieces.put(file_id, count, some, start_of_day(now))
        count += len(some)
    return StoredFile(file_id, number, sealer.size, count, sealer.secret)


def refer(
    rows: Rows, one: StoredFile, *, case_id: str, message_id: str, epoch: int, seal: Callable[[bytes, Place], bytes]
) -> None:
    """The row by which a message has the file; `seal` seals to the case's key of that epoch."""
    rows.add(
        table,
        id=one.id,
        case_id=case_id,
        message_id=message_id,
        number=one.number,
        epoch=epoch,
        size=one.size,
        pieces=one.pieces,
        key=seal(one.secret, _place(one.id)),
    )


def find(connection: Connection, message_id: str, number: int) -> Row[Any] | None:
    """The row of one of a message's files, None when it is inline or not there."""
    return connection.execute(select(table).where(table.c.message_id == message_id, table.c.number == number)).first()


def open_found(row: Row[Any], keys: KeyPair, pieces: PieceStore) -> OpenFile:
    """A file, opened with its case's key of its epoch; its parts raise `CannotOpen` where they are not what was sealed."""
    secret = unseal(keys, row.key, _place(row.id))
    return OpenFile(row.size, open_stream(secret, row.id, stored_pieces(pieces, row.id, row.pieces)))


def sweep(connection: Connection, now: datetime, most: int = 20) -> int:
    """Delete pieces that belong to no file and are two days old; returns of how many files."""
    old = (file_piece.c.day < start_of_day(now) - ORPHANED_AFTER, file_piece.c.number == 0)
    orphan = [~exists().where(of.c.id == file_piece.c.file_id) for of in (table, original)]
    ids = list(connection.execute(select(file_piece.c.file_id).where(*old, *orphan).limit(most)).scalars())
    if ids:
        connection.execute(delete(file_piece).where(file_piece.c.file_id.in_(ids)))
    return len(ids)


def erase(connection: Connection, case_id: str) -> int:
    """Delete every file of a case, pieces and keys; returns how many. For erasure."""
    ids: list[str] = []
    for of in (table, original):
        ids += connection.execute(select(of.c.id).where(of.c.case_id == case_id)).scalars()
        connection.execute(delete(of).where(of.c.case_id == case_id))
    for file_id in ids:
        connection.execute(delete(file_piece).where(file_piece.c.file_id == file_id))
    return len(ids)


def stored_pieces(pieces: PieceStore, file_id: str, count: int) -> Iterator[bytes]:
    """A file's sealed pieces in order; ends early where one is missing."""
    for number in range(count):
        piece = pieces.get(file_id, number)
        if piece is None:
            return  # the stream says that its end is missing
        yield piece


def _place(file_id: str) -> Place:
    return Place("file", file_id, "key")
