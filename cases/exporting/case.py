"""One case as a package: timeline, words, files, decisions, ruleset, proof, and the script that checks it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.audit.digests import KINDS
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.exporting.cells import table
from cases.exporting.proof import Proof, prove
from cases.exporting.telling import told
from cases.keys.sealing import KeyPair, Place, unseal
from cases.model.decision import Decision
from cases.model.submission import Attachment
from cases.model.words import Channel
from cases.privacy.classes import DataClass
from cases.privacy.finding import redact
from cases.store import files as stored
from cases.store import rulesets
from cases.store.attachments import FilesIn, open_delivery
from cases.store.codec import message_from
from cases.store.dossier import open_decision
from cases.store.sight import SeenCase, Viewer, case_keys, require

VERIFY = Path(__file__).with_name("verify.py")


@dataclass(frozen=True, slots=True)
class Request:
    """Who exports what, with which keys; `redacted` are the classes of data that are taken out."""

    reference: str
    viewer: Viewer
    vault: KeyPair = field(repr=False)
    service: KeyPair = field(repr=False)
    now: datetime
    redacted: frozenset[DataClass] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """One sealed writing, opened: which kind, its id, the bytes whose digest the trail holds."""

    kind: str
    id: str
    row: Any = field(repr=False)
    raw: bytes = field(repr=False)


def export(connection: Connection, asked: Request, pieces: stored.PieceStore, files_in: FilesIn) -> bytes:
    """The case as a zip, and the fact in its trail. Raises `Refused` alike for whoever may not; commit before giving it away.

    With classes taken out, the sealed originals and files, which cannot be cleaned, stay behind; the list says so.
    """
    seen = require(connection, asked.reference, asked.viewer, Action.EXPORT)
    keys = case_keys(connection, seen, asked.viewer.person, asked.vault, asked.service)
    written = _written(connection, seen, keys)
    proof = prove(connection, seen.id)
    decision = open_decision(seen, keys)
    parts: dict[str, bytes] = dict(proof.files)
    parts["case.txt"] = _clean(told(seen, written, decision), asked).encode()
    parts["timeline.csv"] = _timeline(proof)
    parts["decisions.csv"] = _decisions(written, asked)
    parts["evidence.csv"] = _evidence(written, asked)
    left: list[str] = []
    if asked.redacted:
        left.append("The sealed originals of what was written, and all files: they cannot be cleaned of single words.")
    else:
        parts |= {f"words/{one.kind}-{one.id}.json": one.raw for one in written}
        for name, content in _files(connection, written, keys, pieces, files_in, left):
            parts[name] = content
        if decision is not None:
            raw = unseal(keys[1], seen.row.decision, Place("case_file", seen.id, "decision"))
            parts["triage.json"] = raw
    for name, version in _versions(seen, decision):
        if text := rulesets.text_of(connection, version):
            parts[name] = text.encode()
    parts["verify.py"] = VERIFY.read_bytes()
    parts["README.txt"] = _readme(seen, asked, left).encode()
    manifest = _manifest(seen, asked, parts)
    fact: dict[str, Json] = {
        "person": asked.viewer.person.id,
        "manifest": hashlib.sha256(manifest).hexdigest(),
        "without": [one.value for one in DataClass if one in asked.redacted],
    }
    append(connection, [NewEvent(seen.id, "case.exported", asked.viewer.person.address, seen.moment(asked.now), fact)])
    return zipped({**parts, "manifest.json": manifest}, f"{asked.reference}/")


def _versions(seen: SeenCase, decision: Decision | None) -> list[tuple[str, str]]:
    """The ruleset that the case was sorted by, and the one that decided at first where that was another; by file name."""
    first = decision.ruleset if decision is not None else seen.row.ruleset
    later = [("ruleset-sorted-by.yaml", seen.row.ruleset)] if seen.row.ruleset != first else []
    return [("ruleset.yaml", first), *later]


def zipped(parts: dict[str, bytes], folder: str = "") -> bytes:
    """Files as a zip, without a time of their own."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(parts.items()):
            archive.writestr(zipfile.ZipInfo(folder + name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def safe_name(name: str) -> str:
    """A file name that stays in its folder on every system."""
    kept = "".join(one if one.isalnum() or one in " .-_()" else "_" for one in name).strip(" .")
    return kept[-100:] or "file"


def _written(connection: Connection, seen: SeenCase, keys: dict[int, KeyPair]) -> list[Written]:
    """Everything sealed in the case that these keys open, in the order it was written."""
    found = []
    for kind in KINDS:
        rows = connection.execute(select(kind.table).where(kind.table.c.case_id == seen.id)).all()
        for row in sorted(rows, key=lambda one: (one.at, getattr(one, "number", 0))):
            value = getattr(row, kind.column)
            if value is not None and row.epoch in keys:
                raw = unseal(keys[row.epoch], value, Place(kind.table.name, row.id, kind.column))
                found.append(Written(kind.name, row.id, row, raw))
    return found


def _files(
    connection: Connection,
    written: Iterable[Written],
    keys: dict[int, KeyPair],
    pieces: stored.PieceStore,
    files_in: FilesIn,
    left: list[str],
) -> Iterable[tuple[str, bytes]]:
    """Every file that came along, and each delivery as it was received."""
    for one in written:
        if one.kind != "message" or not (listed := message_from(one.raw).submission.attachments):
            continue
        key = keys[one.row.epoch]
        inside: Mapping[str, Attachment] = {}
        if one.row.raw is not None:
            raw = open_delivery(connection, one.id, one.row.raw, key, pieces)
            inside = files_in(Channel(one.row.channel), raw, one.row.at)
        for number, file in enumerate(listed):
            kept = stored.find(connection, one.id, number)
            name = f"files/{one.row.number:03}-{number}-{safe_name(file.filename)}"
            if kept is not None:
                yield name, b"".join(stored.open_found(kept, key, pieces).parts)
            elif file.sha256 in inside:
                yield name, inside[file.sha256].content
            else:
                left.append(f"File {number + 1} of message {one.row.number}: it is not kept.")


def _timeline(proof: Proof) -> bytes:
    rows = [(one["at"], one["seq"], one["verb"], one["actor"], one["data"]) for one in proof.events]
    return table(("time (UTC)", "number", "what", "who", "ids"), rows)


def _decisions(written: list[Written], asked: Request) -> bytes:
    rows = [
        (one.row.at.isoformat(), one.row.kind, one.row.choice, one.row.author, _clean(_text(one.raw), asked))
        for one in written
        if one.kind == "conclusion"
    ]
    return table(("time (UTC)", "kind", "result", "who", "words"), rows)


def _evidence(written: list[Written], asked: Request) -> bytes:
    rows = []
    for one in written:
        if one.kind == "evidence":
            about = json.loads(one.raw)
            words = (_clean(about["description"], asked), _clean(about["filename"], asked))
            rows.append(
                (one.row.number, one.row.at.isoformat(), one.row.author, *words, about["size"], about["sha256"])
            )
    return table(("number", "added (UTC)", "by", "what it shows", "file", "bytes", "SHA-256"), rows)


def _text(raw: bytes) -> str:
    return str(json.loads(raw).get("text", ""))


def _clean(text: str, asked: Request) -> str:
    return redact(text, asked.redacted)


def _readme(seen: SeenCase, asked: Request, left: Collection[str]) -> str:
    lines = [
        f"Case {seen.row.reference}, exported {asked.now:%Y-%m-%d %H:%M} UTC by {asked.viewer.person.address}.",
        "",
        "case.txt       the case to read: who said what, what was found and decided",
        "timeline.csv   everything that happened to it, reading included",
        "decisions.csv, evidence.csv",
        "ruleset.yaml   the rules that decided at first; ruleset-sorted-by.yaml those it was sorted by later, where there are",
        "words/, files/ each writing and file as it was stored",
        "proof/         its events, the chain around them, the signed anchor",
        "",
        "Check it, offline, on any machine with Python: python3 verify.py",
        "The key it prints is the one that `heed audit key` shows.",
    ]
    if asked.redacted:
        lines += ["", "Taken out: " + ", ".join(sorted(one.value for one in asked.redacted)) + "."]
    if left:
        lines += ["", "Not in here:", *(f"- {one}" for one in left)]
    return "\n".join(lines) + "\n"


def _manifest(seen: SeenCase, asked: Request, parts: dict[str, bytes]) -> bytes:
    row = seen.row
    facts = {
        name: getattr(row, name)
        for name in ("reference", "category", "risk", "access", "status", "outcome", "ruleset", "model")
    }
    times = {name: _iso(getattr(row, name)) for name in ("received_at", "opened_at", "closed_at")}
    if len(parts) > 20_000:
        raise Refused("the case has too many files for one export")
    files = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())}
    whole = {"form": 1, "exported_at": asked.now.isoformat(), **facts, **times, "files": files}
    return json.dumps(whole, indent=1, ensure_ascii=False).encode()


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
