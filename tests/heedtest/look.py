"""What is on disk, read as an outsider would: SQLite files, the outgoing Maildir, and mails matched with cases."""

import sqlite3
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import psycopg

from cases.keys.files import KeyFiles
from cases.keys.hashing import message_id_hash
from heedtest.sink import Sunk


def rows(database: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows of a SQLite file, in a read-only connection of its own; or of what its home has in its place (see `url_of`)."""
    if url := url_of(database):
        options = f"-c search_path=heed_{database.stem}"
        with psycopg.connect(url.replace("+psycopg", ""), options=options) as elsewhere:
            return elsewhere.execute(query.replace("?", "%s"), values or None).fetchall()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as connection:
        return connection.execute(query, values).fetchall()


def url_of(database: Path) -> str:
    """Where a home keeps `inbox.db` or `record.db` instead, by its settings; "" where it is that file."""
    settings = database.parent / "heed.toml"
    if database.exists() or not settings.exists():
        return ""
    return str(tomllib.loads(settings.read_text()).get(database.stem, {}).get("url", ""))


def envelopes(home: Path) -> dict[str, int]:
    """How many envelopes are in each state."""
    return dict(rows(home / "inbox.db", "SELECT state, count(*) FROM envelope GROUP BY state"))


def envelope(home: Path, reference: str) -> tuple[str, int, str]:
    """State, attempts and error of one envelope."""
    found = rows(home / "inbox.db", "SELECT state, attempts, error FROM envelope WHERE reference = ?", reference)
    return (str(found[0][0]), int(found[0][1]), str(found[0][2])) if found else ("", 0, "")


def outbox(home: Path) -> dict[str, int]:
    """How many promised effects are in each state."""
    return dict(rows(home / "record.db", "SELECT state, count(*) FROM outbox GROUP BY state"))


def settled(home: Path) -> bool:
    """Whether nothing is under way: no envelope is new, no effect is pending."""
    return not envelopes(home).get("new") and not outbox(home).get("pending")


def cases_by_message_id(home: Path, message_ids: Iterable[str]) -> dict[str, list[str]]:
    """The references of the cases that hold each Message-ID, found by its keyed hash."""
    key = KeyFiles(home / "keys").secret("index")
    found: dict[str, list[str]] = defaultdict(list)
    joined = "SELECT DISTINCT m.hash, c.reference FROM mail_id m JOIN case_file c ON c.id = m.case_id"
    for hashed, reference in rows(home / "record.db", joined):
        found[hashed].append(reference)
    return {one: found.get(message_id_hash(key, one.strip("<> ")), []) for one in message_ids}


def maildir(folder: Path) -> list[EmailMessage]:
    """Every mail delivered into a Maildir, oldest first; what is still being written (tmp) is no delivery."""
    files = sorted(
        (f for part in ("new", "cur") for f in (folder / part).glob("*")), key=lambda f: f.stat().st_mtime_ns
    )
    parser = BytesParser(policy=default)
    return [parser.parsebytes(file.read_bytes()) for file in files]


def answers_to(folder: Path, message_id: str) -> list[EmailMessage]:
    """The mails in a Maildir that answer a Message-ID."""
    return [mail for mail in maildir(folder) if str(mail["In-Reply-To"] or "").strip() == message_id]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of accepted mails: the Message-IDs that lack something or have too much of it."""

    without_case: tuple[str, ...]
    with_many_cases: tuple[str, ...]
    unanswered: tuple[str, ...]
    answered_twice: tuple[str, ...]
    altered: tuple[str, ...]
    strangers: tuple[str, ...]

    @property
    def in_order(self) -> bool:
        """Exactly one case and one acknowledgement for each, and nothing else."""
        return not any(getattr(self, name) for name in self.__dataclass_fields__)

    def __str__(self) -> str:
        return ", ".join(
            f"{name}: {len(ids)} {list(ids[:3])}" for name in self.__dataclass_fields__ if (ids := getattr(self, name))
        )


def account(home: Path, accepted: Sequence[str], sent: Sequence[Sunk]) -> Account:
    """Match accepted Message-IDs with cases and with acknowledgements, counted by distinct Message-ID.

    `altered` are acknowledgements that came again with other bytes; `strangers` answer a mail that was never accepted
    and has no case either (a client may die before it reads the 250, so such a case alone is right).
    """
    answers: dict[str, set[str]] = defaultdict(set)
    bytes_of: dict[str, set[str]] = defaultdict(set)
    for mail in sent:
        if mail.in_reply_to:
            answers[mail.in_reply_to].add(mail.message_id)
        bytes_of[mail.message_id].add(mail.digest)
    cases = cases_by_message_id(home, {*accepted, *answers})
    return Account(
        without_case=tuple(one for one in accepted if not cases[one]),
        with_many_cases=tuple(one for one, found in cases.items() if len(found) > 1),
        unanswered=tuple(one for one in accepted if one not in answers),
        answered_twice=tuple(one for one, ids in answers.items() if len(ids) > 1),
        altered=tuple(one for one, digests in bytes_of.items() if len(digests) > 1),
        strangers=tuple(one for one in answers if not cases.get(one)),
    )


def repeated(sent: Sequence[Sunk]) -> int:
    """How many mails reached the relay more than once (allowed where something died after the relay took it)."""
    return sum(count - 1 for count in Counter(mail.message_id for mail in sent).values())
