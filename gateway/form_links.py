"""What a form's payload says beside its words: who will be able to open the new case, which case it belongs to, and what
its reporter would like done.
"""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from typing import Any

from cases.errors import Refused
from cases.keys.links import NewReader
from cases.model.acts import BEST_RATING, ActKind, ReporterAct
from cases.model.identity import Identity

LONGEST_LINE = 1000
"""Characters of a name, and of how to reach somebody."""
LINK_KINDS = frozenset({"receipt", "status"})


@dataclass(frozen=True, slots=True)
class FormLinks:
    """All are empty for a form that makes a plain new case. `identity` is for the custodians alone."""

    reader: NewReader | None = None
    case_link: tuple[str, str] | None = None
    identity: Identity = field(default_factory=Identity)
    act: ReporterAct | None = None


def read_links(payload: bytes) -> FormLinks:
    """The links in a payload; raises `Refused` when they are not what our own site writes."""
    try:
        value = json.loads(payload)
        reader, link = value.get("reader"), value.get("case_link")
        return FormLinks(
            NewReader(_kind(reader), _lookup(reader), _public(reader)) if reader else None,
            (_kind(link), _lookup(link)) if link else None,
            _identity(value.get("identity")),
            _act(value["act"]) if value.get("act") else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, NotBase64) as error:
        raise Refused(f"the form's payload is damaged ({type(error).__name__})") from None


def without_identity(payload: bytes) -> bytes:
    """The payload as the case keeps it: who the reporter is lies in another compartment, under another key."""
    value = json.loads(payload)
    value.pop("identity", None)
    return json.dumps(value).encode("ascii")


def _identity(value: dict[str, str] | None) -> Identity:
    if value is None:
        return Identity()
    name, contact = (" ".join(str(value.get(key) or "").split())[:LONGEST_LINE] for key in ("name", "contact"))
    return Identity(name, contact)


def _act(value: dict[str, Any]) -> ReporterAct:
    act = ReporterAct(
        ActKind(value["kind"]), int(value.get("rating", 0)), str(value.get("token", "")), str(value.get("address", ""))
    )
    if not 0 <= act.rating <= BEST_RATING:
        raise ValueError("rating")
    return act


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
