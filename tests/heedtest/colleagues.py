"""An HR front desk at its mail clients: hired people, a mail server that vouches for senders, answers to notices."""

from collections.abc import Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from cases.keys.sealing import Place, unseal
from cases.store import people, tables
from cases.store.codec import message_from
from cases.store.engine import reading, writing
from heedtest.worker import mail, rows
from worker.mail.gathering import service_keys

AUTHSERV = "mx.acme.example"
PROVEN = {"Authentication-Results": f"{AUTHSERV}; dmarc=pass header.from=acme.example"}
FAY, SAM = "fay@acme.example", "sam@acme.example"
FORWARD = """\
Can you look at this? I think he is exaggerating.

---------- Forwarded message ---------
From: Sam Doe <sam@acme.example>
Date: Mon, 23 Nov 2026 at 08:12
Subject: My payslip
To: Fay Moss <fay@acme.example>

My overtime of October is missing.
"""
"""What Fay passes on of Sam's; as some clients quote, without his address: `NAMELESS`."""
NAMELESS = FORWARD.replace(" <sam@acme.example>", "")
STAFF = (
    (FAY, "Fay Moss", ("handler",)),
    ("lena@acme.example", "Lena Vogt", ("lead",)),
    ("pia@acme.example", "Pia Lind", ("handler",)),
)


def person_id(address: str) -> str:
    """The id under which somebody is hired here."""
    return address.encode().hex()[:32].ljust(32, "0")


def hired(bench: Any) -> Any:
    """The bench with people at the front desk, whose mail server vouches for senders."""
    with writing(bench.shop.record) as connection:
        for address, name, roles in STAFF:
            people.add(
                connection,
                person_id=person_id(address),
                address=address,
                name=name,
                roles=roles,
                password="a long password",
                by="test",
                now=bench.shop.now(),
            )
    mail_settings = bench.shop.settings.mail.model_copy(update={"authserv_id": AUTHSERV})
    bench.shop.settings = bench.shop.settings.model_copy(update={"mail": mail_settings})
    return bench


def read(sent: Any) -> EmailMessage:
    """A mail of ours, parsed."""
    message = message_from_bytes(sent.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def plain(message: EmailMessage) -> str:
    """Its text."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def round_(bench: Any) -> dict[str, EmailMessage]:
    """Triage, wait, send; the mails by recipient."""
    bench.triage()
    bench.pass_time(seconds=5)
    return {one.to: read(one) for one in bench.send()}


def answer(
    bench: Any,
    notice: EmailMessage,
    text: str,
    *,
    sender: str = FAY,
    headers: dict[str, str] = PROVEN,
    files: Sequence[tuple[str, bytes]] = (),
) -> dict[str, EmailMessage]:
    """A colleague's client answers the notice, quoting it below; what is sent then."""
    quoted = "\n".join(f"> {line}" for line in plain(notice).splitlines())
    body = f"{text}\n\nOn Mon, 23 Nov 2026 at 09:01, Acme HR <hr@acme.example> wrote:\n{quoted}\n"
    raw = mail(
        subject=f"Re: {notice['Subject']}",
        text=body,
        sender=f"Fay Moss <{sender}>",
        reply_to=str(notice["Message-ID"]),
        **{"User-Agent": "Fay's own client", **headers},
    )
    if files:
        message = message_from_bytes(raw, policy=policy.default)
        for name, content in files:
            message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        raw = message.as_bytes()
    bench.deliver(raw, sender=sender, to=(notice["Reply-To"].addresses[0].addr_spec,))
    return round_(bench)


def the_case(bench: Any) -> Any:
    """The one case there is."""
    (case,) = rows(bench.shop.record, tables.case)
    return case


def words_of(bench: Any) -> list[tuple[str, str, str]]:
    """Direction, author and new text of every message of the one case."""
    case = the_case(bench)
    with reading(bench.shop.record) as connection:
        keys = service_keys(connection, case.id, bench.shop.keys.service)
        found = connection.execute(select(tables.message).order_by(tables.message.c.number)).all()
    opened = [message_from(unseal(keys[row.epoch], row.content, Place("message", row.id, "content"))) for row in found]
    return [(row.direction, row.author, stored.submission.new_text) for row, stored in zip(found, opened, strict=True)]
