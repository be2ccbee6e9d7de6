"""The private characters by which HTML's own marks (signature, attribution, earlier mail) travel within the text."""

import re
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
    r"^(?:appendonsend|divRplyFwdMsg|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|stopSpelling)$|"
    r"\bms-outlook-mobile-reference-message\b|\bntes-mailmaster-quote\b|\bhistory-quote-wrapper\b"
)
# The line that Outlook draws above the headers of an earlier mail.
_HEADER_LINE = re.compile(r"border-top:\s*solid\s+#(?:E1E1E1|B5C4DF)\s+1\.0pt", re.IGNORECASE)


def signature_marked(element: Any) -> bool:
    """Whether a client says that this element of HTML is a signature."""
    return any(_SIGNATURE.search(element.get(name) or "") for name in ("class", "id", "name"))


def attribution_marked(element: Any) -> bool:
    """Whether a client says that this element holds nothing but who wrote what is quoted right below it."""
    if not any(_ATTRIBUTION.search(element.get(name) or "") for name in ("class", "id")):
        return False
    below = element.getnext()
    return below is not None and below.tag == "blockquote" and element.find(".//a[@name]") is None


def earlier_marked(element: Any) -> bool:
    """Whether a client says that an earlier mail begins with this element."""
    if any(_EARLIER.search(element.get(name) or "") for name in ("class", "id")):
        return True
    return _HEADER_LINE.search(element.get("style") or "") is not None


def without_marks(text: str) -> str:
    """`text` without the private characters and the lines they stood on."""
    return _MARKS.sub("", text) if any(mark in text for mark in PRIVATE) else text
