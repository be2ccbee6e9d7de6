"""Composing a mail from a template: text and HTML, with stable ids, the same bytes however often it is composed."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import blake2b
from html import escape

from cases.store.codec import MailPayload
from worker.mail.templates import Template, template

LOOP_HEADER = "X-Heed-Loop"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom our mail comes from."""

    organisation: str
    name: str
    address: str

    @property
    def domain(self) -> str:
        """The domain of our Message-IDs."""
        return self.address.rpartition("@")[2]

    def with_token(self, local: str, token: str) -> str:
        """An address that carries a token: `hr+TOKEN@…`, `bounce+TOKEN@…`."""
        return f"{local}+{token}@{self.domain}"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, ready to hand over."""

    entry_id: str
    message_id: str
    envelope_from: str
    to: str
    content: bytes


def message_id_of(entry_id: str, payload: MailPayload, sender: Sender) -> str:
    """A Message-ID that depends on the outbox entry alone; it carries the reply token, so that an answer finds its case."""
    token = f".{payload.reply_token}" if payload.reply_token else ""
    return f"{entry_id}{token}@{sender.domain}"


def compose(entry_id: str, payload: MailPayload, created_at: datetime, sender: Sender) -> Mail:
    """The mail an outbox entry promises. RFC 5322 threading, RFC 3834 `Auto-Submitted`, nothing of a person's headers."""
    words = template(payload.template, payload.language)
    facts = {"reference": payload.reference, "organisation": sender.organisation, **dict(payload.facts)}
    message = EmailMessage(policy=SMTP)
    message_id = message_id_of(entry_id, payload, sender)
    message["From"] = _named(sender.name, sender.address)
    message["To"] = payload.to
    message["Subject"] = _subject(words, payload, facts)
    message["Date"] = format_datetime(created_at)
    message["Message-ID"] = f"<{message_id}>"
    if payload.reply_token:
        local = sender.address.partition("@")[0]
        message["Reply-To"] = _named(sender.name, sender.with_token(local, payload.reply_token))
    if payload.in_reply_to:
        message["In-Reply-To"] = f"<{payload.in_reply_to}>"
        message["References"] = " ".join(f"<{one}>" for one in (*payload.references, payload.in_reply_to))
    message["Auto-Submitted"] = "auto-replied" if payload.in_reply_to else "auto-generated"
    message[LOOP_HEADER] = sender.domain
    text = words.text(facts)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(_html(text), subtype="html", cte="quoted-printable")
    message.set_boundary("heed-" + blake2b(entry_id.encode(), digest_size=12).hexdigest())
    envelope_from = sender.with_token("bounce", payload.bounce_token) if payload.bounce_token else ""
    return Mail(entry_id, message_id, envelope_from, payload.to, message.as_bytes())


def _named(name: str, address: str) -> str:
    return f'"{name}" <{address}>' if name else address


def _subject(words: Template, payload: MailPayload, facts: dict[str, str]) -> str:
    """The sender's own subject where it may be repeated, else the template's; header lines never break."""
    own = " ".join(payload.subject.split())
    if not own:
        return words.subject(facts)
    answered = own if own.casefold().startswith(("re:", "aw:", "sv:", "antw:")) else f"Re: {own}"
    return f"{answered[:180]} [{payload.reference}]" if payload.reference not in answered else answered[:200]


def _html(text: str) -> str:
    paragraphs = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.strip().split("\n\n"))
    return (
        '<!doctype html><html><body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:36em">'
        f"{paragraphs}</body></html>"
    )
