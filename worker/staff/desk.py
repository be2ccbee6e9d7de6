"""The desk for colleagues' mail: checks who wrote it, does what it asks, and says so when something did not go out."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from cases.access.training import viewer_of
from cases.audit.trail import NewEvent, append
from cases.errors import Refused
from cases.handling.hand import Hand
from cases.handling.moving import set_status
from cases.handling.speaking import ANSWER_MEETS
from cases.keys.tokens import Purpose, Token, TokenKeys, is_for
from cases.model.lifecycle import FRESH
from cases.model.submission import Submission
from cases.model.wording import Phrase
from cases.model.words import Access, Authenticity, Direction, Status
from cases.staff_mail import StaffMail, add_comment, keep_note, lay_beside, locked
from cases.store import people, tables
from cases.store.clocks import meet
from cases.store.directory import World
from cases.store.engine import one_at_a_time, writing
from cases.store.lookups import CaseRow, already_recorded, same_mail
from cases.store.people import Person
from cases.store.sight import NO_SUCH_CASE, Viewer, find_case
from gateway.threads import Side, Thread
from worker.mail.phrases import recognised
from worker.mail.reports import promise_report
from worker.staff.acting import Wish, act
from worker.staff.colleague import PassedOn, copy_of, is_proven, passed_on
from worker.staff.orders import COMMANDS, Order, read_orders
from worker.staff.returned import take_back
from worker.workshop import Workshop

log = logging.getLogger("heed.staff")

UNKNOWN_ADDRESS = "it came from an address that is not on record as yours. Answer from the address that got the notice"
FORGED = "your mail server says that it did not come from you. If it did, ask your mail administrator to look at DKIM and SPF"
UNPROVEN = (
    "no mail server vouched that it came from you. Answer in the console, and ask the operator to look at heed doctor"
)
SEALED = "the case is sealed, and what is said in it stays out of mail. Answer in the console"
GONE = "the case is no more: it was erased at the end of its time, and its words with it"


class Unverified(Refused):
    """Nothing shows that the colleague wrote it: their words are kept as somebody's."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who works here, as one mail meets them."""

    colleagues: list[Person]
    world: World

    def by_address(self, address: str) -> Person | None:
        """The colleague whose address or alias this is."""
        wanted = {one.casefold() for one in (address, *self._listed(address))}
        return next((one for one in self.colleagues if one.address in wanted), None)

    def addresses(self, person: Person) -> tuple[str, ...]:
        """All addresses of a colleague, the registered one first: the directory may list them under another by now."""
        return tuple(dict.fromkeys((person.address, *self._listed(person.address))))

    def token_holder(self, token: Token | None, keys: TokenKeys) -> Person | None:
        """Whom a token was made for, by whichever address was theirs then, while they work here."""
        if token is None:
            return None
        return next((one for one in self.colleagues if any(is_for(keys, token, a) for a in self.addresses(one))), None)

    def _listed(self, address: str) -> tuple[str, ...]:
        known = self.world.directory.find(address)
        return (known.address, *known.aliases) if known else ()


class StaffDesk:
    """Takes one colleague's mail at a time; each is one transaction, and twice the same does no harm."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    def take(self, mail: StaffMail, thread: Thread, now: datetime) -> None:
        """A mail of whichever kind its thread says. Raises `TryLater`."""
        kinds = {Side.STAFF: self.answer, Side.STAFF_COPY: self.copy}
        kinds.get(thread.side, self.machine)(mail, thread, now)

    def answer(self, mail: StaffMail, thread: Thread, now: datetime) -> None:
        """A mail to the address that a notice of ours gave to a colleague. Raises `TryLater`."""
        try:
            with writing(self._shop.record) as connection:
                self._answer(connection, mail, thread, now)
        except Refused as error:
            with writing(self._shop.record) as connection:
                self._refuse(connection, mail, thread, error, now)

    def look(self, connection: Connection, submission: Submission, now: datetime) -> Thread | PassedOn | None:
        """What a mail without a thread is, where a colleague sent it and is believed: a copy, something passed on, or None."""
        settings = self._shop.settings
        if not is_proven(submission, settings.mail.staff_unproven):
            return None
        office = self._office(connection, now)
        writer = office.by_address(submission.sender.address)
        if writer is None:
            return None
        ours = (settings.organisation.hr_address, *settings.mail.aliases)
        viewer = self._viewer(connection, writer, now)
        return copy_of(connection, submission, viewer, self._shop.keys.index, ours) or passed_on(
            submission, writer, now, lambda address: office.by_address(address) is not None
        )

    def copy(self, mail: StaffMail, thread: Thread, now: datetime) -> None:
        """A colleague wrote to the reporter themselves, with the HR alias in copy: it is the case's message and an answer."""
        with writing(self._shop.record) as connection:
            case, office = self._begin(connection, mail, thread.reference, now), self._office(connection, now)
            writer = office.by_address(mail.submission.sender.address)
            if case is None or writer is None:
                return
            keys, viewer = self._shop.keys, self._viewer(connection, writer, now)
            seen = find_case(connection, case.reference, viewer, lock=True)
            if seen is None:
                return
            verb, out = "reply.copied", Direction.OUTBOUND
            keep_note(connection, case, mail, keys.index, now, verb=verb, author=writer.address, direction=out)
            meet(connection, [case.id], ANSWER_MEETS, now, verb)
            if seen.status in FRESH:
                hand = Hand(viewer, None, keys.service, now, keys.index)
                set_status(connection, seen, hand, Status.IN_PROGRESS)

    def passed_on(self, connection: Connection, envelope_id: str, one: PassedOn, now: datetime) -> None:
        """A mail that a colleague passed on has opened a case: keep what they said above it, and ask whose words they are."""
        table = tables.case
        row = connection.execute(
            select(table.c.id, table.c.reference).where(table.c.envelope_id == envelope_id)
        ).first()
        if row is None:
            return
        if one.comment:
            add_comment(connection, row.id, one.by, one.comment, now)
        if one.asks_who:
            where, key = (row.id, row.reference), f"report:{envelope_id}"
            keys = self._shop.keys
            promise_report(connection, keys, where, key=key, to=one.by, template="notice_who", now=now)

    def _viewer(self, connection: Connection, person: Person, now: datetime) -> Viewer:
        """The colleague as the policy sees them."""
        ruleset, _ = self._shop.rules()
        return viewer_of(connection, person, ruleset.house, now)

    def machine(self, mail: StaffMail, thread: Thread, now: datetime) -> None:
        """What a machine says about a notice of ours: it came back, or its reader is away. Raises `TryLater`."""
        with writing(self._shop.record) as connection:
            case = locked(connection, thread.reference)
            if case is not None:
                office, (ruleset, _) = self._office(connection, now), self._shop.rules()
                take_back(
                    connection,
                    case,
                    mail,
                    thread,
                    office.token_holder(thread.token, self._shop.keys.tokens),
                    colleagues=office.colleagues,
                    ruleset=ruleset,
                    keys=self._shop.keys,
                    now=now,
                )

    def gone(self, envelope_id: str, thread: Thread, now: datetime) -> None:
        """A colleague answered a case that was erased: whom the token names is told that nothing went out."""
        with writing(self._shop.record) as connection:
            named, keys = self._named(thread, self._office(connection, now)), self._shop.keys
            if named is not None and thread.token is not None:
                where, key = ("", thread.token.reference), f"report:{envelope_id}"
                said = (("reason", recognised(GONE)), ("kept", Phrase("kept.held")))
                promise_report(
                    connection, keys, where, key=key, to=named.address, template="notice_unsent", phrases=said, now=now
                )

    def _answer(self, connection: Connection, mail: StaffMail, thread: Thread, now: datetime) -> None:
        case = self._begin(connection, mail, thread.reference, now)
        if case is None:
            return
        office = self._office(connection, now)
        named = self._named(thread, office)
        writer = self._writer(mail.submission, named, case, office)
        ruleset, _ = self._shop.rules()
        viewer = self._viewer(connection, writer, now)
        seen = find_case(connection, case.reference, viewer, lock=True)
        if seen is None:
            raise Unverified(NO_SUCH_CASE)
        if case.access == Access.SEALED.value:
            raise Refused(SEALED)
        orders = read_orders(mail.submission.new_text)
        if orders.has(Order.HELP) or any(orders.problems()):
            self._explain(connection, mail, case, writer, now)
            return
        keys, settings = self._shop.keys, self._shop.settings
        wish = Wish(
            reference=case.reference,
            language=seen.row.language,
            party=thread.party,
            envelope_id=mail.envelope_id,
            submission=mail.submission,
            orders=orders,
            writer=writer,
            addresses=office.addresses(writer),
            colleagues=office.colleagues,
            hand=Hand(viewer, None, keys.service, now, keys.index),
            ruleset=ruleset,
            versions=self._shop.versions,
            hr_address=settings.organisation.hr_address,
            most_bytes=settings.outgoing.max_file_bytes,
            notice=thread.entry,
        )
        done = act(connection, wish)
        if done is None:
            append(connection, [NewEvent(case.id, "message.repeated", "triage", now, {"envelope": mail.envelope_id})])
            again = (("done", Phrase("done.again")), ("kept_inside", Phrase("nothing")))
            self._report(connection, case, mail, writer.address, "notice_done", again, now)
            return
        if mail_is_an_answer := _is_written(connection, mail):
            lay_beside(connection, case, mail, keys.index, now)
        else:
            keep_note(connection, case, mail, keys.index, now, verb="note.added", author=writer.address)
        if done:
            said = tuple(("done", one) for one in done)
            inside = () if mail_is_an_answer else (("kept_inside", Phrase("nothing")),)
            self._report(connection, case, mail, writer.address, "notice_done", (*said, *inside), now)

    def _begin(self, connection: Connection, mail: StaffMail, reference: str, now: datetime) -> CaseRow | None:
        """The case, locked; None when there is none, or this mail was taken before."""
        one_at_a_time(connection, "triage")
        if already_recorded(connection, [mail.envelope_id]):
            return None
        seen = same_mail(connection, {mail.fingerprint: bool(mail.submission.message_id)}, now)
        if case_id := seen.get(mail.fingerprint):
            append(connection, [NewEvent(case_id, "message.repeated", "triage", now, {"envelope": mail.envelope_id})])
            return None
        case = locked(connection, reference)
        if case is None:
            log.warning("envelope %s answers a case that is no more", mail.envelope_id)
        return case

    def _office(self, connection: Connection, now: datetime) -> Office:
        colleagues = people.everyone(connection)
        return Office(colleagues, self._shop.directory.look(connection, colleagues, now))

    def _named(self, thread: Thread, office: Office) -> Person | None:
        """Whom the token was made for, while they work here."""
        token = thread.token
        answers = token is not None and token.purpose is Purpose.STAFF_REPLY
        return office.token_holder(token, self._shop.keys.tokens) if answers else None

    def _writer(self, submission: Submission, named: Person | None, case: CaseRow, office: Office) -> Person:
        """Who wrote it: the person the token names, or a colleague the case is in the hands of too, who may have taken it over
        from one who has left. `Unverified` otherwise.
        """
        writer = office.by_address(submission.sender.address)
        is_named = writer is not None and named is not None and writer.id == named.id
        if writer is None or not (is_named or writer.address in {case.owner, case.backup}):
            raise Unverified(UNKNOWN_ADDRESS)
        if submission.authenticity is Authenticity.FAIL:
            raise Unverified(FORGED)
        if submission.authenticity is Authenticity.NONE and self._shop.settings.mail.staff_unproven != "send":
            raise Unverified(UNPROVEN)
        return writer

    def _refuse(self, connection: Connection, mail: StaffMail, thread: Thread, error: Refused, now: datetime) -> None:
        """Nothing went out: the words are kept, and whom the token names is told why, at their registered address; where they
        have left, whoever has shown that they wrote it, else whoever has the case now.
        """
        case = self._begin(connection, mail, thread.reference, now)
        if case is None:
            return
        office = self._office(connection, now)
        named, author = self._named(thread, office), ""
        if not isinstance(error, Unverified):
            author = self._writer(mail.submission, named, case, office).address
        verb = "reply.refused" if author else "reply.unverified"
        index = self._shop.keys.index
        keep_note(connection, case, mail, index, now, verb=verb, author=author, reason=_kind(error))
        if to := named.address if named is not None else author:
            kept = Phrase("kept.note" if author else "kept.marked")
            said = (("reason", recognised(str(error))), ("kept", kept))
            self._report(connection, case, mail, to, "notice_unsent", said, now)
        else:
            self._tell_in_charge(connection, case, office, now)

    def _tell_in_charge(self, connection: Connection, case: CaseRow, office: Office, now: datetime) -> None:
        """Somebody answers who has left, or in their name: the owner hears of it, else the backup; once a day, however many."""
        by_address = {one.address: one for one in office.colleagues}
        for one in (by_address[address] for address in (case.owner, case.backup) if address in by_address):
            if find_case(connection, case.reference, self._viewer(connection, one, now)) is not None:
                where, key = (case.id, case.reference), f"refused:{case.id}:{now:%Y%m%d}"
                promise_report(
                    connection, self._shop.keys, where, key=key, to=one.address, template="notice_refused", now=now
                )
                return

    def _explain(self, connection: Connection, mail: StaffMail, case: CaseRow, writer: Person, now: datetime) -> None:
        """The list of commands, once; the text stays inside."""
        orders = read_orders(mail.submission.new_text)
        problems = list(orders.problems()) or [Phrase("problem.listed")]
        index = self._shop.keys.index
        keep_note(connection, case, mail, index, now, verb="reply.refused", author=writer.address, reason="commands")
        said = (*(("reason", one) for one in problems), *COMMANDS)
        sent = ("sent", Phrase("sent.note" if orders.text else "sent.nothing"))
        self._report(connection, case, mail, writer.address, "notice_commands", (*said, sent), now)

    def _report(
        self,
        connection: Connection,
        case: CaseRow,
        mail: StaffMail,
        to: str,
        template: str,
        phrases: tuple[tuple[str, Phrase], ...],
        now: datetime,
    ) -> None:
        key = f"report:{mail.envelope_id}"
        where = (case.id, case.reference)
        promise_report(connection, self._shop.keys, where, key=key, to=to, template=template, phrases=phrases, now=now)


def _is_written(connection: Connection, mail: StaffMail) -> bool:
    return (
        connection.execute(select(tables.message.c.id).where(tables.message.c.id == mail.envelope_id)).first()
        is not None
    )


def _kind(error: Refused) -> str:
    """A reason from a closed set, for the trail."""
    known = {
        UNKNOWN_ADDRESS: "address",
        FORGED: "forged",
        UNPROVEN: "unproven",
        SEALED: "sealed",
        NO_SUCH_CASE: "no_access",
    }
    return known.get(str(error), "not_possible")
