"""Reads mail ids out of Message-ID, In-Reply-To and References, broken ones too."""

import re

from gateway.normalizer.headers.encoded_words import decode_words, raw_text
from gateway.normalizer.problems import Problems

MOST_IDS = 500
MOST_LENGTH = 998
"""RFC 5322 2.1.1: no line is longer, so no id is."""

_BRACKETED = re.compile(r"<([^<>]{1,2000})>")
# `Message from Pat <pat@b> of "Mon, 3 Mar" <id@b>`: only the last is an id.
_MESSAGE_FROM = re.compile(r"\s*(?:your )?(?:message|mail|e-mail) (?:from|of)\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def read_ids(values: list[bytes], problems: Problems) -> tuple[str, ...]:
    """Every id without angle brackets, each once, in order. Prose around them (RFC 822) is ignored. Never raises."""
    found: dict[str, None] = {}
    for value in values:
        text = raw_text(value, problems)
        if "=?" in text:  # Exchange folds a long id into encoded words
            text = decode_words(text, problems)
        for candidate in _candidates(text):
            if len(found) >= MOST_IDS:
                problems.add(f"more than {MOST_IDS} references; the rest was ignored")
                return tuple(found)
            if 0 < len(candidate) <= MOST_LENGTH:
                found[candidate] = None
    return tuple(found)


def read_message_id(values: list[bytes], problems: Problems) -> str:
    """The mail's own id without angle brackets: the first usable one; "" when there is none."""
    ids = read_ids([value for value in values if value.strip()][:1], problems) or read_ids(values, problems)
    if not ids:
        problems.add("the Message-ID is missing" if not values else "the Message-ID is empty")
        return ""
    return ids[0]


def _candidates(text: str) -> list[str]:
    bracketed = [_SPACE.sub("", match) for match in _BRACKETED.findall(text)]
    if bracketed:
        with_at = [candidate for candidate in bracketed if "@" in candidate]
        if _MESSAGE_FROM.match(text):
            return with_at[-1:]
        return with_at if with_at and text.strip()[:1] != "<" else bracketed
    words = text.replace("<", " ").replace(">", " ").split()
    if len(words) == 1:
        return words
    return [word.strip('",;()') for word in words if "@" in word]
