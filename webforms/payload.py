"""What a form hands to the inbox: one JSON object, as `gateway.normalizer` reads it."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cases.keys.links import LinkReader
from cases.model.acts import ReporterAct
from cases.model.identity import Identity
from webforms.bodies import UploadedFile


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is filled in well. `fields` are those of its own beside the common ones.

    `concerns` and `keep_from` name people by name or address: whom it is about, and who else must not see it. Triage keeps
    both out before anybody is told.
    """

    form: str
    language: str
    text: str = field(repr=False)
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: tuple[UploadedFile, ...] = field(default=(), repr=False)
    concerns: tuple[str, ...] = field(default=(), repr=False)
    keep_from: tuple[str, ...] = field(default=(), repr=False)
    keep_from_managers: bool = False


def encode(
    filled: Filled,
    *,
    reader: LinkReader | None = None,
    case_link: LinkReader | None = None,
    identity: Identity | None = None,
    act: ReporterAct | None = None,
) -> bytes:
    """The payload. `reader` will be able to open the new case: only its lookup and public key go in.

    `case_link` names the case that a dialogue's message belongs to, by its lookup; `act` is what is to be done with it.
    `identity` is who the reporter says they are: triage seals it to the custodians, apart from the words.
    """
    value: dict[str, Any] = {
        "form": filled.form,
        "name": filled.name,
        "email": filled.email,
        "subject": filled.subject,
        "text": filled.text,
        "fields": dict(filled.fields),
        "concerns": list(filled.concerns),
        "keep_from": list(filled.keep_from),
        "keep_from_managers": filled.keep_from_managers,
        "language": filled.language,
        "files": [
            {
                "filename": one.filename,
                "content_type": one.content_type,
                "content_base64": b64encode(one.content).decode(),
            }
            for one in filled.files
        ],
        "reader": None,
    }
    if reader is not None:
        value["reader"] = {
            "kind": reader.kind,
            "lookup": reader.lookup,
            "public": b64encode(reader.keys.public).decode(),
        }
    if case_link is not None:
        value["case_link"] = {"kind": case_link.kind, "lookup": case_link.lookup}
    if identity:
        value["identity"] = {"name": identity.name, "contact": identity.contact}
    if act is not None:
        value["act"] = asdict(act)
    return json.dumps(value).encode("ascii")
