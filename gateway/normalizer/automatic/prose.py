"""Finds recipient and status in bounces that are written for people: qmail, Exim, Exchange, and the many others."""

import re

MOST_PROSE = 10_000
"""Characters looked at; what a server has to say stands at the top."""

_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])(\d)(\d)(?:[ -]|$)", re.MULTILINE)
_ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_ON_ITS_OWN = re.compile(
    rf"^[ \t>*-]*(?:rfc822;|to:|recipient:)?[ \t]*<?({_ADDRESS})>?[ \t]*(?:[:(,;].*)?$", re.MULTILINE | re.IGNORECASE
)
_AFTER_WORDS = re.compile(
    rf"\b(?:to|for|an|à|a|para|recipients?|address(?:es)?|empfänger|destinataires?|"
    rf"user)\b[ \t]*[:\n]?[ \t\n]*[<\"'(]?({_ADDRESS})",
    re.IGNORECASE,
)
_ANY = re.compile(_ADDRESS)
_ORIGINAL_BEGINS = re.compile(
    r"^[ \t]*(?:-{2,}.{0,60}(?:original|copy of|returned|below this line|kopie|message follows|undelivered).{0,80}$|"
    r"return-path:|received:\s|message headers follow|original message headers)",
    re.MULTILINE | re.IGNORECASE,
)

# SMTP reply codes (RFC 5321 4.2.3) as enhanced status codes (RFC 3463), where a server gives only the former.
_MEANING = {"550": "5.1.1", "551": "5.1.6", "552": "5.2.2", "553": "5.1.3", "554": "5.0.0", "450": "4.2.0", "451": "4.3.0",
            "452": "4.2.2", "421": "4.3.2"}  # fmt: skip
_WORDS = (
    (re.compile(r"user unknown|no such user|unknown user|address not found|does not exist|unknown local part|"
                r"no mailbox|recipient (?:not found|unknown)|(?:user|mailbox|recipient|address) not found|"
                r"unknown recipient|name is not recognized|not listed in|invalid (?:mailbox|address|recipient)|存在しない|"
                r"account is disabled|unbekannt|inconnu|sconosciut|desconocid|desconhecid|inexist|"
                r"onbekend|nieznan|okänd|ukendt|ukjent|"
                r"不存在|存在しません|見つかりません|존재하지|"
                r"wasn't found", re.IGNORECASE), "5.1.1"),
    (re.compile(r"mailbox (?:is )?full|(?:postfach|mailbox|speicher).{0,30}\bvoll\b|"
                r"boîte.{0,30}pleine|(?:buzón|casilla).{0,30}llen[oa]|"
                r"casella.{0,30}piena|caixa.{0,40}cheia|(?:postbus|postvak|mailbox).{0,30}\bvol\b|skrzynk.{0,30}(?:pełna|przepełn)|"
                r"(?:postlåda|inkorg|postkasse|indbakke|innboks).{0,30}(?:full|fuld)|(?:邮箱|郵箱|信箱).{0,8}(?:已满|已滿|满|滿)|"
                r"容量.{0,12}超|quota.{0,20}(?:dépassé|superat|excedid|überschritten)|"
                r"over quota|quota exceeded|exceeded the local limit|"
                r"exceeded.{0,20}quota", re.IGNORECASE), "5.2.2"),
    (re.compile(r"host (?:not found|unknown)|domain.{0,20}not (?:found|exist)|unrouteable", re.IGNORECASE), "5.1.2"),
    (re.compile(r"too large|size limit|message size", re.IGNORECASE), "5.3.4"),
    (re.compile(r"spam|blocked|blacklist|policy", re.IGNORECASE), "5.7.1"),
)  # fmt: skip


def find_status(text: str) -> str:
    """The status (RFC 3463) of a failure told in prose, derived from reply codes or words when need be; or ""."""
    head = _before_original(text)
    if match := _STATUS.search(head):
        return match.group(1)
    if match := _REPLY_CODE.search(head):
        code = "".join(match.groups())
        return _MEANING.get(code, f"{code[0]}.0.0")
    return next((status for pattern, status in _WORDS if pattern.search(head)), "")


def find_recipient(text: str) -> str:
    """The address that was not reached, as told before the returned mail; or ""."""
    head = _before_original(text)
    for pattern in (_ON_ITS_OWN, _AFTER_WORDS):
        for match in pattern.finditer(head):
            if not _is_system(match.group(1)):
                return match.group(1).strip(".")
    return next((found.strip(".") for found in _ANY.findall(head) if not _is_system(found)), "")


def _is_system(address: str) -> bool:
    return address.lower().startswith(("mailer-daemon@", "postmaster@", "abuse@"))


def _before_original(text: str) -> str:
    head = text[:MOST_PROSE]
    match = _ORIGINAL_BEGINS.search(head)
    return head[: match.start()] if match and match.start() > 40 else head
