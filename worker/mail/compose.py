"""Composing a mail from a template: text and HTML, with stable ids, the same bytes however often it is composed."""

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import blake2b

from cases.model.paragraphs import Template
from cases.model.wording import LANGUAGES, Wording
from cases.store.codec import MailPayload
from gateway.normalizer.headers.subject_prefixes import says_reply
from gateway.settings import WorkerSlice
from gateway.settings.organisation import Contact
from worker.mail.addresses import as_carried
from worker.mail.body import body_of
from worker.mail.enclosure import NOTHING, Enclosure
from worker.mail.signing import Signature, open_signature
from worker.mail.templates import ANSWERS, template, worded

LOOP_HEADER = "X-Heed-Loop"
OUR_LINKS = ("console", "status_url", "confirm_url", "policy_link")
"""The facts that may be clicked: a stranger's subject is a fact too."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom our mail comes from. `returns_to_token` and `plus_addresses` are False where a provider allows no such address."""

    organisation: str
    name: str
    address: str
    returns_to_token: bool = True
    plus_addresses: bool = True
    signature: Signature | None = None
    emergency: tuple[Contact, ...] = ()

    def numbers(self, language: str) -> str:
        """Whom to call in danger, in one line; "" where nobody was configured."""
        known = [one for one in self.emergency if one.phone and (not one.languages or language in one.languages)]
        return " · ".join(f"{one.said(language)}: {one.phone}" for one in known)

    @property
    def domain(self) -> str:
        """The domain of our Message-IDs."""
        return self.address.rpartition("@")[2]

    def with_token(self, local: str, token: str) -> str:
        """An address that carries a token: `hr+TOKEN@…`, `bounce+TOKEN@…`."""
        return f"{local}+{token}@{self.domain}"


def sender_of(settings: WorkerSlice) -> Sender:
    """Whom our mail comes from, by the settings. Raises `Refused` when the DKIM key cannot be read."""
    organisation, outgoing = settings.organisation, settings.outgoing
    return Sender(
        organisation.name,
        organisation.hr_name,
        organisation.hr_address,
        outgoing.returns_to_token,
        outgoing.plus_addresses,
        open_signature(outgoing, settings.home, organisation.hr_address.rpartition("@")[2]),
        organisation.emergency,
    )


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


def compose(
    entry_id: str,
    payload: MailPayload,
    created_at: datetime,
    sender: Sender,
    enclosed: Enclosure = NOTHING,
    wording: Wording | None = None,
) -> Mail:
    """The mail an outbox entry promises. RFC 5322 threading, RFC 3834 `Auto-Submitted`, nothing of a person's headers.

    `enclosed` is what it carries of a case beyond its payload; `wording` what HR ops wrote, where its payload brings none.
    Assembled line by line: the standard library's message classes take ten times as long for the same bytes. Raises `Refused`
    for an address that no mail can be sent to.
    """
    to = as_carried(payload.to)
    words = _words(payload, wording)
    facts = {"reference": payload.reference, "organisation": sender.organisation}
    facts |= {**dict(payload.facts), **dict(enclosed.facts)}
    message_id = message_id_of(entry_id, payload, sender)
    boundary = "heed-" + blake2b(entry_id.encode(), digest_size=12).hexdigest()
    links = [facts[name] for name in OUR_LINKS if facts.get(name, "").startswith(("https://", "http://"))]
    text = _with_numbers(words.text(facts), payload, sender)
    language = payload.language if payload.language in LANGUAGES else ""
    content_type, body = body_of(boundary, text, links, enclosed.files, language)
    headers = [
        ("From", _named(sender.name, sender.address)),
        ("To", to),
        ("Subject", _encoded(_subject(words, payload, facts))),
        ("Date", format_datetime(created_at)),
        ("Message-ID", f"<{message_id}>"),
        *_automatic(payload),
        (LOOP_HEADER, sender.domain),
        ("MIME-Version", "1.0"),
        ("Content-Type", content_type),
    ]
    if payload.reply_token and sender.plus_addresses:
        local = sender.address.partition("@")[0]
        headers.append(("Reply-To", _named(sender.name, sender.with_token(local, payload.reply_token))))
    headers += _threading(payload, sender)
    # RFC 6532: an address beyond ASCII is the one thing in a mail of ours that is not.
    lines = [f"{name}: {to if name == 'To' and not to.isascii() else _one_line(value)}" for name, value in headers]
    content = "\n".join([*lines, "", *body]).replace("\n", "\r\n").encode("ascii" if to.isascii() else "utf-8")
    if sender.signature is not None:
        content = sender.signature.sign(content)
    envelope_from = sender.address if not sender.returns_to_token else ""
    if payload.bounce_token and sender.returns_to_token:
        envelope_from = sender.with_token("bounce", payload.bounce_token)
    return Mail(entry_id, message_id, envelope_from, to, content)


def _words(payload: MailPayload, wording: Wording | None) -> Template:
    chosen = payload.wording or wording
    if chosen is not None:
        return worded(chosen, payload.template, payload.language)
    return template(payload.template, payload.language)


def _threading(payload: MailPayload, sender: Sender) -> list[tuple[str, str]]:
    """RFC 5322 3.6.4. Notices of one case to one person hang on a root of their own, so that a mailbox shows one thread."""
    if payload.in_reply_to:
        # One id a line: RFC 5322 2.1.1 allows 998 characters, and threads grow long.
        ids = "\n ".join(f"<{one}>" for one in (*payload.references, payload.in_reply_to))
        return [("In-Reply-To", f"<{payload.in_reply_to}>"), ("References", ids)]
    if not payload.template.startswith("notice"):
        return []
    root = blake2b(f"{payload.reference} {payload.to.casefold()}".encode(), digest_size=16).hexdigest()
    return [("References", f"<case-{root}@{sender.domain}>")]


def _with_numbers(text: str, payload: MailPayload, sender: Sender) -> str:
    """An acknowledgement ends with whom to call in danger; no other mail does."""
    acknowledges = payload.template.startswith("acknowledge") or "status_url" in dict(payload.facts)
    numbers = sender.numbers(payload.language) if acknowledges else ""
    return f"{text.rstrip()}\n\n{numbers}\n" if numbers else text


def _automatic(payload: MailPayload) -> list[tuple[str, str]]:
    """RFC 3834 5.1: what a machine wrote says so; a person's own answer does not. Exchange and Outlook heed their own header
    ([MS-OXCMAIL] 2.1.3.2.21) rather: no absence notice, no automatic answer, but delivery reports as ever.
    """
    if payload.template in ANSWERS:
        return []
    submitted = "auto-replied" if payload.in_reply_to else "auto-generated"
    return [("Auto-Submitted", submitted), ("X-Auto-Response-Suppress", "OOF, AutoReply")]


def _one_line(value: str) -> str:
    """A header's value that cannot start another header: only our own folds stay, all else is ASCII without breaks."""
    folded = "\n ".join(" ".join(line.split()) for line in value.split("\n "))
    return folded.encode("ascii", "replace").decode("ascii")


def _encoded(value: str) -> str:
    """RFC 2047 where needed, folded."""
    return value if value.isascii() and len(value) < 70 else Header(value, "utf-8", maxlinelen=74).encode()


def _named(name: str, address: str) -> str:
    if not name:
        return address
    shown = f'"{name}"' if name.isascii() and '"' not in name and "\\" not in name else Header(name, "utf-8").encode()
    return f"{shown} <{address}>"


def _subject(words: Template, payload: MailPayload, facts: dict[str, str]) -> str:
    """The sender's own subject where it may be repeated, else the template's; header lines never break."""
    own = " ".join(payload.subject.split())
    if not own:
        return words.subject(facts)
    answered = own if says_reply(own) else f"Re: {own}"
    return f"{answered[:180]} [{payload.reference}]" if payload.reference not in answered else answered[:200]
