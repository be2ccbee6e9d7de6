"""The private characters by which HTML's own marks (signature, attribution, earlier mail) travel within the text."""

import re
from enum import Enum
from typing import Any

SIGNATURE_START, SIGNATURE_END = "\ue0f1", "\ue0f2"
"""Around a signature that the client marked, each on a line of its own."""
ATTRIBUTION_START, ATTRIBUTION_END = "\ue0f3", "\ue0f4"
"""Around a client's `… wrote:` in whatever language, each on a line of its own."""
EARLIER = "\ue0f5"
"""A line of its own, where the client says that earlier mail begins."""
PRIVATE = f"{SIGNATURE_START}{SIGNATURE_END}{ATTRIBUTION_START}{ATTRIBUTION_END}{EARLIER}"
"""All of them; taken out of whatever a mail brings."""

_MARKS = re.compile(f"[{PRIVATE}]\n?")
_SIGNATURE = re.compile(
    r"\bgmail_signature\b|\bmoz-signature\b|\byahoo-signature\b|\bprotonmail_signature_block\b|^Signature$|"
    r"^x_Signature$|^ms-outlook-mobile-signature$|^AppleMailSignature$|\bsignature-container\b|^messageSignatureSection$"
)
_ATTRIBUTION = re.compile(r"\bgmail_attr\b|\bmoz-cite-prefix\b|\bgmail_quote_attribution\b|^airmail_on$|^reply-intro$")
# Outlook's (desktop, web, phone, Mac), Hotmail's, NetEase's and Feishu's boxes around what they quote.
_EARLIER = re.compile(
    r"^(?:divRplyFwdMsg|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|stopSpelling)$|"
    r"\bms-outlook-mobile-reference-message\b|\bntes-mailmaster-quote\b|\bhistory-quote-wrapper\b"
)
# The line that Outlook draws above the headers of an earlier mail.
_HEADER_LINE = re.compile(r"border-top:\s*solid\s+#(?:E1E1E1|B5C4DF)\s+1\.0pt", re.IGNORECASE)


class Says(Enum):
    """What a client says of an element of HTML."""

    NOTHING = ""
    SIGNATURE = "signature"
    ATTRIBUTION = "attribution"
    EARLIER = "earlier"


class Signs:
    """Reads what clients say by classes, ids, names and styles; each combination once in a mail."""

    def __init__(self) -> None:
        self._read: dict[tuple[str | None, ...], Says] = {}

    def of(self, element: Any) -> Says:
        """What is said of this element: that it is a signature, that it holds nothing but who wrote what is quoted right
        below it, that an earlier mail begins with it.
        """
        signs = tuple(map(element.get, ("class", "id", "name", "style")))
        if (says := self._read.get(signs)) is None:
            says = self._read[signs] = _said(*(sign or "" for sign in signs))
        if says is Says.ATTRIBUTION:
            below = element.getnext()
            return says if below is not None and below.tag == "blockquote" else Says.NOTHING
        return says


def _said(class_: str, id_: str, name: str, style: str) -> Says:
    if any(map(_SIGNATURE.search, (class_, id_, name))):
        return Says.SIGNATURE
    if any(map(_ATTRIBUTION.search, (class_, id_))):
        return Says.ATTRIBUTION
    if any(map(_EARLIER.search, (class_, id_))) or _HEADER_LINE.search(style):
        return Says.EARLIER
    return Says.NOTHING


def without_marks(text: str) -> str:
    """`text` without the private characters and the lines they stood on."""
    return _MARKS.sub("", text) if any(mark in text for mark in PRIVATE) else text
