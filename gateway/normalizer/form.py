"""Turns the JSON of a form or of the intake API into one Submission; what cannot be read is a problem."""

import base64
import binascii
import hashlib
import json
import re
from datetime import datetime
from typing import Any

from cases.model.submission import Address, Attachment, Submission
from cases.model.words import Channel
from gateway.normalizer.bodies.parts import clean_filename
from gateway.normalizer.language import detect
from gateway.normalizer.problems import Problems

MOST_FIELDS = 200
MOST_FILES = 100
MOST_TEXT = 1_000_000
MOST_SHORT = 1000
"""Characters of a one-line value."""


def normalize_form(payload: bytes, *, channel: Channel, now: datetime) -> Submission:
    """The submission in a form's payload: `form, name, email, subject, text, fields{}, language, files[]`, and whom it
    concerns or who must not see it: `concerns[], keep_from[], keep_from_managers`. Never raises.

    `now` becomes the date, except for anonymous reports, whose times are kept to the day. Files are
    `{filename, content_type, content_base64}`. The form's own name comes first among `fields`, as `form`.
    """
    problems = Problems()
    given = _read(payload, problems)
    text = _text(given.get("text"), MOST_TEXT, "text", problems)
    fields = _fields(given, problems)
    language = _line(given.get("language"), "language", problems).lower()[:2]
    concerns, keep_from = (_names(given.get(key), key, problems) for key in ("concerns", "keep_from"))
    sender = Address(_line(given.get("name"), "name", problems), _line(given.get("email"), "email", problems))
    anonymous = channel is Channel.ANONYMOUS
    return Submission(
        channel=channel,
        sender=Address() if anonymous else sender,
        subject=_line(given.get("subject"), "subject", problems),
        date=now.replace(hour=0, minute=0, second=0, microsecond=0) if anonymous else now,
        text=text,
        new_text=text.strip(),
        language=language if language.isalpha() else detect(text),
        attachments=_files(given.get("files"), problems),
        fields=fields,
        problems=problems.told(),
        concerns=concerns,
        keep_from=keep_from,
        keep_from_managers=given.get("keep_from_managers") is True,
    )


def _read(payload: bytes, problems: Problems) -> dict[str, Any]:
    try:
        given = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        problems.add("the form's data is not JSON; kept as text")
        return {"text": payload.decode("utf-8", "replace").replace("\0", "")}
    if isinstance(given, dict):
        return given
    problems.add("the form's data is not an object; kept as text")
    return {"text": json.dumps(given, ensure_ascii=False)}


def _text(value: object, most: int, name: str, problems: Problems) -> str:
    """Any JSON value as text without control characters or lone surrogates."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) > most:
        problems.add(f"the field {name} is longer than {most:,} characters and was cut")
        text = text[:most]
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    return "".join(letter for letter in text if letter in "\n\t" or ord(letter) >= 32)


def _line(value: object, name: str, problems: Problems) -> str:
    return " ".join(_text(value, MOST_SHORT, name, problems).split())


def _fields(given: dict[str, Any], problems: Problems) -> tuple[tuple[str, str], ...]:
    stated = given.get("fields") or {}
    if not isinstance(stated, dict):
        problems.add("the form's fields are not an object; kept as one field")
        stated = {"fields": stated}
    if len(stated) > MOST_FIELDS:
        problems.add(f"more than {MOST_FIELDS} fields; the rest was ignored")
    found = [("form", _line(given["form"], "form", problems))] if given.get("form") else []
    for key in list(stated)[:MOST_FIELDS]:
        name = _line(key, "name of a field", problems)
        found.append((name, _text(stated[key], MOST_TEXT, name, problems)))
    return tuple(found)


def _names(stated: object, key: str, problems: Problems) -> tuple[str, ...]:
    """People or teams, one an entry; a text holds one a line, or several between commas or semicolons."""
    entries = re.split(r"[\n,;]", stated) if isinstance(stated, str) else stated or []
    if not isinstance(entries, list):
        problems.add(f"the field {key} is no list; ignored")
        return ()
    if len(entries) > MOST_FIELDS:
        problems.add(f"more than {MOST_FIELDS} entries in {key}; the rest was ignored")
    return tuple(name for entry in entries[:MOST_FIELDS] if (name := _line(entry, key, problems)))


def _files(stated: object, problems: Problems) -> tuple[Attachment, ...]:
    if stated is None:
        return ()
    if not isinstance(stated, list):
        problems.add("the form's files are not a list; ignored")
        return ()
    if len(stated) > MOST_FILES:
        problems.add(f"more than {MOST_FILES} files; the rest was ignored")
    found = []
    for each in stated[:MOST_FILES]:
        if not isinstance(each, dict):
            problems.add("a file could not be read; ignored")
            continue
        name = clean_filename(_line(each.get("filename"), "filename", problems))
        kind = _line(each.get("content_type"), "content_type", problems) or "application/octet-stream"
        try:
            content = base64.b64decode(str(each.get("content_base64") or ""), validate=False)
        except (binascii.Error, ValueError):
            problems.add("a file's content is not base64; kept empty")
            content = b""
        found.append(Attachment(name, kind, content, hashlib.sha256(content).hexdigest()))
    return tuple(found)
