"""What a new case hands out: wraps to its readers, a link to its status page, one that confirms a change."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from cases.access.policy import may_hold
from cases.keys.links import NewReader, status_reader
from cases.keys.tokens import Purpose, TokenKeys, sign
from cases.model.codes import new_receipt, read_receipt
from cases.model.context import Directory
from cases.model.words import Access, Authenticity
from cases.opening import Arrival, Confirmation, waits_for_confirmation
from cases.promises import may_acknowledge
from cases.store import people

CONFIRM_WITHIN = timedelta(days=14)


def readers(wanted: tuple[str, ...], excluded: set[str], staff: list[people.Person]) -> tuple[tuple[str, bytes], ...]:
    """Who gets a wrap: the decision's readers and every guardian who is not excluded, where they have a vault."""
    out = {one.casefold() for one in excluded}
    names = {one.casefold() for one in wanted}
    able = [p for p in staff if p.address not in out and may_hold(frozenset(p.roles), Access.SEALED)]
    chosen = [p for p in able if p.address in names or "guardian" in p.roles]
    return tuple((person.id, person.vault_public) for person in chosen)


def with_status_link(arrival: Arrival, site: str) -> Arrival:
    """Give whoever is acknowledged by mail a link of their own: its letters open this case and no other."""
    believed = arrival.submission.authenticity is not Authenticity.FAIL
    acknowledged = arrival.answered and arrival.decision.acknowledgement and may_acknowledge(arrival.submission)
    if not site or not believed or not acknowledged:
        return arrival
    receipt = new_receipt(secrets.randbits)
    reader = status_reader(read_receipt(receipt))
    link = NewReader(reader.kind, reader.lookup, reader.keys.public)
    return replace(arrival, links=(*arrival.links, link), status_url=f"{site}/s/{receipt}")


def with_confirmation(arrival: Arrival, site: str, directory: Directory, tokens: TokenKeys, now: datetime) -> Arrival:
    """Ask the directory's address before a change is made, never the one that was just typed."""
    said = arrival.submission
    known = directory.find(said.sender.address) if said.sender.address else None
    if not site or known is None or not waits_for_confirmation(said):
        return arrival
    until = (now + CONFIRM_WITHIN).date()
    token = sign(tokens, arrival.reference, known.address.casefold(), Purpose.CONFIRM, until)
    url = f"{site}/{said.language or 'en'}/confirm/{token}"
    return replace(arrival, confirm_at=Confirmation(known.address, url))
