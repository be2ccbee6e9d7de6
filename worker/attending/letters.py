"""Mail to the reporter of a case that nobody wrote by hand: how things stand, a question that waits, how it went."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from cases.keys.links import status_reader
from cases.keys.sealing import KeyPair
from cases.keys.tokens import Purpose
from cases.keys.wraps import add as add_wrap
from cases.model.acts import BY_RECEIPT
from cases.model.codes import new_receipt, read_receipt
from cases.model.submission import Submission
from cases.model.wording import Phrase
from cases.model.words import Access, Authenticity, Channel
from cases.promises import answer_address, mail_token, may_acknowledge
from cases.protecting import contact_of
from cases.store.codec import MailPayload
from cases.store.heard import first_heard
from worker.attending.desk import Desk
from worker.mail.gathering import service_keys


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whom a letter goes to, by what they wrote first, and the key pairs of their case that the service holds."""

    said: Submission
    keys: dict[int, KeyPair]


def reporter_of(desk: Desk) -> Reporter | None:
    """The reporter, if a machine may write to them: not anonymous, sealed or by receipt, believed, and reachable."""
    case = desk.case
    if BY_RECEIPT in case.tags.split():
        return None
    if case.access == Access.SEALED.value or case.channel == Channel.ANONYMOUS.value or case.undeliverable:
        return None
    keys = service_keys(desk.connection, case.id, desk.shop.keys.service)
    said = first_heard(desk.connection, case.id, keys)
    if said is None:
        return None
    if (contact := contact_of(desk.connection, case.id, desk.shop.keys.triage)) is not None:
        said = replace(said, sender=contact.known, message_id=contact.message_id)
    if said.authenticity is Authenticity.FAIL or not may_acknowledge(said):
        return None
    return Reporter(said, keys)


def write_to(desk: Desk, to: Reporter, template: str, *phrases: tuple[str, Phrase], link: bool = True) -> bool:
    """Promise one letter; with a link of its own to the status page where there is a public site. False where none may go."""
    case, said, keys = desk.case, to.said, desk.shop.keys
    discreet = case.access != Access.MANAGED.value
    url = _status_url(desk, to) if link else ""
    payload = MailPayload(
        template=template,
        to=answer_address(said).address,
        language=said.language,
        reference=case.reference,
        reply_token=mail_token(keys, case.reference, said.sender.address, Purpose.REPLY, desk.now),
        bounce_token=mail_token(keys, case.reference, said.sender.address, Purpose.BOUNCE, desk.now),
        subject="" if discreet else said.subject,
        in_reply_to=said.message_id,
        references=said.references[-10:],
        details=not discreet,
        facts=(("status_url", url),) if url else (),
        phrases=phrases,
    )
    desk.promise(f"letter:{desk.entry.key}"[:128], payload, due=desk.not_quiet(desk.now))
    return True


def _status_url(desk: Desk, to: Reporter) -> str:
    """A fresh link to the status page: its letters open this case and no other; they are kept in the sealed mail alone."""
    site, case = desk.shop.settings.organisation.public_url, desk.case
    if not site or case.epoch not in to.keys:
        return ""
    receipt = new_receipt(secrets.randbits)
    reader = status_reader(read_receipt(receipt))
    for epoch, pair in to.keys.items():
        values: dict[str, Any] = {"kind": reader.kind, "reader": reader.lookup, "public": reader.keys.public}
        add_wrap(desk.connection, case_id=case.id, epoch=epoch, private=pair.private, at=desk.now, **values)
    return f"{site}/s/{receipt}"
