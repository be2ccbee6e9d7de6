"""Reads Content-Type and Content-Disposition with their parameters, RFC 2231 names included."""

import re
from urllib.parse import unquote_to_bytes

from gateway.normalizer.bodies.charsets import decode
from gateway.normalizer.headers.encoded_words import decode_words, raw_text
from gateway.normalizer.problems import Problems

MOST_PARAMETERS = 100

_PIECE = re.compile(r'((?:[^";]|"(?:[^"\\]|\\.)*"|")*)(?:;|$)', re.DOTALL)
# `text/plain charset=utf-8`: the semicolon forgotten.
_UNSEPARATED = re.compile(r"^\s*([A-Za-z]{1,20}/[\w.+-]{1,80})\s+(?=[\w*-]{1,40}\s?=)")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?$")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read_value(value: bytes, problems: Problems) -> tuple[str, dict[str, str]]:
    """The value before the first semicolon in lower case, and the parameters, names in lower case, values decoded."""
    if not value:
        return "", {}
    text = raw_text(value, problems)
    if ";" not in text and "=" not in text:
        return _main(text), {}
    pieces = _split(_UNSEPARATED.sub(r"\1; ", text))
    return _main(pieces[0]), _parameters(pieces[1:], problems)


def _main(text: str) -> str:
    return re.sub(r"\s|\(.*?\)", "", text).strip("\"'").lower()


def _split(text: str) -> list[str]:
    """At semicolons outside quoted strings; a quote that never closes counts as a plain character."""
    if '"' not in text:
        return text.split(";")
    if text.count('"') % 2:
        text = text + '"'
    return [match.group(1) for match in _PIECE.finditer(text)]


def _parameters(pieces: list[str], problems: Problems) -> dict[str, str]:
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[:MOST_PARAMETERS]:
        name, equals, value = piece.partition("=")
        name = name.strip().lower()
        if not equals or not name:
            continue
        value = _unquoted(value.strip())
        match = _SECTION.match(name)
        if "*" in name and match:
            key, number, encoded = match.groups()
            sections.setdefault(key, {})[int(number or 0)] = (value, bool(encoded))
        else:
            plain.setdefault(name, decode_words(value, problems) if "=?" in value else value)
    for key, parts in sections.items():
        plain[key] = _joined(parts, problems)
    return plain


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return _ESCAPED.sub(r"\1", value[1:-1])
    return value.strip('"')


def _joined(parts: dict[int, tuple[str, bool]], problems: Problems) -> str:
    """RFC 2231 3 and 4: numbered sections, each percent-encoded or not; charset and language in front of the first."""
    charset = ""
    octets = b""
    for number in sorted(parts):
        value, encoded = parts[number]
        if encoded:
            if number == min(parts) and value.count("'") >= 2:
                charset, _, value = value.split("'", 2)
            octets += unquote_to_bytes(value)
        else:
            octets += value.encode("utf-8", "replace")
    result = decode(octets, charset)
    problems.add(f"a parameter: {result.problem}" if result.problem else "")
    return decode_words(result.text, problems) if "=?" in result.text else result.text
