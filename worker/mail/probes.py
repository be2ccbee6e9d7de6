"""The mail that `heed doctor --mail` sends round: composed without content, known again by its token, never a case."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from sqlalchemy import Connection, select

from cases.audit.chain import DEPLOYMENT
from cases.audit.trail import NewEvent, append
from cases.keys.tokens import TOKEN_LENGTH, Purpose, Token, TokenKeys, read, sign
from cases.model.submission import Submission
from cases.model.words import AutomaticKind
from cases.store import tables
from worker.mail.compose import LOOP_HEADER, Mail, Sender

ARRIVED, RETURNED = "mail.probe_arrived", "mail.probe_returned"
GOOD_FOR = timedelta(days=2)
SUBJECT = "Heed tries its mail"
_TOKEN = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{TOKEN_LENGTH}}}(?![a-z2-7])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a probe: it came back by one of our doors, or was returned with an RFC 3463 status ("" unknown)."""

    arrived: bool
    received_at: datetime
    status: str = ""


def compose_probe(reference: str, to: str, sender: Sender, tokens: TokenKeys, now: datetime) -> Mail:
    """A mail from the alias that says nothing but that it is one of these. Its reference is a case's no more than its words."""
    token = sign(tokens, reference, "", Purpose.PROBE, (now + GOOD_FOR).date())
    message_id = f"{reference.lower()}.{token}@{sender.domain}"
    lines = [
        f"From: {sender.address}",
        f"To: {to}",
        f"Subject: {SUBJECT} {token}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{message_id}>",
        "Auto-Submitted: auto-generated",
        f"{LOOP_HEADER}: {sender.domain}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "Heed sent this mail to itself to see whether mail comes through. It becomes no case; nobody need answer.",
        "",
    ]
    content = "\r\n".join(lines).encode("ascii")
    if sender.signature is not None:
        content = sender.signature.sign(content)
    back = sender.with_token("bounce", token) if sender.returns_to_token else sender.address
    return Mail(reference, message_id, back, to, content)


def probe_in(said: Submission, tokens: TokenKeys, now: datetime) -> Token | None:
    """The token of the probe that a mail is, or that a machine answers; None for everybody's mail.

    Only what a machine sent counts: a person who answers a probe has something to say.
    """
    if said.automatic.kind is AutomaticKind.NONE:
        return None
    bounce = said.automatic.bounce
    named = (said.subject, said.message_id, bounce.original_message_id if bounce else "", said.in_reply_to)
    for text in (*named, *said.references, *said.envelope_recipients, *(one.address for one in said.to)):
        for found in _TOKEN.findall(text):
            if (token := read(tokens, found, now)) is not None and token.purpose is Purpose.PROBE:
                return token
    return None


def note_probe(connection: Connection, said: Submission, probe: Token, received_at: datetime, now: datetime) -> None:
    """Write down that it came back, or was returned; what else a machine says of it (out of office) is nothing."""
    data = {"probe": probe.reference, "received_at": received_at.isoformat()}
    if said.automatic.kind is AutomaticKind.BOUNCE:
        status = said.automatic.bounce.status if said.automatic.bounce else ""
        append(connection, [NewEvent(DEPLOYMENT, RETURNED, "triage", now, {**data, "status": status})])
    elif said.subject.startswith(SUBJECT):
        append(connection, [NewEvent(DEPLOYMENT, ARRIVED, "triage", now, data)])


def heard_of(connection: Connection, reference: str) -> Heard | None:
    """What is known of a probe by now."""
    event = tables.event
    said = (event.c.stream_id == DEPLOYMENT, event.c.verb.in_((ARRIVED, RETURNED)))
    query = select(event.c.verb, event.c.data).where(*said).order_by(event.c.seq.desc()).limit(50)
    for verb, raw in connection.execute(query):
        data = json.loads(raw)
        if data.get("probe") == reference:
            return Heard(verb == ARRIVED, datetime.fromisoformat(data["received_at"]), str(data.get("status") or ""))
    return None
