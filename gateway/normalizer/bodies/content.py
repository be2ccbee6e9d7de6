"""Reads the tree of parts into one text, one HTML body and the attachments."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cases.model.submission import Attachment
from gateway.normalizer.bodies import invitations, signed, tnef
from gateway.normalizer.bodies.attached_mail import as_quoted_text
from gateway.normalizer.bodies.charsets import decode
from gateway.normalizer.bodies.html_text import html_to_text, looks_like_html, with_addresses
from gateway.normalizer.bodies.parts import MAIL_TYPES, Part, Splitter, clean_filename
from gateway.normalizer.bodies.transfer import split_uuencoded, undo_transfer
from gateway.normalizer.problems import ENCRYPTED, Problems

MOST_TEXT = 1_000_000
"""Characters of one text part; what is longer is kept whole as an attachment."""
_TOO_LONG = f"the text is longer than {MOST_TEXT:,} characters; it was cut and is attached whole"
MOST_ATTACHED_MAILS = 20

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ue0f1-\ue0f5]")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:-]{2,40})", re.IGNORECASE)
_HTML_START = re.compile(r"\s*(<!doctype html|<html[\s>])", re.IGNORECASE)
_USE_HTML = re.compile(
    r"(does(?:n't| not) support|cannot (?:display|show)|unable to (?:display|view)|view (?:this|the) (?:e-?mail|"
    r"message)|"
    r"html[- ](?:e-?mail|message|format|capable|compatible)|kein html|format html|im browser)", re.IGNORECASE,
)  # fmt: skip
# RFC 2046 4.1.4: unknown kinds of text are read as plain text.
_NO_BODY_TYPES = {"text/calendar", "text/csv", "text/tab-separated-values", "text/vcard", "text/x-vcard", "text/directory",
                  "text/css", "text/javascript", "text/xml", "text/rtf", "text/rfc822-headers", "text/x-amp-html",
                  "text/watch-html"}  # fmt: skip
_REPORT_PARTS = {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers",
                 "message/feedback-report", "message/global-delivery-status", "message/global-headers"}  # fmt: skip
_SILENT = {"text/x-amp-html", "text/watch-html"}
_CMS = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
MOST_DECORATION = 20 * 1024
"""Bytes of the largest picture within a text that is taken for a logo: what people paste, and phones show, is larger."""


class Rendition:
    """One part as text; `html` is its HTML, if any. `text` may hold signature marks (see html_text).

    HTML is turned into text only when the text is asked for: beside a plain text it seldom is.
    """

    __slots__ = ("_make", "_text", "html", "is_plain")

    def __init__(
        self, text: str = "", html: str = "", *, is_plain: bool = True, make: Callable[[], str] | None = None
    ) -> None:
        self._text = text
        self._make = make
        self.html = html
        self.is_plain = is_plain

    @property
    def text(self) -> str:
        """The readable text."""
        if self._make is not None:
            self._text, self._make = self._make(), None
        return self._text

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(slots=True)
class Content:
    """What one mail carries. `own_html` is the HTML beside a plain text, for finding a marked signature."""

    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)


def read_content(root: Part, splitter: Splitter, problems: Problems) -> Content:
    """The text, HTML and attachments of a whole mail. Never raises."""
    reader = _Reader(splitter, problems)
    rendition = reader.read(root, depth=0)
    content = reader.content
    if not rendition and not rendition.html:
        rendition = reader.promoted() or rendition
    content.text, content.html = rendition.text, rendition.html
    reader.judge_encryption(rendition)
    return content


class _Reader:
    """Walks the parts; gathers attachments on the way."""

    def __init__(self, splitter: Splitter, problems: Problems) -> None:
        self.content = Content()
        self._splitter = splitter
        self._problems = problems
        self._encrypted = False
        self._attached_mails = 0

    def read(self, part: Part, *, depth: int) -> Rendition:
        kind = part.content_type
        if kind.startswith("multipart/"):
            return self._multipart(part, depth=depth)
        if (
            (kind.startswith("text/") and kind not in _NO_BODY_TYPES)
            and part.disposition != "attachment"
            and not part.filename
        ):
            return self._text(part)
        return self._other(part, depth=depth)

    def _multipart(self, part: Part, *, depth: int) -> Rendition:
        kind = part.content_type
        if kind == "multipart/encrypted":
            self._encrypted = True
        if kind == "multipart/report":
            return self._report(part, depth=depth)
        renditions = [self.read(child, depth=depth + 1) for child in part.children]
        if kind == "multipart/alternative":
            return _best(renditions)
        return _joined(renditions)

    def _report(self, part: Part, *, depth: int) -> Rendition:
        """The words for people; machine parts are read elsewhere, the returned mail is an attachment (RFC 6522)."""
        readable: list[Rendition] = []
        for child in part.children:
            if child.content_type in MAIL_TYPES:
                self._attach(child, self._octets(child))
            elif child.content_type not in _REPORT_PARTS:
                readable.append(self.read(child, depth=depth + 1))
        return _joined(readable)

    def _text(self, part: Part) -> Rendition:
        octets = self._octets(part, is_text=True)
        if b"begin" in octets:
            files, octets = split_uuencoded(octets)
            for name, content in files:
                self._keep(clean_filename(name), "application/octet-stream", content, inline=False)
        charset = part.parameters.get("charset", "")
        if len(octets) > MOST_TEXT * 4:
            self._problems.add(_TOO_LONG)
            self._keep("whole-text.txt", part.content_type, octets, inline=False)
            octets = octets[: MOST_TEXT * 4]
        if b"\0" in octets and not charset.lower().startswith(("utf-16", "utf-32", "unicode", "ucs")):
            octets = octets.replace(b"\0", b"")
        if not charset and part.content_type == "text/html" and (meta := _META_CHARSET.search(octets[:4000])):
            charset = meta.group(1).decode("ascii")
        decoded = decode(octets, charset)
        self._problems.add(decoded.problem)
        text = _tidy(decoded.text)
        if len(text) > MOST_TEXT:
            if len(octets) < MOST_TEXT * 4:
                self._problems.add(_TOO_LONG)
                self._keep("whole-text.txt", part.content_type, octets, inline=False)
            text = text[:MOST_TEXT]
        return self._rendered(part.content_type, text)

    def _rendered(self, kind: str, text: str) -> Rendition:
        if kind in {"text/enriched", "text/richtext"}:
            return Rendition(_without_enrichment(text), is_plain=False)
        if kind == "text/html" or (kind == "text/plain" and _HTML_START.match(text)):
            if not looks_like_html(text):
                return Rendition(html_to_text(text, self._problems))
            text = with_addresses(text)
            return Rendition(html=text, is_plain=False, make=lambda: html_to_text(text, self._problems))
        return Rendition(signed.open_clear_signed(text).strip("\n"))

    def _other(self, part: Part, *, depth: int) -> Rendition:
        kind = part.content_type
        if kind in _SILENT or (kind in _REPORT_PARTS and not part.filename):
            return Rendition()
        if kind in MAIL_TYPES or part.filename.lower().endswith(".eml"):
            return self._mail(part)
        octets = self._octets(part)
        if kind == "application/ms-tnef" or (
            octets.startswith(tnef.SIGNATURE) and part.filename.lower().endswith(".dat")
        ):
            return self._tnef(part, octets)
        if kind in _CMS or part.filename.lower().endswith(".p7m"):
            return self._cms(part, octets, depth=depth)
        if kind in {"application/pgp-encrypted", "application/x-microsoft-rpmsg-message"}:
            self._encrypted = True
        if kind == "message/partial":
            self._problems.add("the mail is one piece of a mail sent in several")
        if kind == "text/calendar" or part.filename.lower().endswith(".ics"):
            self._calendar(part, octets)
        self._attach(part, octets)
        return Rendition()

    def _mail(self, part: Part) -> Rendition:
        octets = self._octets(part)
        self._attach(part, octets)
        self._attached_mails += 1
        if self._attached_mails <= MOST_ATTACHED_MAILS:
            inner = self._splitter.split(octets, depth=0)
            quoted = as_quoted_text(inner, _inner_text(inner, self._splitter), Problems())
            self.content.forwarded.append(quoted)
        return Rendition()

    def _tnef(self, part: Part, octets: bytes) -> Rendition:
        unpacked = tnef.unpack(octets, self._problems)
        if unpacked is None:
            self._attach(part, octets)
            return Rendition()
        for name, content in unpacked.files:
            self._keep(clean_filename(name), "application/octet-stream", content, inline=False)
        if unpacked.html:
            return Rendition(html_to_text(unpacked.html, self._problems), unpacked.html, is_plain=False)
        return Rendition(_tidy(unpacked.text), is_plain=False)

    def _cms(self, part: Part, octets: bytes, *, depth: int) -> Rendition:
        kind, inside = signed.open_cms(octets)
        if kind == signed.SIGNED and inside and depth < 10:
            return self.read(self._splitter.split(inside, depth=depth + 1), depth=depth + 1)
        if kind == signed.ENVELOPED or (not kind and "enveloped" in part.parameters.get("smime-type", "enveloped")):
            self._encrypted = True
        self._attach(part, octets)
        return Rendition()

    def _calendar(self, part: Part, octets: bytes) -> None:
        text = decode(octets, part.parameters.get("charset", "utf-8")).text
        summary = invitations.summarise(text)
        if summary and summary not in self.content.summaries:
            self.content.summaries.append(summary)

    def promoted(self) -> Rendition | None:
        """A text that came as an attachment, when the mail has no other."""
        for number, attachment in enumerate(self.content.attachments):
            if attachment.content_type in {"text/plain", "text/html"} and attachment.size <= MOST_TEXT:
                self._problems.add("the text came as an attachment")
                if not attachment.filename:
                    del self.content.attachments[number]
                return self._rendered(attachment.content_type, _tidy(decode(attachment.content).text))
        return None

    def judge_encryption(self, rendition: Rendition) -> None:
        """Held when what matters is encrypted; a problem when only a piece is."""
        share = signed.encrypted_share(rendition.text)
        if share > 0.5 or (self._encrypted and len(rendition.text.strip()) < 2000):
            self._problems.add(ENCRYPTED)
        elif share or self._encrypted:
            self._problems.add("a part of the message is encrypted and cannot be read here")

    def _octets(self, part: Part, *, is_text: bool = False) -> bytes:
        return undo_transfer(part.body, part.encoding, self._problems, is_text=is_text)

    def _attach(self, part: Part, octets: bytes) -> None:
        # Apple's clients call every file inline that they show, and each pastes screenshots as Outlook places logos.
        shown = part.disposition == "inline" or (part.disposition != "attachment" and "content-id" in part.headers)
        logo = shown and part.content_type.startswith("image/") and len(octets) <= MOST_DECORATION
        self._keep(part.filename, part.content_type, octets, inline=logo or part.content_type in _SIGNATURES)

    def _keep(self, filename: str, content_type: str, octets: bytes, *, inline: bool) -> None:
        digest = hashlib.sha256(octets).hexdigest()
        self.content.attachments.append(Attachment(filename, content_type, octets, digest, inline))


def _inner_text(inner: Part, splitter: Splitter) -> str:
    """The text of an attached mail; what it carries beside stays inside its attachment."""
    reader = _Reader(splitter, Problems())
    reader._attached_mails = MOST_ATTACHED_MAILS  # noqa: SLF001 - mails inside an attached mail are not opened
    return reader.read(inner, depth=0).text


def _best(renditions: list[Rendition]) -> Rendition:
    """Of alternatives (RFC 2046 5.1.4): the plain text unless it is empty or only points to the HTML."""
    plain = next((each for each in renditions if each.is_plain and each), None)
    rich = next((each for each in reversed(renditions) if each.html), None)
    html = rich.html if rich is not None else ""
    if plain and not (
        rich is not None and len(plain.text) < 300 and _USE_HTML.search(plain.text) and len(rich.text) > len(plain.text)
    ):
        return Rendition(plain.text, html)
    chosen = (
        (rich if rich is not None and rich else None)
        or next((each for each in renditions if each), None)
        or Rendition()
    )
    return Rendition(html=html, is_plain=False, make=lambda: chosen.text)


def _joined(renditions: list[Rendition]) -> Rendition:
    """Parts one below the other."""
    kept = [each for each in renditions if each.html or each]
    if len(kept) <= 1:
        return kept[0] if kept else Rendition()
    html = ""
    if any(each.html for each in kept):
        html = "\n".join(each.html or f"<pre>{_escaped(each.text)}</pre>" for each in kept)
    text = "\n\n".join(each.text.strip("\n") for each in kept if each)
    return Rendition(text, html, is_plain=all(each.is_plain for each in kept))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _tidy(text: str) -> str:
    """One kind of line end, no control characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.replace("\u2028", "\n").replace("\x85", "\n")
    return _CONTROLS.sub("", text.replace("\x0c", "\n"))


def _without_enrichment(text: str) -> str:
    """text/enriched (RFC 1896) without its commands."""
    text = re.sub(r"<param>[^<]{0,500}</param>", "", text, flags=re.IGNORECASE)
    return re.sub(r"</?[a-zA-Z0-9-]{1,60}>", "", text).replace("<<", "<").strip("\n")
