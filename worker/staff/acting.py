"""Doing what a colleague's mail asks for: the answer first, then the commands, all in one transaction."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from functools import partial
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cases.access.policy import Action
from cases.errors import Refused
from cases.handling import sorting
from cases.handling.assigning import assign
from cases.handling.hand import Hand
from cases.handling.moving import close, move
from cases.handling.naming import name_reporter
from cases.handling.parties import write_to_party
from cases.handling.speaking import Answer, reply
from cases.handling.words import Words
from cases.model.lifecycle import Outcome, in_words
from cases.model.submission import Submission
from cases.model.wording import Phrase, phrase
from cases.model.words import Access, Status
from cases.store.absences import set_absent
from cases.store.dossier import open_decision
from cases.store.people import Person
from cases.store.rulesets import text_of
from cases.store.sight import find_case, require
from classifier.text import kept_words
from gateway.message_files import attached
from rules.demands import demands_of
from rules.resorting import promised_in
from rules.ruleset import Ruleset
from rules.versions import Versions
from worker.mail.enclosure import check_size
from worker.mail.phrases import in_each, speech_of
from worker.staff.again import answered_meanwhile, said_already
from worker.staff.answer import files_for_reporter, holds_notice, words_for_reporter
from worker.staff.orders import Order, Orders, folded, meant, read_day

_DOES = frozenset(Order) - {Order.NOTE, Order.HELP}
"""Commands that do something to the case; the others show by themselves."""
MERGED = (
    "this case was merged into another, whose reporter is somebody else: by mail only words and files go to whom you "
    "answer. Send them without commands, or answer in the console"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What one mail asks for, and what is needed to do it. `writer` is who acts, `addresses` all of theirs.

    `party` is whose thread it answers, "" for the reporter's; `language` the reporter's; `notice` the id of the mail of ours
    that it answers, "" where it names none.
    """

    reference: str
    language: str
    party: str
    envelope_id: str
    submission: Submission = field(repr=False)
    orders: Orders = field(repr=False)
    writer: Person
    addresses: tuple[str, ...]
    colleagues: Sequence[Person] = field(repr=False)
    hand: Hand = field(repr=False)
    ruleset: Ruleset = field(repr=False)
    versions: Versions = field(repr=False)
    hr_address: str
    most_bytes: int
    notice: str = ""


def act(connection: Connection, wish: Wish) -> list[Phrase] | None:
    """Do it all; returns what was done, where more was asked than to pass words on, and None where the same answer was given a
    moment ago: then nothing is. Raises `Refused`.
    """
    if wish.party:
        return _answer_party(connection, wish)
    words, done = _words(wish), list[Phrase]()
    if words is not None and _repeats(connection, wish, words):
        return None
    for order, argument in wish.orders.asked:
        if order is Order.REPORTER:
            done.append(_do(connection, wish, order, argument))
    if words is not None:
        by_mail = _answer(connection, wish, words)
        done += [*_kept(wish, words), *_also(connection, wish)]
        if not by_mail:
            done.insert(0, Phrase("done.page"))
        elif wish.orders.asked or done:
            done.insert(0, Phrase("done.answered"))
    for order, argument in sorted(wish.orders.asked, key=lambda one: one[0] is Order.CLOSE):
        if order is not Order.REPORTER and order in _DOES:
            done.append(_do(connection, wish, order, argument, answered=words is not None))
    return done


def _answer_party(connection: Connection, wish: Wish) -> list[Phrase]:
    """The notice was of a case that has been merged since: its reporter is answered in a thread of their own, and the
    commands are not done: they were meant for their case, and this one is somebody else's too.
    """
    asked = {order for order, _ in wish.orders.asked}
    if asked == {Order.NOTE}:
        return []
    if asked:
        raise Refused(MERGED)
    words = _words(wish)
    if words is None:
        return []
    write_to_party(connection, wish.reference, wish.hand, wish.party, words)
    return [phrase("done.party", reference=wish.reference), *_kept(wish, words)]


def _words(wish: Wish) -> Words | None:
    """What goes out: words, files, or files alone; None where there are commands only, or what stays among colleagues.

    Raises `Refused` where there is nothing at all, and for files that are too large for a mail.
    """
    asked, writer = wish.orders.asked, wish.writer
    if wish.orders.has(Order.NOTE):
        return None
    said = words_for_reporter(wish.orders.text, name=writer.name, addresses=wish.addresses, hr_address=wish.hr_address)
    files = files_for_reporter(wish.submission.attachments, wish.addresses)
    sent = attached(replace(wish.submission, attachments=files))
    # A client that adds a picture to each mail adds it to one of commands too.
    if asked and not said and all(one.content_type.startswith("image/") for one in sent):
        return None
    if not said and not sent:
        raise Refused("there are no words of yours above the notice")
    check_size(sent, wish.most_bytes)
    if not said:
        speech = speech_of(wish.ruleset, wish.language)
        names = (" ".join(one.filename.split()) or speech.say(Phrase("a_file")) for one in sent)
        said = speech.say(phrase("attached", files=", ".join(names)))
    return Words(said, wish.envelope_id, files=files)


def _kept(wish: Wish, words: Words) -> list[Phrase]:
    """That a notice of ours among the files stayed inside, where one was."""
    pairs = zip(wish.submission.attachments, words.files, strict=True)
    kept = any(holds_notice(given) for given, sent in pairs if sent.inline and not given.inline)
    return [Phrase("done.notice_kept")] if kept else []


def _repeats(connection: Connection, wish: Wish, words: Words) -> bool:
    seen = require(connection, wish.reference, wish.hand.viewer, Action.REPLY, lock=True)
    return said_already(connection, seen, wish.hand, words, wish.hand.keys(connection, seen))


def _also(connection: Connection, wish: Wish) -> list[Phrase]:
    """That a colleague has answered too, where one did since what is answered here was sent."""
    seen = require(connection, wish.reference, wish.hand.viewer, Action.REPLY)
    other = answered_meanwhile(connection, seen, wish.hand, wish.notice)
    names = {one.address: one.name for one in wish.colleagues}
    return [phrase("done.also", person=names.get(other) or other)] if other else []


def _answer(connection: Connection, wish: Wish, words: Words) -> bool:
    status = Status.WAITING_FOR_EMPLOYEE if wish.orders.has(Order.WAIT) else Status.IN_PROGRESS
    return reply(connection, wish.reference, wish.hand, Answer(words, status=status))


def _do(connection: Connection, wish: Wish, order: Order, argument: str, *, answered: bool = False) -> Phrase:
    """One command; what was done."""
    reference, hand = wish.reference, wish.hand
    match order:
        case Order.CLOSE:
            outcome = _outcome(argument)
            _close(connection, wish, outcome)
            return phrase("done.closed", outcome=outcome.value)
        case Order.ASSIGN:
            person = _colleague(wish, argument)
            assign(connection, reference, hand, person)
            return phrase("done.assigned", person=person.name or person.address)
        case Order.CATEGORY:
            name = _category(wish, argument)
            access = wish.ruleset.categories[name].access if name in wish.ruleset.categories else Access.MANAGED
            promised = partial(promised_in, wish.ruleset, name)
            known = wish.ruleset.categories.keys()
            version = wish.ruleset.hash
            sorting.set_category(
                connection, reference, hand, name, access, known, kept_words, promised=promised, ruleset=version
            )
            return phrase("done.category", category=name)
        case Order.RISK:
            return _set_risk(connection, wish, argument)
        case Order.WAIT:
            seen = require(connection, reference, hand.viewer, Action.MOVE, lock=True)
            if not answered and seen.status is not Status.WAITING_FOR_EMPLOYEE:  # it waits already: so be it
                move(connection, reference, hand, Status.WAITING_FOR_EMPLOYEE)
            return Phrase("done.waits")
        case Order.REPORTER:
            name_reporter(connection, reference, hand, argument)
            return Phrase("done.reporter")
        case Order.AWAY:
            day = read_day(argument)
            back = datetime.combine(day, time(), ZoneInfo(wish.ruleset.settings.timezone)).astimezone(UTC)
            set_absent(connection, wish.writer.address, back, hand.now, by=wish.writer.address)
            return phrase("done.away", day=day.isoformat())
        case _:
            raise ValueError(order)


def _set_risk(connection: Connection, wish: Wish, argument: str) -> Phrase:
    """The first word is the level, the others why."""
    level, _, reason = argument.partition(" ")
    level, once = level.rstrip(",:;.").casefold(), sha256(f"risk:{wish.envelope_id}".encode()).hexdigest()[:32]
    levels = wish.ruleset.risk_levels
    level = meant("level", level, levels)
    done = sorting.set_risk(
        connection, wish.reference, wish.hand, level, levels, kept_words, reason=reason.strip(" :,;-"), once=once
    )
    return phrase("done.risk_waits" if done.waits else "done.risk", level=level)


def _close(connection: Connection, wish: Wish, outcome: Outcome) -> None:
    seen = find_case(connection, wish.reference, wish.hand.viewer)
    if seen is None:
        raise Refused("no such case")
    decision = open_decision(seen, wish.hand.keys(connection, seen))
    version, category = seen.row.ruleset, seen.row.category
    sorted_by = wish.versions.of(version, category, wish.ruleset, partial(text_of, connection))
    demands = demands_of(sorted_by, category, decision, seen.row.tags.split())
    close(connection, wish.reference, wish.hand, outcome, demands)


def _outcome(argument: str) -> Outcome:
    wanted = meant("outcome", argument.rstrip(" .,;:!"), [one.value for one in Outcome])
    if wanted not in set(Outcome):
        raise Refused(f"“{argument[:40]}” is no outcome: {', '.join(in_words(one) for one in Outcome)}")
    return Outcome(wanted)


def _category(wish: Wish, argument: str) -> str:
    """A category by its name or one of its labels."""
    wanted = " ".join(argument.casefold().replace("_", " ").split())
    for name, category in wish.ruleset.categories.items():
        if wanted in {name.replace("_", " "), *(label.casefold() for _, label in category.label)}:
            return name
    return argument.casefold().replace(" ", "_")


def _colleague(wish: Wish, argument: str) -> Person:
    """A colleague by address, full name or first name, where only one is called so; `me` is whoever writes. Clients put an
    at sign before whom one mentions.
    """
    wanted = argument.strip("<>@ ").casefold()
    if bracketed := re.fullmatch(r".*<([^<>\s]+@[^<>\s]+)", wanted):
        wanted = bracketed[1]
    if folded(wanted) in {"myself", *map(folded, in_each("order.me"))}:
        return wish.writer
    found = [one for one in wish.colleagues if wanted in {one.address, one.name.casefold()}]
    found = found or [one for one in wish.colleagues if wanted and one.name.casefold().split()[:1] == [wanted]]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"several colleagues are called “{argument[:60]}”: write the address")
    raise Refused(f"no colleague is called “{argument[:60]}”: write the address")
