"""Speaking: a note among staff, an answer to the reporter, words to a party in their own thread."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from cases.access.policy import Action
from cases.audit.chain import Json
from cases.errors import Refused
from cases.handling.hand import Hand, promise, record
from cases.handling.moving import set_status
from cases.handling.words import Words, write
from cases.model.acts import BY_RECEIPT
from cases.model.lifecycle import FRESH, moved
from cases.model.submission import Submission
from cases.model.veil import PROTECTED
from cases.model.words import Access, Channel, ClockKind, Direction, Status
from cases.store import tables
from cases.store.clocks import MEETS, meet
from cases.store.codec import MailPayload
from cases.store.heard import first_heard, last_heard
from cases.store.sight import SeenCase, require

ANSWER_MEETS = (ClockKind.ACKNOWLEDGE.value, ClockKind.FIRST_RESPONSE.value)
"""Which deadlines a person's answer to the reporter keeps; feedback only when they say that it is the feedback."""


class Overtaken(Refused):
    """Somebody else wrote to the same person meanwhile; nothing was sent, and the words are still there to send."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to the reporter. `seen` is the number of the last message that was on the page it was written on; None when
    nobody can tell.
    """

    words: Words
    feedback: bool = False
    status: Status = Status.IN_PROGRESS
    seen: int | None = None


def add_note(connection: Connection, reference: str, hand: Hand, text: str, once: str) -> None:
    """Add words that only staff see. Raises `Refused` for no words, too many, or a case that is not theirs."""
    seen = require(connection, reference, hand.viewer, Action.NOTE, lock=True)
    written = write(connection, seen, hand, Direction.NOTE, Words(text, once))
    if written:
        record(connection, seen, hand, "note.added", {"message": once, "digest": written.digest})


def reply(connection: Connection, reference: str, hand: Hand, answer: Answer) -> bool:
    """Answer the reporter: by mail where there is an address, else at the page behind their link. True when by mail.

    Raises `Overtaken` when a colleague has answered since the page was loaded, `Refused` for no words, too many, a status
    it may not have, or a case that is not theirs.
    """
    seen = require(connection, reference, hand.viewer, Action.REPLY, lock=True)
    status = _after_answer(seen, answer.status)
    _check_not_overtaken(connection, seen, hand, answer.seen)
    keys = hand.keys(connection, seen)
    first = first_heard(connection, seen.id, keys)
    to = _reached_at(seen, first)
    if to is not None:
        check_may_leave(seen, answer.words)
    written = write(connection, seen, hand, Direction.OUTBOUND, answer.words)
    if not written:
        return to is not None
    kinds = (*ANSWER_MEETS, ClockKind.FEEDBACK.value) if answer.feedback else ANSWER_MEETS
    if to is not None:
        # what has not left the house has answered nobody: the mail meets its deadlines when it is handed over
        heard = (last_heard(connection, seen.id, keys), first)
        mail = _reply_mail(seen, next((one for one in heard if one and one.message_id), None), to, answer.words.text)
        mail = replace(mail, facts=(*mail.facts, (MEETS, " ".join(kinds))))
        promise(connection, seen, hand, f"reply:{answer.words.once}", mail)
    else:
        meet(connection, [seen.id], kinds, seen.moment(hand.now), "reply.written")
    data: dict[str, Json] = {
        "message": answer.words.once,
        "digest": written.digest,
        "by_mail": to is not None,
        "feedback": answer.feedback,
    }
    record(connection, seen, hand, "reply.written", data)
    if status is not seen.status:
        set_status(connection, seen, hand, status)
    return to is not None


def check_may_leave(seen: SeenCase, words: Words) -> None:
    """Raises `Refused` for files that would have to go by mail: the worker cannot open those of a sealed case."""
    if words.uploads and seen.access is Access.SEALED:
        raise Refused(
            "files of a sealed case do not go by mail: send the words alone, and hand the file over otherwise"
        )


def _check_not_overtaken(connection: Connection, seen: SeenCase, hand: Hand, last: int | None) -> None:
    """Two answers to one question help nobody: the second writer looks first, with their words kept in the form."""
    message = tables.message
    if last is None:
        return
    newer = connection.execute(
        select(message.c.author).where(
            message.c.case_id == seen.id,
            message.c.party_id == "",
            message.c.direction == Direction.OUTBOUND.value,
            message.c.author != hand.address,
            message.c.number > last,
        )
    ).first()
    if newer is not None:
        raise Overtaken(f"{newer.author} has answered meanwhile: read it above, then send yours or change it")


def _after_answer(seen: SeenCase, wanted: Status) -> Status:
    """The status after an answer: the one asked for; where it makes no difference, the one it has."""
    if wanted is seen.status or (wanted is Status.IN_PROGRESS and seen.status not in FRESH):
        return seen.status
    if wanted not in {Status.IN_PROGRESS, Status.WAITING_FOR_EMPLOYEE, Status.RESOLVED}:
        raise Refused("an answer does not lead to that status")
    return moved(seen.status, wanted)


def _reached_at(seen: SeenCase, first: Submission | None) -> str | None:
    """Where the reporter is reached by mail: the sender of the first words, never a Reply-To that anyone could have set.

    "" for a protected one, whose address only the worker knows; None for who comes back by receipt, or left none.
    """
    tags = seen.row.tags.split()
    if BY_RECEIPT in tags or first is None or first.channel is Channel.ANONYMOUS:
        return None
    return "" if PROTECTED in tags else first.sender.address or None


def _reply_mail(seen: SeenCase, latest: Submission | None, to: str, text: str) -> MailPayload:
    """The mail that carries an answer. The worker signs its addresses, since the console holds no token key."""
    discreet = seen.access is not Access.MANAGED
    return MailPayload(
        template="reply",
        to=to,
        language=seen.row.language,
        reference=seen.row.reference,
        reply_token="",
        bounce_token="",
        subject="" if discreet or latest is None else latest.subject,
        in_reply_to=latest.message_id if latest else "",
        references=latest.references[-10:] if latest else (),
        facts=(("words", text.strip()),),
        sign_for=to,
        protected=not to,
    )
