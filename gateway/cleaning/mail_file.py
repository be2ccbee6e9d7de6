"""A mail kept as a file: what its reader saw stays, what its way and its machines wrote goes; enclosures are cleaned too."""

from collections.abc import Callable
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser

from gateway.cleaning.kinds import CannotClean, Copy
from gateway.normalizer.bodies.html_text import html_to_text
from gateway.normalizer.bodies.marks import without_marks
from gateway.normalizer.bodies.parts import MAIL_TYPES
from gateway.normalizer.problems import Problems

HEADERS = ("From", "To", "Cc", "Date", "Subject")
"""What mail programs show. Received, Delivered-To, Message-ID, X-Mailer, X-Originating-IP and all others go."""
MOST_PARTS = 200
DEEPEST = 4
LEFT_OUT = "[A file that came with this mail was left out: it could not be cleaned.]"

Clean = Callable[[bytes, str], Copy | None]
"""Cleans a file by its bytes and the ending of its name; None when it cannot."""


def prepare() -> None:
    """Load what is loaded late, before files can no longer be opened."""
    clean_mail(b"From: a@a.example\nContent-Type: text/html; charset=iso-8859-15\n\n<p>a</p>", lambda _c, _e: None)


def clean_mail(content: bytes, clean: Clean, depth: int = 0) -> Copy:
    """The mail's clean copy. Raises `CannotClean` when it is none, or mails lie in it too deeply."""
    if depth > DEEPEST:
        raise CannotClean("mails lie in each other too deeply")
    try:
        read = BytesParser(policy=policy.default.clone(max_line_length=None)).parsebytes(content)
        made = EmailMessage(policy=policy.SMTP)
        for name in HEADERS:
            value = read.get(name)
            if value is not None:
                made[name] = " ".join(str(value).encode("utf-8", "replace").decode().split())
        if not made.keys():
            raise CannotClean("the file is no mail")
        _fill(made, read, clean, depth)
        return Copy(made.as_bytes(), "eml")
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError, IndexError) as error:
        raise CannotClean("the mail cannot be read") from error  # email's parser raises these for broken mail


def _fill(made: EmailMessage, read: EmailMessage, clean: Clean, depth: int) -> None:
    parts = [part for part in read.walk() if not part.is_multipart() or part.get_content_type() in MAIL_TYPES]
    if len(parts) > MOST_PARTS:
        raise CannotClean("the mail has too many parts")
    within = {id(inner) for part in parts if part.is_multipart() for inner in part.walk() if inner is not part}
    parts = [part for part in parts if id(part) not in within]
    shown = _text_of(read)
    files, missing = [], 0
    for part in parts:
        if part.get_content_maintype() == "text" and not part.is_attachment():
            continue
        copy = _enclosed(part, clean, depth)
        files += [copy] if copy else []
        missing += copy is None
    made.set_content("\n".join([shown, *[LEFT_OUT] * missing]), cte="quoted-printable")
    for number, copy in enumerate(files, 1):
        made.add_attachment(copy.content, "application", "octet-stream", filename=f"file-{number}.{copy.ending}")


def _enclosed(part: EmailMessage, clean: Clean, depth: int) -> Copy | None:
    if part.get_content_type() in MAIL_TYPES:
        inner = part.get_payload(0)
        return clean_mail(inner.as_bytes(), clean, depth + 1) if isinstance(inner, EmailMessage) else None
    raw = part.get_payload(decode=True)
    return clean(raw, (part.get_filename() or "").rpartition(".")[2].lower()) if isinstance(raw, bytes) else None


def _text_of(read: EmailMessage) -> str:
    """What stands in it: its plain text, else the words of its HTML, which would load pictures that name the reader."""
    body = read.get_body(("plain", "html"))
    if body is None:
        return ""
    raw = body.get_payload(decode=True)
    charset = body.get_content_charset() or "utf-8"
    text = raw.decode(charset, "replace") if isinstance(raw, bytes) else ""
    text = without_marks(html_to_text(text, Problems())) if body.get_content_type() == "text/html" else text
    return text.replace("\r\n", "\n").replace("\0", "")
