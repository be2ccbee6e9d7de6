"""What a colleague sends to the HR alias without a token: a mail they passed on, or a copy of what they wrote to somebody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, select

from cases.keys.hashing import message_id_hash, sender_hash
from cases.model.submission import Address, Attachment, Submission
from cases.model.words import Authenticity, AutomaticKind
from cases.store import tables
from cases.store.people import Person
from cases.store.sight import Viewer, find_case
from gateway.normalizer import Forwarded, as_judged, find_forwarded, normalize_mail
from gateway.normalizer.bodies.parts import MAIL_TYPES
from gateway.normalizer.headers.subject_prefixes import says_forward
from gateway.normalizer.language import detect
from gateway.threads import Evidence, Side, Thread, entry_of

MOST_TIMES_PASSED_ON = 10


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A mail that a colleague forwarded: as its first writer's, and what the colleague said above it."""

    submission: Submission = field(repr=False)
    comment: str = field(repr=False)
    by: str

    @property
    def asks_who(self) -> bool:
        """Whether nothing in it says whose words they are."""
        return not self.submission.sender.address


def is_proven(submission: Submission, unproven: str) -> bool:
    """Whether a colleague's mail may be taken as theirs; `unproven` is the setting mail.staff_unproven."""
    if submission.automatic.kind is not AutomaticKind.NONE or submission.authenticity is Authenticity.FAIL:
        return False
    return submission.authenticity is Authenticity.PASS or unproven == "send"


def passed_on(
    submission: Submission, colleague: Person, now: datetime, is_staff: Callable[[str], bool] = lambda _: False
) -> PassedOn | None:
    """The mail that a colleague forwarded, or None. The first writer is read from the attached or the quoted headers; who
    passed it on before, as `is_staff` tells by address, is not its writer.

    It comes from its writer as far as anybody knows: nobody vouches for it, so it proves nothing about them.
    """
    for file in submission.attachments:
        if file.content_type in MAIL_TYPES and file.content:
            original = normalize_mail(file.content, now=now)
            if original.sender.address and original.sender.address.casefold() != colleague.address:
                rest = tuple(one for one in submission.attachments if one is not file)
                return _as_written(submission, original, (*original.attachments, *rest), colleague)
    found = _first_written(submission, is_staff)
    if found is None or not found.text:
        return None
    sender = found.sender if "@" in found.sender.address else Address(found.sender.name or found.sender.address)
    if sender.address.casefold() == colleague.address:
        return None
    quoted = replace(submission, sender=sender, subject=found.subject or submission.subject, text=found.text)
    quoted = replace(quoted, new_text=found.text, message_id="", html="", language=detect(found.text))
    return _as_written(submission, quoted, submission.attachments, colleague)


def _first_written(submission: Submission, is_staff: Callable[[str], bool]) -> Forwarded | None:
    """The innermost of forwarded mails, each of which but the last came from a colleague."""
    found = find_forwarded(submission)
    for _ in range(MOST_TIMES_PASSED_ON):
        if found is None or not is_staff(found.sender.address) or not says_forward(found.subject):
            break
        inner = find_forwarded(replace(submission, subject=found.subject, text=found.text, in_reply_to=""))
        if inner is None or not inner.text:
            break
        found = inner
    return found


def _as_written(given: Submission, original: Submission, files: tuple[Attachment, ...], colleague: Person) -> PassedOn:
    made = replace(
        original,
        reply_to=None,
        envelope_sender="",
        envelope_recipients=given.envelope_recipients,
        to=given.to,
        cc=(),
        in_reply_to="",
        references=(),
        authenticity=Authenticity.NONE,
        attachments=files,
    )
    comment = as_judged(given, first=True).new_text
    return PassedOn(made, comment if comment != original.new_text else "", colleague.address)


def copy_of(
    connection: Connection, submission: Submission, viewer: Viewer, index: bytes, hr: Iterable[str]
) -> Thread | None:
    """The thread of a mail that a colleague wrote to a reporter with the HR alias in copy, or None.

    It answers a message of the case, is addressed to its reporter, and the colleague may see the case.
    """
    ours = {one.casefold() for one in hr}
    copied = {one.address.casefold() for one in (*submission.to, *submission.cc)} & ours
    ids = [one for one in (submission.in_reply_to, *submission.references) if one]
    if not copied or not ids:
        return None
    case, mail, outbox = tables.case, tables.mail_id, tables.outbox
    written_to = {sender_hash(index, one.address) for one in submission.to} - {""}
    known = select(mail.c.case_id).where(mail.c.hash.in_([message_id_hash(index, one) for one in ids]))
    sent = select(outbox.c.case_id).where(outbox.c.id.in_([entry_of(one) for one in ids]))
    query = select(case.c.reference).where(case.c.id.in_(known.union(sent)), case.c.sender_hash.in_(written_to))
    row = connection.execute(query.limit(1)).first()
    if row is None or find_case(connection, row.reference, viewer) is None:
        return None
    return Thread(row.reference, Evidence.KNOWN_MESSAGE, side=Side.STAFF_COPY)
