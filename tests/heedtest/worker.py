"""What the worker's tests share: a mail as an employee's client writes it, and rows of a table."""

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from sqlalchemy import Engine, MetaData, Table, select

from cases.store import tables
from cases.store.engine import reading
from gateway.inbox import tables as inbox_tables


def mail(
    *,
    subject: str = "A question",
    text: str = "Hello.",
    sender: str = "sam@acme.example",
    message_id: str = "",
    reply_to: str = "",
    **headers: str,
) -> bytes:
    """A plain mail to the HR alias; `reply_to` is the Message-ID that it answers."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "hr@acme.example", subject
    message["Message-ID"] = message_id or make_msgid(domain="acme.example")
    message["Date"] = "Mon, 23 Nov 2026 08:59:00 +0000"
    if reply_to:
        message["In-Reply-To"] = message["References"] = reply_to
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def rows(engine: Engine, table: Table) -> list[Any]:
    """All rows of a table."""
    with reading(engine) as connection:
        return list(connection.execute(select(table)).all())


def both(bench: Any) -> list[tuple[Engine, MetaData]]:
    """Inbox and record, with their tables."""
    return [(bench.shop.inbox, inbox_tables.metadata), (bench.shop.record, tables.metadata)]
