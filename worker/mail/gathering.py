"""What the record says of the mails that leave together: cases, messages, who may hear; a few statements for all of them."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from cases.keys.rotation import is_newer
from cases.keys.sealing import CannotOpen, KeyNotHere, KeyPair, Opener
from cases.keys.wraps import SERVICE, wrap_place
from cases.model.acts import BY_RECEIPT
from cases.model.wording import phrase
from cases.model.words import Compartment
from cases.store import tables
from cases.store.codec import MailPayload
from cases.store.outbox import OutboxEntry
from worker.mail.templates import ANSWERS

log = logging.getLogger("heed.mail")
REPLY = "reply:"
"""Begins the key of an answer to the reporter, or of words to a party; the rest is its message's id."""
TO_REPORTER = (REPLY, "letter:")
"""Begins the keys of mails to the reporter after the first: answers, and what nobody wrote by hand."""
DIGEST = "notice_digest"
ABOUT_THEIR_OWN = ("report:", "unsent:")
"""Begins the key of what a colleague is told about a mail of their own: they know of the case already."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows by id, the service's key pairs by case and epoch, and to whom nothing may be said any more."""

    cases: dict[str, Row[Any]]
    messages: dict[str, Row[Any]]
    keys: dict[str, dict[int, KeyPair]] = field(repr=False)
    late: dict[str, KeyNotHere] = field(default_factory=dict, repr=False)
    """By case, of those whose key is sealed to a key of the service that this process does not hold yet."""
    excluded: frozenset[tuple[str, str]] = frozenset()
    left: frozenset[str] = frozenset()
    by_receipt: frozenset[str] = frozenset()
    hidden: frozenset[tuple[str, str]] = frozenset()
    """Reference and person, of what is gathered in one mail: who was kept away from the case since then."""

    def is_withdrawn(self, entry: OutboxEntry, payload: MailPayload) -> bool:
        """Whether a notice was meant for somebody who has left since, or is kept away from its case; or a mail for a
        reporter who comes back by receipt by now: others may read their mailbox.
        """
        if is_to_reporter(entry, payload):
            return entry.case_id in self.by_receipt
        if not payload.template.startswith("notice"):
            return False
        person = payload.to.casefold()
        if payload.template == DIGEST and not _about(self.told(payload)):
            return True
        return person in self.left or (
            (entry.case_id, person) in self.excluded and not entry.key.startswith(ABOUT_THEIR_OWN)
        )

    def told(self, payload: MailPayload) -> MailPayload:
        """A mail of many notices without the lines about cases that its reader is kept away from by now."""
        if payload.template != DIGEST:
            return payload
        person = payload.to.casefold()
        left = tuple(one for one in payload.phrases if (one[1].value("reference"), person) not in self.hidden)
        count = str(len(left))
        said = (*left, ("waiting", phrase("waiting", count=count)))
        return replace(payload, facts=(*payload.facts, ("count", count)), phrases=said)


def _about(payload: MailPayload) -> list[str]:
    """The references of a mail's lines, "" for one about no case."""
    return [one.value("reference") for name, one in payload.phrases if name == "lines"]


def is_to_reporter(entry: OutboxEntry, payload: MailPayload) -> bool:
    """Whether a mail tells the reporter something that their page shows too."""
    return entry.key.startswith(TO_REPORTER) and not payload.party


def message_of(entry: OutboxEntry, payload: MailPayload) -> str:
    """The message whose words or files a mail may carry, "" for none."""
    if payload.template in ANSWERS and entry.key.startswith(REPLY):
        return entry.key.removeprefix(REPLY)
    return payload.quotes


def gather(connection: Connection, mails: Sequence[tuple[OutboxEntry, MailPayload]], service: Opener) -> Gathered:
    """Look it all up. Of a sealed case there is no key; raw deliveries and decisions are left where they are."""
    notices = [(entry, payload) for entry, payload in mails if payload.template.startswith("notice")]
    about = {entry.case_id for entry, _ in notices if entry.case_id}
    wanted = {found for one in mails if (found := message_of(*one))}
    case, message, exclusion, person = tables.case, tables.message, tables.exclusion, tables.person
    about_it = ("id", "reference", "category", "risk", "access", "owner", "needs_look")
    columns = tuple(case.c[name] for name in about_it)
    said = [message.c[name] for name in ("id", "case_id", "envelope_id", "epoch", "channel", "confirmed", "content")]
    messages = {row.id: row for row in _rows(connection, select(*said), message.c.id, wanted)}
    away = _rows(connection, select(exclusion.c.case_id, exclusion.c.person), exclusion.c.case_id, about)
    many = {reference for _, payload in notices for reference in _about(payload)}
    hiding = select(case.c.reference, exclusion.c.person).join(exclusion, exclusion.c.case_id == case.c.id)
    left = select(person.c.address).where(person.c.active.is_(False))
    told = {entry.case_id for entry, payload in mails if is_to_reporter(entry, payload)}
    tagged = _rows(connection, select(case.c.id, case.c.tags), case.c.id, told)
    keys, late = _keys(connection, {row.case_id for row in messages.values()}, service)
    return Gathered(
        {row.id: row for row in _rows(connection, select(*columns), case.c.id, about)},
        messages,
        keys,
        late,
        frozenset((row.case_id, row.person) for row in away),
        frozenset(
            row.address for row in _rows(connection, left, person.c.address, {one.to.casefold() for _, one in notices})
        ),
        frozenset(row.id for row in tagged if BY_RECEIPT in row.tags.split()),
        frozenset((row.reference, row.person) for row in _rows(connection, hiding, case.c.reference, many)),
    )


def _rows(connection: Connection, query: Any, column: Any, ids: Iterable[str]) -> Sequence[Row[Any]]:
    wanted = sorted(ids)
    return connection.execute(query.where(column.in_(wanted))).all() if wanted else ()


def _keys(
    connection: Connection, cases: set[str], service: Opener
) -> tuple[dict[str, dict[int, KeyPair]], dict[str, KeyNotHere]]:
    """The key pairs that the service key opens, and of which cases some are sealed to a newer one than is here."""
    wrap, content = tables.wrap, Compartment.CONTENT.value
    mine = (wrap.c.compartment == content, wrap.c.reader_kind == SERVICE)
    query = select(wrap.c.case_id, wrap.c.epoch, wrap.c.reader, wrap.c.sealed).where(*mine)
    found: dict[str, dict[int, KeyPair]] = defaultdict(dict)
    late: dict[str, KeyNotHere] = {}
    for row in _rows(connection, query, wrap.c.case_id, cases):
        place = wrap_place(row.case_id, row.epoch, content, SERVICE, row.reader)
        try:
            found[row.case_id][row.epoch] = KeyPair.of_private(service.unseal(row.sealed, place))
        except (CannotOpen, KeyNotHere) as error:
            # one altered wrap is one case's: its mails do without, the others leave
            log.warning("case %s: its key cannot be opened by the service", row.case_id)
            if isinstance(error, KeyNotHere) and is_newer(connection, error):
                late[row.case_id] = error
    return found, late


def service_keys(connection: Connection, case_id: str, service: KeyPair) -> dict[int, KeyPair]:
    """The case's key pairs that the service key opens, by epoch; none for a sealed case. Raises `KeyNotHere`."""
    found, late = _keys(connection, {case_id}, Opener(service))
    if case_id in late:
        raise late[case_id]
    return found.get(case_id, {})
