"""Somebody with a code: whose link it is and what it opens."""

from dataclasses import dataclass, field
from datetime import timedelta

from cases.keys.links import LinkReader, receipt_reader, status_reader
from cases.model.codes import RECEIPT_RANDOM, read_receipt
from cases.model.words import Access, Channel, Status
from cases.store.links import OpenedCase
from webforms.desk import Desk

FORM = "dialogue"

LONGEST = 200
"""Characters of a receipt or link that are looked at."""

NOBODYS = "0" * (RECEIPT_RANDOM + 1)
"""A well-formed receipt that stands in for what is none, so that both are looked up alike. Its odds are anyone's."""

ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN, Status.MERGED})


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody with a code: whose link it is, what it opened, and where its pages post to (a path after the language).

    `waiting` has the door of each envelope of theirs that triage has not opened yet.
    """

    reader: LinkReader
    code: str = field(repr=False)
    place: str = field()
    case: OpenedCase | None = field(repr=False)
    waiting: tuple[Channel, ...] = ()

    @property
    def pending(self) -> int:
        """How many envelopes of theirs wait."""
        return len(self.waiting)

    @property
    def known(self) -> bool:
        """Whether the code opens something, or will when triage is done."""
        return self.case is not None or self.pending > 0

    def through(self, door: Channel) -> Channel:
        """The door that a further message is said to come by: the anonymous one wherever nobody has given a name.

        Its times are kept to the day and its files cleaned, whichever door it really came by.
        """
        came = (self.case.channel,) if self.case else self.waiting
        return Channel.ANONYMOUS if Channel.ANONYMOUS in came else door


def by_receipt(desk: Desk, typed: str) -> Visit | None:
    """What a receipt opens, as somebody typed it; None for a wrong one. One from before a rotation opens as well.

    Raises `TryLater`.
    """
    code = read_receipt(typed[:LONGEST])
    for pepper in (desk.site.pepper, *desk.site.older_peppers):
        found = open_visit(desk, receipt_reader(code or NOBODYS, pepper), code, "receipt")
        if code and found.known:
            return found
    return None


def by_link(desk: Desk, typed: str) -> Visit | None:
    """What the code of a mailed link opens; None for a wrong one. Raises `TryLater`."""
    code = read_receipt(typed[:LONGEST])
    found = open_visit(desk, status_reader(code or NOBODYS), code, "status")
    return found if code and found.known else None


def open_visit(desk: Desk, reader: LinkReader, code: str, place: str) -> Visit:
    """What a code opens. The inbox is asked first: what leaves it meanwhile is in the record by then.

    A wrong code costs the same as a right one up to here. Raises `TryLater`.
    """
    waiting = tuple(door for one in desk.tokens.prefixes(reader.lookup) for door in desk.site.record.pending(one))
    return Visit(reader, code, place, desk.site.record.open(reader), waiting)


def has_expired(desk: Desk, visit: Visit) -> bool:
    """Whether a mailed link is too old. That of a sealed case lasts until it has ended: nobody could make a new one."""
    case = visit.case
    if visit.reader.kind != "status" or case is None or case.link_made_at is None:
        return False
    if case.access is Access.SEALED and case.status not in ENDED:
        return False
    return desk.site.now() - case.link_made_at > timedelta(days=desk.site.organisation.link_days)
