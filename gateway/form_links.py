"""What a form's payload says beside its words: who will be able to open the new case, or which case it belongs to."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass

from cases.errors import Refused
from cases.keys.links import NewReader

LINK_KINDS = frozenset({"receipt", "status"})


@dataclass(frozen=True, slots=True)
class FormLinks:
    """Both are None for a form that makes a plain new case."""

    reader: NewReader | None = None
    case_link: tuple[str, str] | None = None


def read_links(payload: bytes) -> FormLinks:
    """The links in a payload; raises `Refused` when they are not what our own site writes."""
    try:
        value = json.loads(payload)
        reader, link = value.get("reader"), value.get("case_link")
        return FormLinks(
            NewReader(_kind(reader), _lookup(reader), _public(reader)) if reader else None,
            (_kind(link), _lookup(link)) if link else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, NotBase64) as error:
        raise Refused(f"the form's payload is damaged ({type(error).__name__})") from None


def _kind(value: dict[str, str]) -> str:
    if value["kind"] not in LINK_KINDS:
        raise ValueError("kind")
    return value["kind"]


def _lookup(value: dict[str, str]) -> str:
    if len(bytes.fromhex(value["lookup"])) != 16:
        raise ValueError("lookup")
    return value["lookup"].lower()


def _public(value: dict[str, str]) -> bytes:
    public = b64decode(value["public"], validate=True)
    if len(public) != 32:
        raise ValueError("public")
    return public
