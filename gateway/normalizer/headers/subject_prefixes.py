"""What clients put before a subject that answers or forwards another mail, in the languages of the clients we meet."""

import re

_TAG = r"\s*(?:\[[^\]]{0,40}\]\s*)?"
_COUNT = r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]"
_REPLY = "re|aw|antw|antwort|rép|réf|rif|res|sv|odp|odpowiedź|ynt|vá|ref|回复|回覆|答复|返信|회신"
_FORWARD = "fwd?|wg|tr|rv|i|enc|doorst|pd|vb|vl|転送|fw转发|转发|轉寄"
# Finnish clients answer with `VS:` (vastaus), Danish and Norwegian ones forward with it (videresendt).
_EITHER = "vs"

_ANSWERS = re.compile(rf"{_TAG}(?:{_REPLY}){_COUNT}", re.IGNORECASE)
_FORWARDS = re.compile(rf"{_TAG}(?:{_FORWARD}){_COUNT}", re.IGNORECASE)
_AMBIGUOUS = re.compile(rf"{_TAG}(?:{_EITHER}){_COUNT}", re.IGNORECASE)
_ALL = re.compile(rf"(?:{_TAG}(?:{_REPLY}|{_FORWARD}|{_EITHER}){_COUNT})+\s*", re.IGNORECASE)


def says_reply(subject: str) -> bool:
    """Whether a subject begins as clients begin that of an answer."""
    return _ANSWERS.match(subject) is not None


def says_forward(subject: str, *, names_parent: bool = False) -> bool:
    """Whether a subject begins as clients begin that of a forwarded mail; `names_parent`: In-Reply-To is there."""
    if _FORWARDS.match(subject):
        return True
    return not names_parent and _AMBIGUOUS.match(subject) is not None


def without_prefixes(subject: str) -> str:
    """The subject without what clients put before it."""
    return subject[match.end() :] if (match := _ALL.match(subject)) else subject
