"""What a case keeps of files that a protected reporter sent: clean copies under plain names; the originals go elsewhere."""

import json
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from cases.model.submission import Attachment, Submission
from gateway.cleaning.kinds import CannotClean, Copy

SECONDS_TOGETHER = 240.0
"""For all files of one delivery; what is left then stays as it came."""
TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "eml": "message/rfc822",
}


@dataclass(frozen=True, slots=True)
class AsSent:
    """A file's own name, and its bytes; none where the case has them as they came."""

    number: int
    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Protected:
    """A submission for readers, its payload, and what is for the custodians."""

    submission: Submission
    payload: bytes = field(repr=False)
    originals: tuple[AsSent, ...]


def protect(
    submission: Submission,
    payload: bytes,
    clean: Callable[[bytes, str], Copy],
    clock: Callable[[], float] = time.monotonic,
) -> Protected:
    """A form's submission and payload with every file cleaned, or marked as not; `clean` raises `CannotClean`."""
    until = clock() + SECONDS_TOGETHER
    shown, originals = [], []
    for number, sent in enumerate(submission.attachments):
        copy = _cleaned(sent, clean) if clock() < until else None
        shown.append(_shown(sent, number + 1, copy))
        originals.append(AsSent(number, sent.filename, sent.content if copy else b""))
    return Protected(replace(submission, attachments=tuple(shown)), _with(payload, shown), tuple(originals))


def ending_of(name: str) -> str:
    """The ending of a name, in small letters; "" when it is none that programs use."""
    stem, dot, ending = name.rpartition(".")
    plain = bool(stem and dot) and ending.isascii() and ending.isalnum() and len(ending) <= 5
    return ending.lower() if plain else ""


def _cleaned(sent: Attachment, clean: Callable[[bytes, str], Copy]) -> Copy | None:
    try:
        return clean(sent.content, ending_of(sent.filename))
    except CannotClean:
        return None


def _shown(sent: Attachment, number: int, copy: Copy | None) -> Attachment:
    content = copy.content if copy else sent.content
    ending = copy.ending if copy else ending_of(sent.filename)
    kind = TYPES.get(ending, "text/plain") if copy else "application/octet-stream"
    name = f"file-{number}.{ending}" if ending else f"file-{number}"
    return Attachment(name, kind, content, sha256(content).hexdigest(), cleaned=copy is not None)


def _with(payload: bytes, shown: list[Attachment]) -> bytes:
    value = json.loads(payload)
    value["files"] = [
        {
            "filename": one.filename,
            "content_type": one.content_type,
            "content_base64": b64encode(one.content).decode(),
        }
        for one in shown
    ]
    return json.dumps(value).encode("ascii")
