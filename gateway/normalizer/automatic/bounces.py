"""Understands delivery reports: RFC 3464 where they follow it, each mail server's prose where they do not."""

import re
from dataclasses import dataclass

from cases.model.submission import Bounce
from gateway.normalizer.automatic.phrases import (
    DELAY,
    DELIVERED_SUBJECT,
    FAILURE_CODE,
    FAILURE_PROSE,
    FAILURE_SUBJECT,
    REJECTED_PROSE,
)
from gateway.normalizer.automatic.prose import find_recipient, find_status
from gateway.normalizer.bodies.parts import Part
from gateway.normalizer.bodies.transfer import undo_transfer
from gateway.normalizer.headers.block import Headers, read_block
from gateway.normalizer.headers.ids import read_ids
from gateway.normalizer.problems import Problems

MOST_STATUS_BYTES = 100_000
MOST_HEAD = 20_000

_ORIGINAL_ID = re.compile(r"^[ \t>]*(?:Original-)?Message-ID:[ \t\n>]*<([^<>\s]{3,400})>", re.IGNORECASE | re.MULTILINE)
# A receipt quotes the mail it is about: `Subject: Mailbox full? how to …`.
_QUOTED_FIELD = re.compile(
    r"^[ \t>]*(?:Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Temat|Ämne|Emne|件名|主题|主旨)\s?[:：].*$",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})")
_PERSON_TYPES = {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers",
                 "message/rfc822-headers"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says. `failed` is false for delays, receipts and relays: those are no failures."""

    failed: bool
    reason: str
    bounce: Bounce | None = None


def read_report(
    root: Part, subject: str, text: str, *, own_domains: tuple[str, ...], from_machine: bool, named_so: bool = True
) -> Report | None:
    """The report in this mail, or None when it is none. Never raises.

    Without a machine-readable part, prose counts only when a machine is the sender (`from_machine`), so that a person
    who writes about a bounce, or forwards one, stays a person; and where the sender is not `named_so`, only beside a
    subject, a header or a code of failure, for vacation notices also say that a mailbox is full or an account closed.
    """
    kind = root.parameters.get("report-type", "").lower()
    if kind == "disposition-notification" and (rejected := _from_rejection(root, text, own_domains)):
        return rejected
    if root.content_type == "multipart/report" and kind in {"disposition-notification", "feedback-report"}:
        words = "a read receipt" if kind.startswith("disposition") else "an abuse report"
        return Report(failed=False, reason=f"{words} (report-type {kind})")
    parts = list(_flatten(root))
    status_part = next((part for part in parts if part.content_type in _STATUS_TYPES), None)
    original = _original_id(parts, text, own_domains)
    if status_part is not None and (from_machine or root.content_type == "multipart/report"):
        return _from_status(status_part, original, subject, text)
    if any(part.content_type == "message/disposition-notification" for part in parts):
        return Report(failed=False, reason="a read receipt (message/disposition-notification)")
    if not from_machine:
        return None
    return _from_prose(root, subject, text, original, named_so=named_so)


def tells_of_failure(subject: str, text: str) -> bool:
    """Whether the subject is that of a report on delivery, or the text holds a server's code of a permanent failure."""
    return bool(FAILURE_SUBJECT.search(subject) or DELAY.search(subject) or FAILURE_CODE.search(text[:MOST_HEAD]))


_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}


def _flatten(part: Part) -> list[Part]:
    found = [part]
    for child in part.children[:50]:
        found += _flatten(child)
    return found


def _decoded(part: Part) -> bytes:
    return undo_transfer(part.body[: MOST_STATUS_BYTES * 2], part.encoding, Problems(), is_text=True)[
        :MOST_STATUS_BYTES
    ]


def _from_status(part: Part, original: str, subject: str, text: str) -> Report:
    """RFC 3464 2.3: the first failed recipient counts; without one, delays and receipts are no failure."""
    groups = _groups(_decoded(part))
    recipients = [group for group in groups if "final-recipient" in group or "original-recipient" in group
                  or "action" in group or "status" in group]  # fmt: skip
    failed = [group for group in recipients if _action(group) == "failed"]
    if not recipients:
        if DELAY.search(subject):
            return Report(failed=False, reason="a notice of delay")
        bounce = Bounce(find_recipient(text), find_status(text), original)
        return Report(failed=True, reason="a delivery report without recipients", bounce=bounce)
    if not failed:
        action = _action(recipients[0])
        words = {"delayed": "a notice of delay", "delivered": "a delivery receipt"}.get(action, "a delivery report")
        return Report(failed=False, reason=f"{words} (Action: {action})")
    group = failed[0]
    recipient = _address(group, "original-recipient") or _address(group, "final-recipient") or find_recipient(text)
    bounce = Bounce(recipient, _status(group) or find_status(text), original)
    return Report(failed=True, reason="a delivery report (RFC 3464) with Action: failed", bounce=bounce)


def _from_rejection(root: Part, text: str, own_domains: tuple[str, ...]) -> Report | None:
    """A mailbox may refuse a mail by a disposition notification (RFC 5429 2.1.2): `deleted`, and words that say so."""
    if not REJECTED_PROSE.search(_QUOTED_FIELD.sub("", text[:2000])):
        return None
    parts = list(_flatten(root))
    for part in parts:
        if part.content_type == "message/disposition-notification":
            group = next(iter(_groups(_decoded(part))), Headers())
            recipient = _address(group, "final-recipient") or find_recipient(text)
            bounce = Bounce(recipient, find_status(text) or "5.0.0", _original_id(parts, text, own_domains))
            return Report(failed=True, reason="a rejection by the recipient's mailbox (RFC 5429)", bounce=bounce)
    return None


def _groups(octets: bytes) -> list[Headers]:
    """The blocks of fields of a delivery-status body, which blank lines separate."""
    groups: list[Headers] = []
    at = 0
    while at < len(octets) and len(groups) < 100:
        while at < len(octets) and octets[at] in b"\r\n\t ":
            at += 1
        headers, after = read_block(octets, at, len(octets), Problems())
        if headers.fields:
            groups.append(headers)
        at = max(after, at + 1)
    return groups


def _action(group: Headers) -> str:
    action = group.first("action").decode("ascii", "replace").split("(")[0].strip().lower()
    if action:
        return action if action in {"delayed", "delivered", "relayed", "expanded"} else "failed"
    return "delayed" if group.first("status").strip().startswith(b"4") else "failed"


def _address(group: Headers, name: str) -> str:
    """`rfc822; a@b` without its type and brackets (RFC 3464 2.1.2)."""
    value = group.first(name).decode("utf-8", "replace")
    address = value.partition(";")[2] if ";" in value else value
    address = address.strip().strip("<>").strip()
    match = re.search(r"[^\s<>\"(),;:]+@[^\s<>\"(),;:]+", address)
    return match.group().strip("<>.") if match else ""


def _status(group: Headers) -> str:
    for name in ("status", "diagnostic-code"):
        if match := _STATUS.search(group.first(name).decode("utf-8", "replace")):
            return match.group(1)
    return ""


def _original_id(parts: list[Part], text: str, own_domains: tuple[str, ...]) -> str:
    """The returned mail's Message-ID: from its attached headers, else from the quoted copy in the text."""
    found: list[str] = []
    for part in parts[1:]:
        if part.content_type in _PERSON_TYPES or part.content_type.startswith("text/"):
            octets = _decoded(part)
            headers, _ = read_block(octets, 0, len(octets), Problems(), outermost=True)
            found += read_ids(headers.all("message-id"), Problems())[:1]
    found += _ORIGINAL_ID.findall(text[:200_000])
    if parts and not found:
        found += _ORIGINAL_ID.findall(_decoded(parts[0]).decode("utf-8", "replace"))
    if not found and parts:
        found += read_ids(parts[0].headers.all("in-reply-to"), Problems())[:1]
        found += read_ids(parts[0].headers.all("references"), Problems())[-1:]
    own = [each for each in found if each.rpartition("@")[2].lower() in own_domains]
    return (own or found or [""])[0]


def _from_prose(root: Part, subject: str, text: str, original: str, *, named_so: bool) -> Report | None:
    head = text[:MOST_HEAD]
    failed_recipients = root.headers.first("x-failed-recipients").decode("utf-8", "replace").split(",")[0].strip()
    failure = bool(FAILURE_SUBJECT.search(subject)) or bool(failed_recipients)
    prose = FAILURE_CODE.search(head) or (named_so and FAILURE_PROSE.search(head))
    if not failure and not prose:
        return None
    status = find_status(head)
    permanent = status.startswith("5")
    delayed = DELAY.search(subject) or (DELAY.search(head[:3000]) and not failed_recipients)
    if DELIVERED_SUBJECT.search(subject) and not permanent:
        return Report(failed=False, reason="a notice of delivery, in prose")
    if delayed and not permanent:
        return Report(failed=False, reason="a notice of delay, in prose")
    bounce = Bounce(failed_recipients or find_recipient(head), status, original)
    reason = (
        "X-Failed-Recipients names who was not reached"
        if failed_recipients
        else "a mail system says, in prose, that it failed"
    )
    return Report(failed=True, reason=reason, bounce=bounce)
