"""What reporters ask for by their link: done by a worker, as the public site cannot write to the record."""

from datetime import datetime, timedelta

from cases import reporter
from cases.errors import Refused, TryLater
from cases.keys.sealing import KeyPair, Sealer
from cases.keys.tokens import Purpose, read
from cases.model.acts import BY_RECEIPT, ActKind
from cases.model.risk import is_grave
from cases.protecting import contact_of
from cases.store.engine import writing
from cases.store.heard import first_heard
from cases.store.lookups import CaseRow, RecordLookups
from gateway.form_links import FormLinks
from gateway.inbox.states import Leased
from gateway.message_files import files_in
from worker.workshop import Workshop

WAITS_FOR_ITS_CASE = timedelta(hours=1)


class ReporterActs:
    """Does one act in one transaction. Done twice, it does no harm."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop

    def __call__(self, leased: Leased, links: FormLinks, language: str) -> None:
        """Do what a delivery asks. Raises `TryLater` while its case is not there yet, `Refused` for what cannot be done."""
        now = self._shop.now()
        assert links.act is not None  # noqa: S101  the caller looked
        with writing(self._shop.record) as connection:
            desk = reporter.Desk(
                connection,
                self._shop.keys,
                now,
                self._shop.settings.organisation.public_url,
                Sealer(self._shop.keys.service.public),
            )
            lookups = RecordLookups(connection, self._shop.keys.index, now)
            asked = reporter.Asked(leased.id, language, self._shop.settings.organisation.link_days)
            if links.act.kind is ActKind.MY_CASES:
                self._list(desk, links.act.address, asked)
            elif links.act.kind is ActKind.CONFIRM:
                self._confirm(desk, lookups, links.act.token)
            else:
                case = lookups.case_of_link(*links.case_link) if links.case_link else None
                if case is None:
                    raise _missing(leased.received_at, now)
                self._do(desk, reporter.at_last(case, connection), links, asked)

    def _do(self, desk: reporter.Desk, case: CaseRow, links: FormLinks, asked: reporter.Asked) -> None:
        assert links.act is not None  # noqa: S101
        match links.act.kind:
            case ActKind.WITHDRAW:
                reporter.withdraw(desk, case, serious=self._serious(case))
            case ActKind.RATE:
                reporter.rate(desk, case, links.act.rating)
            case ActKind.BY_RECEIPT:
                if links.reader is None:
                    raise Refused("a receipt is missing")
                keys = reporter.keys_of(desk.connection, case, self._shop.keys.service)
                reporter.continue_by_receipt(desk, case, links.reader, keys)
            case ActKind.PROTECT:
                keys = reporter.keys_of(desk.connection, case, self._shop.keys.service)
                reporter.protect_reporter(desk, case, keys, files_in)
            case ActKind.IDENTIFY:
                reporter.identify(desk, case, links.identity, asked.envelope_id)
            case ActKind.NEW_LINK:
                self._renew(desk, case, asked)
            case _:
                raise Refused(f"nothing is known of “{links.act.kind}”")

    def _renew(self, desk: reporter.Desk, case: CaseRow, asked: reporter.Asked) -> None:
        """A fresh link to the address that the case came from, never to one that is given now."""
        keys = reporter.keys_of(desk.connection, case, self._shop.keys.service)
        protected = contact_of(desk.connection, case.id, self._shop.keys.triage)
        first = first_heard(desk.connection, case.id, {epoch: KeyPair.of_private(private) for epoch, private in keys})
        to = protected.address if protected else first.sender.address if first else ""
        late = reporter.mailed_lately(desk.connection, case, desk.now)
        if to and not late and BY_RECEIPT not in case.tags.split():
            reporter.mail_links(desk, [(case, keys)], to, asked)

    def _list(self, desk: reporter.Desk, address: str, asked: reporter.Asked) -> None:
        cases = reporter.open_cases_of(desk.connection, self._shop.keys.index, address)
        if cases and not reporter.mailed_lately(desk.connection, cases[0], desk.now):
            found = [(case, reporter.keys_of(desk.connection, case, self._shop.keys.service)) for case in cases]
            reporter.mail_links(desk, [(case, keys) for case, keys in found if keys], address, asked)

    def _confirm(self, desk: reporter.Desk, lookups: RecordLookups, letters: str) -> None:
        """A forged or expired confirmation changes nothing, and says so to nobody."""
        token = read(self._shop.keys.tokens, letters, desk.now)
        found = lookups.case_row(token.reference) if token and token.purpose is Purpose.CONFIRM else None
        if found is not None:
            reporter.confirm(desk, reporter.at_last(found, desk.connection))

    def _serious(self, case: CaseRow) -> bool:
        """Whether its reporter alone does not end it."""
        return is_grave(case.risk, self._shop.rules()[0].risk_levels)


def _missing(received_at: datetime, now: datetime) -> Exception:
    if now - received_at > WAITS_FOR_ITS_CASE:
        return Refused("the case that this belongs to does not exist")
    return TryLater("the case that this belongs to is not there yet")
