"""Somebody with a code: whose link it is and what it opens."""

from dataclasses import dataclass, field
from datetime import timedelta

from cases.keys.links import LinkReader
from cases.model.words import Access, Channel, Status
from cases.store.links import OpenedCase
from webforms.desk import Desk

FORM = "dialogue"
ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN, Status.MERGED})


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody with a code: whose link it is, what it opened, and where its pages post to (a path after the language)."""

    reader: LinkReader
    code: str = field(repr=False)
    place: str = field()
    case: OpenedCase | None = field(repr=False)
    pending: int = 0

    @property
    def known(self) -> bool:
        """Whether the code opens something, or will when triage is done."""
        return self.case is not None or self.pending > 0

    @property
    def channel(self) -> Channel:
        """The door of a further message: the anonymous one wherever nobody has given a name."""
        known = (
            self.case.channel if self.case else (Channel.ANONYMOUS if self.reader.kind == "receipt" else Channel.FORM)
        )
        return known if known is Channel.ANONYMOUS else Channel.FORM


def open_visit(desk: Desk, reader: LinkReader, code: str, place: str) -> Visit:
    """What a code opens. The inbox is asked first: what leaves it meanwhile is in the record by then.

    A wrong code costs the same as a right one up to here. Raises `TryLater`.
    """
    pending = sum(desk.site.record.pending(one) for one in desk.tokens.prefixes(reader.lookup))
    return Visit(reader, code, place, desk.site.record.open(reader), pending)


def has_expired(desk: Desk, visit: Visit) -> bool:
    """Whether a mailed link is too old. That of a sealed case lasts until it has ended: nobody could make a new one."""
    case = visit.case
    if visit.reader.kind != "status" or case is None or case.link_made_at is None:
        return False
    if case.access is Access.SEALED and case.status not in ENDED:
        return False
    return desk.site.now() - case.link_made_at > timedelta(days=desk.site.organisation.link_days)
