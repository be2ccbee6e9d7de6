"""What every attender works with: the case as it stands, who is to be told, and mails promised within the transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select

from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.keys.hashing import keyed_hash
from cases.keys.sealing import Sealer
from cases.keys.tokens import Purpose
from cases.model.risk import is_grave
from cases.model.wording import Phrase
from cases.model.words import Access, Channel
from cases.promises import mail_token, start_of_day
from cases.store import people, tables
from cases.store.codec import MailPayload
from cases.store.outbox import OutboxEntry, promise_mail
from rules.ruleset import GUARDIAN, Ruleset
from rules.standing import Standing, who
from worker.mail.together import not_quiet

if TYPE_CHECKING:
    from worker.workshop import Workshop  # the relay, which only finds, never loads a model

GATHERED_FOR = timedelta(minutes=1)
"""Routine notices wait so long for others to the same person."""


@dataclass
class Desk:
    """One attender's tools for one entry. Everything it writes commits together with the entry being done."""

    shop: "Workshop"
    connection: Connection
    entry: OutboxEntry
    ruleset: Ruleset
    now: datetime
    _case: Row[Any] | None = field(default=None, repr=False)

    @property
    def subject(self) -> list[str]:
        """The parts of the entry's key after its kind."""
        return self.entry.key.split(":")[1:]

    @property
    def case(self) -> Row[Any]:
        """The case, as it stands."""
        if self._case is None:
            table = tables.case
            self._case = self.connection.execute(select(table).where(table.c.id == self.entry.case_id)).one()
        return self._case

    @property
    def moment(self) -> datetime:
        """The time to write down: to the day where the reporter is anonymous."""
        return start_of_day(self.now) if self.case.channel == Channel.ANONYMOUS.value else self.now

    def is_grave(self) -> bool:
        """Whether the case's risk is high."""
        return is_grave(self.case.risk, self.ruleset.risk_levels)

    def who(self, names: Iterable[str]) -> tuple[str, ...]:
        """Who these names stand for in the case today: present, not excluded, and where it is sealed able to open it."""
        table, case = tables.exclusion, self.case
        excluded = self.connection.execute(select(table.c.person).where(table.c.case_id == case.id)).scalars()
        world = self.shop.directory.look(self.connection, people.everyone(self.connection), self.now)
        at = Standing(
            case.team,
            case.owner,
            case.backup,
            frozenset(excluded),
            world.absent,
            self.now,
            world.directory,
            world.staff,
        )
        found = who(self.ruleset, names, at)
        if case.access != Access.SEALED.value:
            return found
        readers = self._readers()
        able = tuple(one for one in found if one in readers)
        return able or tuple(one for one in who(self.ruleset, (GUARDIAN,), at) if one in readers)

    def _readers(self) -> set[str]:
        """Addresses of staff who hold a wrap of the case's present key."""
        wrap, person = tables.wrap, tables.person
        holders = select(wrap.c.reader).where(
            wrap.c.case_id == self.case.id, wrap.c.epoch == self.case.epoch, wrap.c.reader_kind == "staff"
        )
        return set(self.connection.execute(select(person.c.address).where(person.c.id.in_(holders))).scalars())

    def with_role(self, *roles: str) -> tuple[str, ...]:
        """Active staff with one of these roles, for what concerns no case."""
        return tuple(one.address for one in people.everyone(self.connection) if set(roles) & set(one.roles))

    def tell(
        self,
        template: str,
        persons: Sequence[str],
        line: Phrase,
        *,
        urgent: bool = False,
        facts: tuple[tuple[str, str], ...] = (),
        phrases: tuple[tuple[str, Phrase], ...] = (),
    ) -> None:
        """A content-free notice to colleagues: at once where it is urgent, else together with others, outside quiet hours.

        `line` is what a mail that brings many says of this one.
        """
        case = self.case if self.entry.case_id else None
        for person in persons:
            reference = case.reference if case else ""
            about = (("risk", case.risk), ("reference", reference)) if case else ()
            payload = MailPayload(
                template=template,
                to=person,
                language="",
                reference=reference,
                reply_token="",
                bounce_token=mail_token(self.shop.keys, reference, person, Purpose.STAFF_BOUNCE, self.now)
                if case
                else "",
                facts=(*about, *facts),
                phrases=(("line", line), *phrases),
                to_the_day=case is not None and case.channel == Channel.ANONYMOUS.value,
            )
            marked = keyed_hash(self.shop.keys.index, "recipient", person)
            due = self.now if urgent else self.not_quiet(self.now + GATHERED_FOR)
            self.promise(f"{self.entry.key}:{marked}", payload, due=due, urgent=urgent, bundle="" if urgent else marked)

    def promise(self, key: str, payload: MailPayload, *, due: datetime, urgent: bool = False, bundle: str = "") -> None:
        """One mail in the outbox; promised before, it is there once. With `bundle` it may be gathered with others."""
        at = start_of_day(self.now) if payload.to_the_day else self.now
        self._promise(key, payload, at, due, kind="digest" if bundle else "mail", bundle=bundle, urgent=urgent)

    def _promise(self, key: str, payload: MailPayload, at: datetime, due: datetime, **more: Any) -> None:
        to_service = Sealer(self.shop.keys.service.public)
        promise_mail(self.connection, to_service, key, payload, case_id=self.entry.case_id, at=at, due=due, **more)

    def chat(self, line: Phrase) -> None:
        """Tell the chat too, where there is one."""
        if not self.shop.settings.notices.chat_url:
            return
        about = self._details()
        payload = MailPayload("chat", "", "", self.case.reference, "", "", facts=about, phrases=(("line", line),))
        self._promise(f"chat:{self.entry.key}", payload, self.moment, self.now, kind="chat")

    def _details(self) -> tuple[tuple[str, str], ...]:
        """Category and risk, where the deployment wants them in chat and the case is not kept close."""
        case = self.case
        if not self.shop.settings.notices.chat_details or case.access != Access.MANAGED.value:
            return ()
        return (("category", case.category), ("risk", case.risk))

    def note(self, verb: str, data: dict[str, Json]) -> None:
        """An event of the case, or of the deployment where there is none."""
        stream, at = (self.entry.case_id, self.moment) if self.entry.case_id else (DEPLOYMENT, self.now)
        append(self.connection, [NewEvent(stream, verb, "heed", at, data)])

    def not_quiet(self, moment: datetime) -> datetime:
        """The moment, or the end of the quiet hours it falls in."""
        return not_quiet(moment, self.shop.settings.notices.quiet, self.ruleset.settings.timezone)
