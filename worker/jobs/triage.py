"""The `triage` job: sealed envelopes become cases, or join one, or are held; a whole batch in one commit."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from cases.access.identity import keeping
from cases.audit.trail import NewEvent, append
from cases.errors import Refused, TryLater
from cases.joining import Joined, join_case
from cases.keys import recovery
from cases.keys.rotation import meaning
from cases.keys.sealing import KeyNotHere, Opener, Sealer, Sealers
from cases.model.decision import Decision
from cases.model.words import Access, Channel
from cases.opening import Arrival, fingerprint, open_case
from cases.staff_mail import StaffMail
from cases.store.engine import one_at_a_time, reading, writing
from cases.store.lookups import RecordLookups, already_recorded, same_mail
from cases.store.rows import Rows
from cases.store.turns import Turns
from gateway.form_links import read_links, without_identity
from gateway.inbox import states
from gateway.inbox.envelope import open_delivery
from gateway.normalizer import is_encrypted
from gateway.reading import read_delivery
from gateway.threads import Evidence, Side, Thread, find_thread
from gateway.triage import assess, in_its_language, triage
from worker import protecting
from worker.arrival_links import readers, with_confirmation, with_status_link
from worker.budget import Budget, likeness
from worker.faults import say, where_of
from worker.follow_ups import opens_anew, tell_author, tie
from worker.history import BatchHistory
from worker.jobs.item import Item
from worker.jobs.reporter_acts import ReporterActs
from worker.jobs.waiting import LOOKS_AGAIN, answers_another, answers_held, mail_key
from worker.mail.probes import note_probe, probe_in
from worker.staff.desk import StaffDesk
from worker.surroundings import Surroundings
from worker.verifying import verify_batch
from worker.workshop import Workshop

log = logging.getLogger("heed.triage")
RETRY_AFTER = timedelta(seconds=2)
ENCRYPTED = "the mail is encrypted and cannot be read here: ask its sender to write in the clear, or by the form"
WAITS_FOR_ITS_CASE = timedelta(days=2)


class Triage:
    """Runs batches. Whatever fails for one envelope alone is put back or held, and the rest goes on."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        self._staff = StaffDesk(workshop)
        self._mail_keys = dict[str, str]()

    def __call__(self, batch: str, ids: list[str]) -> None:
        """Triage the envelopes of one lease; those whose lease has passed to another batch are left alone."""
        with writing(self._shop.inbox) as connection:
            leased = states.claim(connection, batch, ids)
        if not leased:
            return
        self._mail_keys.clear()
        if not self._attempt(leased) and len(leased) > 1:
            for one in leased:  # what fails together may work alone; the culprit is put back by itself
                self._attempt([one])

    def _attempt(self, leased: list[states.Leased]) -> bool:
        """Run these together; False when they failed as a whole. One that fails alone is put back."""
        try:
            self._run(leased)
        except Refused as error:
            if len(leased) == 1:
                self._hold(leased[0], error)
            return False
        except Exception as error:  # noqa: BLE001  the boundary: whatever fails leaves a row and a line
            if len(leased) == 1:
                self._put_back(leased, error)
            return False
        return True

    def _run(self, leased: list[states.Leased]) -> None:
        now = self._shop.now()
        opener = Opener(self._shop.keys.triage)
        items = [item for one in leased if (item := self._guarded(one, partial(self._open, one, now, opener)))]
        verify_batch(items, self._shop.settings.mail, self._shop.verifier)
        items = self._from_staff(self._look_up(self._act(items, now), now), now)
        self._assess(items)
        turns = Turns(self._shop.record, len(items))
        decided = self._decide(items, turns, now)
        self._write(decided, turns, now)

    def _open(self, leased: states.Leased, now: datetime, opener: Opener) -> Item:
        delivery = open_delivery(leased.id, leased.channel, leased.sealed, opener)
        submission = read_delivery(delivery, now=now, trusted_authserv=self._shop.settings.mail.authserv_id)
        if leased.channel is Channel.MAIL:
            self._mail_keys[leased.id] = mail_key(self._shop.keys.index, submission)
        if is_encrypted(submission):
            raise Refused(ENCRYPTED)
        item = Item(leased, delivery, submission)
        if leased.channel.is_form:
            item.links = read_links(delivery.raw)
            if item.links.identity:
                item.delivery = replace(delivery, raw=without_identity(delivery.raw))
        if submission.attachments and (leased.channel is Channel.ANONYMOUS or item.links.identity):
            protecting.clean(item)
            submission = item.submission
        item.fingerprint = fingerprint(self._shop.keys.index, submission)
        return item

    def _act(self, items: list[Item], now: datetime) -> list[Item]:
        """Do what reporters ask for by their link, note what `heed doctor --mail` sent; what is left says something."""
        rest = []
        for item in items:
            item.probe = probe_in(item.submission, self._shop.keys.tokens, now)
            if item.links.act is None and item.probe is None:
                rest.append(item)
            elif self._guarded(item.leased, partial(self._acted, item, now)):
                self._finish([item.leased.id])
        return rest

    def _acted(self, item: Item, now: datetime) -> Item:
        if item.probe is not None:
            with writing(self._shop.record) as connection:
                note_probe(connection, item.submission, item.probe, item.leased.received_at, now)
            return item
        ReporterActs(self._shop)(item.leased, item.links, item.submission.language)
        return item

    def _look_up(self, items: list[Item], now: datetime) -> list[Item]:
        """Threads and duplicates, as the record stands; what it already has is only marked."""
        with reading(self._shop.record) as connection:
            known = already_recorded(connection, [item.leased.id for item in items])
            lookups = RecordLookups(connection, self._shop.keys.index, now)
            fresh = [item for item in items if item.leased.id not in known]
            for item in fresh:
                if item.submission.channel is Channel.MAIL:
                    item.thread = self._thread(item, lookups, now)
                    if not item.thread.reference:
                        self._from_colleague(connection, item, now)
                    item.joins = lookups.case_row(item.thread.reference) if item.thread.reference else None
                    self._start_anew(item, now)
                elif item.links.case_link is not None:
                    item.thread = Thread(evidence=Evidence.CASE_LINK)
                    item.joins = lookups.case_of_link(*item.links.case_link)
                elif item.links.reader is not None:  # the same form sent again, edited: the same receipt, the same case
                    item.thread = Thread(evidence=Evidence.CASE_LINK)
                    item.joins = lookups.case_of_link(item.links.reader.kind, item.links.reader.lookup)
        self._finish(list(known))
        with reading(self._shop.inbox) as connection:
            elsewhere = states.oldest_mail_elsewhere(connection, [item.leased.id for item in items])
            held = answers_held(connection, fresh, self._shop.keys.index, now)
        for item in held:
            self._put_back([item.leased], TryLater("it answers a mail that is held, which goes first"), LOOKS_AGAIN)
        rest = [item for item in fresh if item not in held]
        for item in (waiting := answers_another(rest, elsewhere, now)):
            self._put_back([item.leased], TryLater("it answers a mail that may be on its way, which goes first"))
        return [item for item in rest if item not in waiting]

    def _start_anew(self, item: Item, now: datetime) -> None:
        """A reply to what closed longer ago than the ruleset reopens is a case of its own, beside that one."""
        if item.joins is not None and opens_anew(self._shop.rules()[0], item.joins, item.submission, item.thread, now):
            item.follows, item.joins = item.joins, None

    def _from_colleague(self, connection, item: Item, now: datetime) -> None:  # type: ignore[no-untyped-def]
        """A copy of what a colleague wrote belongs to its case; what they pass on is its first writer's."""
        if isinstance(found := self._staff.look(connection, item.submission, now), Thread):
            item.thread = found
        elif found is not None:
            item.passed_on, item.submission = found, found.submission
            item.fingerprint = fingerprint(self._shop.keys.index, found.submission)

    def _from_staff(self, items: list[Item], now: datetime) -> list[Item]:
        """Colleagues' mail is done with here, one transaction each; the others are returned."""
        rest = []
        for item in items:
            if item.thread.side is Side.REPORTER:
                rest.append(item)
            elif self._guarded(item.leased, partial(self._letter, item, now)):
                self._finish([item.leased.id])
        return rest

    def _letter(self, item: Item, now: datetime) -> Item:
        if item.joins is None and item.thread.side is Side.STAFF:
            self._staff.gone(item.leased.id, item.thread, now)
            raise Refused("a colleague's answer to a case that is no more")
        mail = StaffMail(
            item.leased.id,
            item.submission,
            item.delivery.raw,
            item.fingerprint,
            protecting.kept_apart(item, self._shop.record, now),
        )
        self._staff.take(mail, item.thread, now)
        return item

    def _thread(self, item: Item, known: RecordLookups, now: datetime) -> Thread:
        return find_thread(item.submission, tokens=self._shop.keys.tokens, known=known, now=now)

    def _finds(self, item: Item, known: RecordLookups, now: datetime) -> bool:
        """Whether there is a case that it joins by now; an erased one is none."""
        return known.case_row(self._thread(item, known, now).reference) is not None

    def _assess(self, items: list[Item]) -> None:
        for item, assessment in zip(items, assess([i.counted for i in items], self._shop.model), strict=True):
            item.assessment = assessment

    def _decide(self, items: list[Item], turns: Turns, now: datetime) -> list[Item]:
        ruleset, engine = self._shop.rules()
        for item in items:
            item.submission = in_its_language(ruleset, item.submission)
        sealers = Sealers()
        with reading(self._shop.record) as connection:
            senders = [item.submission.sender.address for item in items]
            lookups = RecordLookups(connection, self._shop.keys.index, now)
            opening = [item.submission for item in items if item.joins is None]
            history = BatchHistory(lookups, senders, turns)
            earlier = [item.joins or item.follows for item in items]
            around = Surroundings(connection, self._shop.directory, earlier, history, now)
            settings = self._shop.settings
            budget = Budget(lookups, opening, settings.organisation, settings.mail)
            decisions = triage(
                [item.counted for item in items],
                [item.assessment for item in items if item.assessment],
                [around.context(item.joins, item.leased.received_at, item.follows) for item in items],
                ruleset=ruleset,
                engine=engine,
                now=now,
            )
            decided = []
            for item, decision in zip(items, decisions, strict=True):
                if isinstance(decision, Decision):
                    history.assigned(decision.owner)
                if self._guarded(item.leased, partial(self._arrive, item, decision, around, now, sealers, budget)):
                    decided.append(item)
            return decided

    def _arrive(
        self,
        item: Item,
        decision: Decision | Exception,
        around: Surroundings,
        now: datetime,
        sealers: Sealers,
        budget: Budget,
    ) -> Item:
        """What is to be written for one decision; raises `Refused` for what a person must look at."""
        if isinstance(decision, Exception):
            raise decision
        if (item.links.identity or item.as_sent) and not keeping.guards(
            around.staff, {one.person.casefold() for one in decision.excluded}
        ):
            raise Refused(keeping.NOBODY_GUARDS)
        if decision.held_because:
            raise Refused(decision.held_because)
        item.arrival = Arrival(
            envelope_id=item.leased.id,
            reference=item.leased.reference,
            received_at=item.leased.received_at,
            submission=item.submission,
            decision=decision,
            raw=item.delivery.raw,
            quiet=item.leased.quiet,
            readers=readers(decision.readers, {one.person for one in decision.excluded}, around.staff),
            links=(item.links.reader,) if item.links.reader else (),
            files=protecting.kept_apart(item, self._shop.record, now),
        )
        if item.joins is None:
            alike = likeness(self._shop.keys.index, item.submission)
            answered = budget.allows(item.submission, alike)
            item.arrival = replace(item.arrival, answered=answered, likeness=alike)
            site = self._shop.settings.organisation.public_url
            item.arrival = with_status_link(item.arrival, site)
            item.arrival = with_confirmation(item.arrival, site, around.world.directory, self._shop.keys.tokens, now)
        if item.joins is None and item.links.case_link is not None:
            if now - item.leased.received_at > WAITS_FOR_ITS_CASE:
                raise Refused("the case that this message belongs to does not exist")
            raise TryLater("the case that this message belongs to is not there yet")
        if item.joins is None:
            if decision.access is Access.SEALED:
                item.arrival = self._sealed(item.arrival)
                protecting.take_name(item, around.staff)
            item.rows = open_case(item.arrival, self._shop.keys, now, sealers, item.pair)
        protecting.store(item, self._shop.record, now)
        return item

    def _sealed(self, arrival: Arrival) -> Arrival:
        """A sealed case opens to people alone, and to the offline recovery key where one was made."""
        if not arrival.readers:
            raise Refused("a sealed case none of whose readers has a vault key")
        with reading(self._shop.record) as connection:
            kept = recovery.current(connection)
        return replace(arrival, links=(*arrival.links, kept.reader)) if kept else arrival

    def _write(self, items: list[Item], turns: Turns, now: datetime) -> None:
        """Everything in one commit; then the inbox lets the envelopes go."""
        with writing(self._shop.record) as connection:
            one_at_a_time(connection, "triage")
            known = already_recorded(connection, [item.leased.id for item in items])
            mails = [item for item in items if item.submission.channel is Channel.MAIL]
            seen = same_mail(connection, {one.fingerprint: bool(one.submission.message_id) for one in mails}, now)
            rows, opened, early, placed = Rows(), set[str](), list[states.Leased](), list[Item]()
            lookups = RecordLookups(connection, self._shop.keys.index, now)
            for item in items:
                if item.leased.id in known:
                    continue
                reader = item.links.reader if item.joins is None else None
                if reader and (reader.lookup in opened or lookups.case_of_link(reader.kind, reader.lookup)):
                    early.append(item.leased)  # its case is being opened right now: it joins when it comes round again
                    continue
                if item.rows and item.answers_mail and not item.follows and self._finds(item, lookups, now):
                    early.append(item.leased)  # what it answers became a case meanwhile
                    continue
                opened |= {reader.lookup} if reader else set()
                if item.submission.channel is Channel.MAIL and item.fingerprint in seen:
                    self._duplicate(connection, item, seen[item.fingerprint], now)
                    continue
                self._place(connection, item, rows, now)
                placed.append(item)
                seen[item.fingerprint] = ""
            rows.write(connection)
            protecting.set_apart(connection, items, placed, self._shop.keys, now)
            for item in items:
                if item.passed_on is not None and item.leased not in early:
                    self._staff.passed_on(connection, item.leased.id, item.passed_on, now)
                if item.follows is not None:
                    tie(connection, item.leased.id, item.follows, now)
            turns.give_back(connection)
        self._finish([item.leased.id for item in items if item.leased not in early])
        if early:
            self._put_back(early, TryLater("the case it belongs to is being opened"))

    def _place(self, connection, item: Item, rows: Rows, now: datetime) -> None:  # type: ignore[no-untyped-def]
        assert item.arrival is not None  # noqa: S101  set by _decide
        if item.rows is not None:
            rows.merge(item.rows)
        elif item.joins is not None:
            levels = self._shop.ruleset.risk_levels if self._shop.ruleset else ()
            thread = item.thread
            joined = Joined(item.arrival, item.joins, thread.confirmed, thread.evidence.value, levels, thread.party)
            join_case(connection, joined, self._shop.keys, now, Sealer(self._shop.keys.service.public))
            tell_author(connection, item.submission, thread, self._shop.keys, now)

    def _duplicate(self, connection, item: Item, case_id: str, now: datetime) -> None:  # type: ignore[no-untyped-def]
        """The same mail again: to two aliases, by BCC, or sent anew by a relay that missed our 250."""
        if case_id:
            append(connection, [NewEvent(case_id, "message.repeated", "triage", now, {"envelope": item.leased.id})])

    def _finish(self, ids: list[str]) -> None:
        if ids:
            with writing(self._shop.inbox) as connection:
                states.mark_triaged(connection, ids, self._shop.now())

    def _guarded(self, leased: states.Leased, step: Callable[[], Item]) -> Item | None:
        """Run one step for one envelope: refused means held, anything unforeseen is put back and tried again."""
        try:
            return step()
        except Refused as error:
            self._hold(leased, error)
        except KeyNotHere as error:
            with reading(self._shop.record) as connection:
                known = meaning(connection, error)
            if isinstance(known, Refused):
                self._hold(leased, known)
            else:
                self._put_back([leased], error, error.after)
        except TryLater as error:
            self._put_back([leased], error)
        except Exception as error:  # noqa: BLE001  the boundary: nothing one mail does may stop the others
            self._put_back([leased], error)
        return None

    def _hold(self, leased: states.Leased, error: Refused) -> None:
        say(log, [leased], f"held: {error}")
        with writing(self._shop.inbox) as connection:
            states.hold(connection, [leased.id], self._shop.now(), str(error))
            states.remember(connection, leased.id, self._mail_keys.get(leased.id, ""))

    def _put_back(self, leased: Sequence[states.Leased], error: Exception, after: timedelta = RETRY_AFTER) -> None:
        words = str(error) if isinstance(error, TryLater) else f"{type(error).__name__} in {where_of(error)}"
        say(log, leased, f"put back: {words}")
        with writing(self._shop.inbox) as connection:
            states.put_back(
                connection,
                [one.id for one in leased],
                until=self._shop.now() + after,
                error=words,
                blameless=isinstance(error, TryLater),
                waits=after is LOOKS_AGAIN,
            )
            for one in leased if not isinstance(error, TryLater) else ():
                states.remember(connection, one.id, self._mail_keys.get(one.id, ""))
