"""The case as a text that somebody reads: who said what, what was found and decided."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cases.model.decision import Decision
from cases.store.codec import message_from
from cases.store.sight import SeenCase

if TYPE_CHECKING:
    from cases.exporting.case import Written


def told(seen: SeenCase, written: Iterable["Written"], decision: Decision | None) -> str:
    """The whole case in words, oldest first."""
    row = seen.row
    outcome = f", outcome {row.outcome}" if row.outcome else ""
    closed = f", closed {row.closed_at:%Y-%m-%d %H:%M}" if row.closed_at else ""
    lines = (
        f"Case {row.reference}\n",
        f"Category {row.category}, risk {row.risk}, access {row.access}, status {row.status}{outcome}",
        f"Received {row.received_at:%Y-%m-%d %H:%M} UTC by {row.channel}{closed}",
        f"Owner {row.owner or 'nobody'}, team {row.team}",
    )
    blocks = ["\n".join(lines)]
    if decision is not None:
        blocks.append(f"At first decided by ruleset {decision.ruleset}: {', '.join(decision.fired) or 'no rule fired'}")
    blocks += [
        _message(one.row, one.raw) if one.kind == "message" else _other(one.kind, one.row, one.raw) for one in written
    ]
    return "\n\n".join(blocks) + "\n"


def _message(row: Any, raw: bytes) -> str:
    said = message_from(raw).submission
    who = row.author or " ".join(part for part in (said.sender.name, said.sender.address) if part) or "the reporter"
    what = {"inbound": "wrote", "outbound": "answered", "note": "noted"}.get(row.direction, row.direction)
    lines = [
        f"--- {row.number}. {row.at:%Y-%m-%d %H:%M} UTC, {who} {what}{' (in a party’s thread)' if row.party_id else ''}"
    ]
    if said.subject:
        lines.append(f"Subject: {said.subject}")
    lines += [f"{name}: {value}" for name, value in said.fields]
    lines.append(said.text or said.new_text)
    lines += [f"File: {file.filename} ({file.size} bytes, SHA-256 {file.sha256})" for file in said.attachments]
    return "\n".join(lines)


def _other(kind: str, row: Any, raw: bytes) -> str:
    words = json.loads(raw)
    names = {
        "conclusion": f"{getattr(row, 'kind', '')} {getattr(row, 'choice', '')}",
        "party": getattr(row, "role", ""),
    }
    text = words.get("text") or words.get("description") or f"{words.get('name', '')} {words.get('address', '')}"
    return f"--- {kind} {names.get(kind, '')}, {row.at:%Y-%m-%d %H:%M} UTC, {row.author}\n{text.strip()}".replace(
        " ,", ","
    )
