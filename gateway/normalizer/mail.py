"""Turns the bytes of any mail into one Submission. Whatever cannot be read is a problem, never a failure."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from cases.model.submission import Address, Automatic, Submission
from cases.model.words import Authenticity, Channel
from gateway.normalizer.authenticity import read_authenticity
from gateway.normalizer.automatic.kinds import Signs, is_machine, judge
from gateway.normalizer.bodies.content import Content, read_content
from gateway.normalizer.bodies.html_text import marked_signature
from gateway.normalizer.bodies.marks import without_marks
from gateway.normalizer.bodies.parts import Part, Splitter
from gateway.normalizer.bodies.sanitise import sanitise
from gateway.normalizer.headers.addresses import read_addresses
from gateway.normalizer.headers.block import Headers
from gateway.normalizer.headers.dates import read_date
from gateway.normalizer.headers.encoded_words import header_text
from gateway.normalizer.headers.ids import read_ids, read_message_id
from gateway.normalizer.headers.subject_prefixes import says_forward, says_reply
from gateway.normalizer.language import detect
from gateway.normalizer.problems import ENCRYPTED, Problems
from gateway.normalizer.words.new_text import find_new_text

Result = TypeVar("Result")

MOST_BYTES = 64 * 1024 * 1024
"""More than any door lets in (40 MB on the wire); a longer file is read up to here."""

_NOBODY: tuple[Address, ...] = ()
_NO_IDS: tuple[str, ...] = ()
_ONCE = ("from", "subject", "date", "message-id", "to", "cc", "reply-to", "in-reply-to", "references")


def normalize_mail(
    raw: bytes,
    *,
    now: datetime,
    envelope_sender: str = "",
    envelope_recipients: tuple[str, ...] = (),
    trusted_authserv: str = "",
    own_domains: tuple[str, ...] = (),
    loop_header: str = "X-Heed-Loop",
) -> Submission:
    """The submission in one mail, for any bytes at all. Never raises.

    `now` must have a time zone; it only serves to tell odd dates. `envelope_sender` is what MAIL FROM said: "" when it
    is not known, `<>` for the null path of bounces. `trusted_authserv` is the authserv-id whose Authentication-Results
    are believed. `own_domains` (lower case) help to choose our own Message-ID out of a bounce.
    """
    problems = Problems()
    if not raw.strip(b"\r\n\t \0"):
        problems.add("the mail is empty")
    guard = _Guard(problems)
    splitter = Splitter(problems)
    raw = _readable(raw, problems)
    root = guard("the mail's structure", lambda: splitter.split(raw), Part(Headers(), raw, 0, len(raw)))
    content = guard("the body", lambda: read_content(root, splitter, problems), Content())
    headers = root.headers
    charset = root.parameters.get("charset", "")
    _tell_doubled(headers, problems)

    def addresses(name: str) -> tuple[Address, ...]:
        return guard(name, lambda: read_addresses(headers.all(name), problems, charset), _NOBODY)

    subject = guard("the subject", lambda: _subject(headers, charset, problems), "")
    sender = guard("From", lambda: _sender(headers, charset, envelope_sender, problems), Address())
    reply_to = addresses("reply-to")
    in_reply_to = guard("In-Reply-To", lambda: read_ids(headers.all("in-reply-to"), problems), _NO_IDS)
    references = guard("References", lambda: read_ids(headers.all("references"), problems), _NO_IDS)
    is_reply = bool(in_reply_to or references or says_reply(subject))
    passes_on = says_forward(subject, names_parent=bool(in_reply_to)) or is_machine(
        Signs(root, sender.address, subject, "", envelope_sender, sender_name=sender.name)
    )
    text, new_text = guard(
        "the text",
        lambda: _texts(content, is_reply=is_reply, is_forward=passes_on),
        (without_marks(content.text),) * 2,
    )
    signs = Signs(root, sender.address, subject, text, envelope_sender, loop_header, own_domains, sender.name)
    return Submission(
        channel=Channel.MAIL,
        sender=sender,
        reply_to=reply_to[0] if reply_to else None,
        to=addresses("to"),
        cc=addresses("cc"),
        envelope_sender="" if envelope_sender == "<>" else envelope_sender,
        envelope_recipients=envelope_recipients,
        message_id=guard("Message-ID", lambda: read_message_id(headers.all("message-id"), problems), ""),
        in_reply_to=in_reply_to[0] if in_reply_to else "",
        references=references,
        subject=subject,
        date=guard("the date", lambda: _date(headers, problems, now=now), None),
        text=text,
        new_text=new_text,
        html=guard("the HTML", lambda: sanitise(content.html, problems), ""),
        language=guard("the language", lambda: detect(new_text or text or subject), ""),
        automatic=guard("whether it is automatic", lambda: judge(signs), Automatic()),
        authenticity=guard(
            "Authentication-Results",
            lambda: read_authenticity(headers, sender.address, trusted_authserv, problems),
            Authenticity.NONE,
        ),
        attachments=tuple(content.attachments),
        problems=problems.told(),
    )


class _Guard:
    """Reads one piece of a mail; when that fails, the mail keeps its other pieces and gets a problem."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def __call__(self, what: str, read: Callable[[], Result], otherwise: Result) -> Result:
        """What `read` gives, or `otherwise`."""
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - a slip of ours must never lose a mail; the problem names its kind
            self._problems.add(f"{what} could not be read ({type(error).__name__})")
            return otherwise


def is_encrypted(submission: Submission) -> bool:
    """Whether what matters in a submission cannot be read because it is encrypted; such mail is held for a person."""
    return ENCRYPTED in submission.problems


def _readable(raw: bytes, problems: Problems) -> bytes:
    """Bytes in which headers can be found: byte order marks, UTF-16 and bare CR line ends undone, length limited."""
    if len(raw) > MOST_BYTES:
        problems.add(f"the mail is longer than {MOST_BYTES // 1024 // 1024} MB; the rest was ignored")
        raw = raw[:MOST_BYTES]
    if raw[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        problems.add("the mail itself was stored as UTF-16")
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    if b"\r" in raw and b"\n" not in raw:
        problems.add("the lines end in bare carriage returns")
        raw = raw.replace(b"\r", b"\n")
    return raw


def _tell_doubled(headers: Headers, problems: Problems) -> None:
    counts = headers.counts()
    for name in _ONCE:
        if counts.get(name, 0) > 1:
            problems.add(f"the header {name} stands there {counts[name]} times")


def _subject(headers: Headers, charset: str, problems: Problems) -> str:
    return " ".join(header_text(headers.first("subject"), problems, charset).split())


def _sender(headers: Headers, charset: str, envelope_sender: str, problems: Problems) -> Address:
    """From; when it is missing or names nobody, Sender, Return-Path or the envelope, and a problem."""
    named = Address()
    for value in headers.all("from"):
        for address in read_addresses([value], problems, charset):
            if address.address:
                return address
            named = named if named.name else address
    problems.add("From is missing" if "from" not in headers else "From holds no address")
    for fallback in ("sender", "x-original-from", "resent-from", "return-path"):
        for address in read_addresses(headers.all(fallback), problems, charset):
            if "@" in address.address:
                return Address(named.name or address.name, address.address)
    if "@" in envelope_sender:
        return Address(named.name, envelope_sender.strip("<>"))
    return named


def _date(headers: Headers, problems: Problems, *, now: datetime) -> datetime | None:
    values = [value for value in headers.all("date") if value.strip()]
    if not values:
        problems.add("the Date is missing")
    for value in values[:5]:
        if moment := read_date(header_text(value, problems), problems, now=now):
            return moment
    return None


def _texts(content: Content, *, is_reply: bool, is_forward: bool) -> tuple[str, str]:
    """The whole text and the new text; invitations and attached mails are shown below the rest."""
    marked = content.text.strip("\n")
    found = find_new_text(marked, is_reply=is_reply, is_forward=is_forward, signature=marked_signature(content.html))
    pieces = [without_marks(marked).strip(), *content.summaries, *content.forwarded]
    text = "\n\n".join(piece for piece in pieces if piece)
    new_text = found.text
    if not new_text and not marked.strip():
        new_text = "\n\n".join(content.summaries) or "\n\n".join(content.forwarded)
    return text, new_text
