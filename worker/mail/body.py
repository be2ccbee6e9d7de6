"""The body of an outgoing mail: text and HTML parts, and files beside them, assembled line by line."""

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from cases.model.submission import Attachment

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_QUOTED = "> "


def body_of(
    boundary: str, text: str, links: Iterable[str], files: Sequence[Attachment], language: str = ""
) -> tuple[str, list[str]]:
    """The Content-Type and the lines of a body. `links` are the addresses of ours that the HTML part makes clickable.

    Text and HTML as alternatives (RFC 2046 5.1.4); with files, mixed around them.
    """
    inner = [*_text_part(boundary, "plain", text), *_text_part(boundary, "html", html_of(text, links, language))]
    inner.append(f"--{boundary}--")
    alternative = f'multipart/alternative; boundary="{boundary}"'
    if not files:
        return alternative, [*inner, ""]
    outer = f"{boundary}-files"
    lines = [f"--{outer}", f"Content-Type: {alternative}", "", *inner, ""]
    for file in files:
        lines += _file_part(outer, file)
    return f'multipart/mixed; boundary="{outer}"', [*lines, f"--{outer}--", ""]


def html_of(text: str, links: Iterable[str], language: str = "") -> str:
    """The text as plain HTML: paragraphs, quoted words set apart, our own links clickable and nobody else's.

    It says its language, so that it is read aloud and hyphenated in it, and keeps to the width of a phone.
    """
    tongue = f' lang="{escape(language)}"' if language else ""
    paragraphs = "".join(_paragraph(part) for part in text.strip().split("\n\n"))
    for link in links:
        shown = escape(link)
        paragraphs = paragraphs.replace(shown, f'<a href="{shown}">{shown}</a>')
    return (
        f'<!doctype html><html{tongue}><head><meta name="viewport" content="width=device-width"></head>'
        '<body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:36em;overflow-wrap:break-word">'
        f"{paragraphs}</body></html>"
    )


def quoted(words: str) -> str:
    """Somebody's words, marked so that nobody takes them for ours."""
    return "\n".join(f"{_QUOTED}{line}".rstrip() for line in words.strip().split("\n"))


def _paragraph(part: str) -> str:
    lines = part.split("\n")
    if all(line.startswith(">") for line in lines):
        words = "<br>".join(escape(line.removeprefix(">").removeprefix(" ")) for line in lines)
        style = "margin:0 0 1em;padding-left:1em;border-left:3px solid #bbb"
        return f'<blockquote style="{style}">{words}</blockquote>'
    return f"<p>{'<br>'.join(escape(line) for line in lines)}</p>"


def _text_part(boundary: str, subtype: str, text: str) -> list[str]:
    """One part of words, quoted-printable (RFC 2045 6.7)."""
    return [
        f"--{boundary}",
        f"Content-Type: text/{subtype}; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        b2a_qp(text.encode(), istext=True).decode("ascii"),
    ]


def _file_part(boundary: str, file: Attachment) -> list[str]:
    """One file, in base 64 (RFC 2045 6.8), named as RFC 2231 wants it. A stated type that is none becomes unknown bytes."""
    kind = file.content_type.lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    return [
        f"--{boundary}",
        f"Content-Type: {kind}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: attachment; {_filename(file.filename)}",
        "",
        encodebytes(file.content).decode("ascii").rstrip("\n"),
    ]


def _filename(name: str) -> str:
    plain = "".join(letter for letter in name if letter.isprintable() and letter not in '/\\"')[:100] or "file"
    if plain.isascii():
        return f'filename="{plain}"'
    return f"filename*=utf-8''{quote(plain, safe='')}"
