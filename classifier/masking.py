"""Takes people and numbers out of a text before it is learned from or read: names, addresses, amounts, dates.

Patterns begin with a rare literal or digit and repeat a bounded number of times, so that no text makes them slow.
"""

import re
from collections.abc import Sequence
from typing import Final

from classifier.words import load_words

# Masks are single digits: no other digit survives masking, so they cannot collide with anything a person wrote.
NUMBER: Final = "0"
MONEY: Final = "1"
DATE: Final = "2"
TIME: Final = "3"
ADDRESS: Final = "4"
LINK: Final = "5"
NAME: Final = "6"
SWEARING: Final = "7"
ACCOUNT: Final = "8"
MASKS: Final = frozenset("012345678")

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){0,8}")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_STARRED = re.compile(r"[^\W\d_]{1,20}(?:[*#@$]{2,20}\w{0,20}|\*{1,20}\w{1,20})")
# It begins with a letter and looks back for the edge: the engine skips to letters, and not to edges.
_IBAN = re.compile(r"[A-Z](?<=\b[A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_MONTH = (
    r"(?:jan|feb|f[eé]v|m[aä]r|a[pv]r|abr|ma[iy]|ju[ni]|ju[il]|aug|ao[uû]t|ago|sep|o[ck]t|nov|de[cz]|d[eé]c|dic|ene)"
    r"[^\W\d_]{0,7}"
)
_NUMBER = re.compile(
    rf"\d(?:[\d.,:/'()-]{{0,30}}\d)?(?P<unit>[^\W\d_]{{1,6}}\b|\)?\s?[€$£]|\s(?:euros?|eur|dollars?|usd|bucks|quid|pounds?|gbp|chf|"
    rf"francs?|[ap]m|uhr)\b|[.]?\s(?:of\s|de\s)?{_MONTH}\b|\(?[kb]\))?",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?[/.-]\d\d?(?:[/.-](?:\d{4}|\d\d))?")
_CLOCKED = re.compile(r"\d\d?[:h]\d\d")
_CURRENCIES = frozenset(
    (
        "euro",
        "euros",
        "eur",
        "dollar",
        "dollars",
        "usd",
        "bucks",
        "quid",
        "pound",
        "pounds",
        "gbp",
        "chf",
        "franc",
        "francs",
    )
)
_HOURS = frozenset(("am", "pm", "uhr", "h"))
_ORDINALS = frozenset(("st", "nd", "rd", "th", "er", "e"))
# Schemes and forms whose name is a number: they say what a message is about.
_TERMS = {"401k": "pensionplan", "403b": "pensionplan", "401": "pensionplan", "1099": "taxform", "1099s": "taxform"}
_LETTERED_TERMS = {
    "w2": "taxform",
    "w4": "taxform",
    "p45": "taxform",
    "p60": "taxform",
    "i9": "workpermitform",
    "h1b": "workpermitform",
}

_CAPITAL = r"[A-ZÄÖÜÉÈÁÍÓÚÑÇŁŠŽ][\w'’-]{1,30}"
_GREETED = re.compile(
    r"(?m)^([ \t]{0,8}(?:[Hh]i|[Hh]ey|[Hh]ello|HI|[Dd]ear|[Hh]allo|[Ll]iebe[rs]?|[Bb]onjour|[Cc]her|[Cc]h[eè]re|"
    r"[Ss]alut|[Hh]ola|[Qq]uerid[oa]|[Ee]stimad[oa]))[ \t]{1,4}(?!(?:HR|RH|Team|Human|People|All|Sir|Madam)\b)"
    rf"{_CAPITAL}(?:[ \t]{{1,4}}(?!Team\b){_CAPITAL})?"
)
_SIGNED = re.compile(rf"\n[ \t–—~-]{{0,8}}{_CAPITAL}(?:[ ]{_CAPITAL}|[ ][A-Z]\.?){{0,2}}[ .]{{0,4}}\s{{0,8}}$")
_INTRODUCED = re.compile(
    r"((?:name is|ich hei(?:ß|ss)e|Name ist|m'appelle|me llamo|nombre es|name's)\s{1,4})"
    rf"{_CAPITAL}(?:\s{{1,4}}{_CAPITAL})?"
)

# Private-use characters hold a mask's place until all are set, so that no pattern takes a mask for a number.
_ALL = (NUMBER, MONEY, DATE, TIME, ADDRESS, LINK, NAME, SWEARING, ACCOUNT)
_HOLD = {mark: f" {chr(0xE000 + int(mark))} " for mark in _ALL}


def mask(text: str) -> str:
    """The text with mail addresses, links, accounts, amounts, dates, times, numbers and names told by form replaced.

    Given names from a list and names after a title are replaced word by word later, by `mask_names`.
    """
    if "@" in text:
        text = _MAIL.sub(_HOLD[ADDRESS], text)
    if "://" in text or "www." in text or "WWW." in text:
        text = _LINK.sub(_HOLD[LINK], text)
    if "*" in text or "#" in text or "@" in text:
        text = _STARRED.sub(_HOLD[SWEARING], text)
    if any(digit in text for digit in "0123456789"):
        text = _NUMBER.sub(_number, _IBAN.sub(_HOLD[ACCOUNT], text))
    text = _GREETED.sub(r"\1" + _HOLD[NAME], text)
    if "\n" in text:
        text = text[:-100] + _SIGNED.sub(_HOLD[NAME], text[-100:])
    if "name" in text or "Name" in text or "heiß" in text or "heiss" in text or "appelle" in text or "llamo" in text:
        text = _INTRODUCED.sub(r"\1" + _HOLD[NAME], text)
    if not text.isascii():
        for mark, held in _HOLD.items():
            text = text.replace(held, f" {mark} ")
    return text


def as_kept(counted: Sequence[str]) -> str:
    """Counted words as a text to be kept and learned from later: reading it again gives the same words, masks included."""
    held = {mark: one.strip() for mark, one in _HOLD.items()}
    return f" {'  '.join(held.get(word, word) for word in counted)} "


def _number(found: re.Match[str]) -> str:
    """What kind of number this is, from its shape, the unit behind it and the sign or letter before it."""
    whole = found.group().lower()
    unit = (found["unit"] or "").strip(" ().\n").lower()
    digits = whole[: len(whole) - len(found["unit"] or "")]
    start = found.start()
    before = found.string[max(0, start - 2) : start]
    if before[-1:] in {"$", "€", "£"} or before in {"$ ", "€ ", "£ "} or unit in _CURRENCIES:
        return _HOLD[MONEY]
    if unit and (term := _TERMS.get(digits + unit)):
        return f" {term} "
    if term := _TERMS.get(digits) or _LETTERED_TERMS.get(before.strip(" -")[-1:].lower() + digits + unit):
        return f" {term} "
    if unit in _HOURS or _CLOCKED.fullmatch(digits) or (unit and _CLOCKED.fullmatch(whole)):
        return _HOLD[TIME]
    if unit in {"€", "$", "£"}:
        return _HOLD[MONEY]
    if _DATED.fullmatch(digits) or unit in _ORDINALS or " " in (found["unit"] or "").rstrip():
        return _HOLD[DATE]
    return _HOLD[NUMBER]


def mask_names(written: list[str], counted: list[str]) -> list[str]:
    """The counted words with known names replaced, and the capitalised word after a title."""
    known, titles = load_words("names"), load_words("titles")
    masked = [NAME if word in known else word for word in counted]
    if not titles.isdisjoint(counted):
        for index in range(1, len(written)):
            if counted[index - 1] in titles and written[index][:1].isupper():
                masked[index] = NAME
    return masked
