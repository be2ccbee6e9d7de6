"""What somebody does to their own case from its page: each act is a delivery, as every word of theirs is."""

from dataclasses import dataclass, field

from cases.errors import TryLater
from cases.keys.links import receipt_reader
from cases.model.acts import BEST_RATING, BY_RECEIPT, WITHDRAWAL_ASKED, ActKind, ReporterAct
from cases.model.codes import show_receipt
from cases.model.identity import Identity
from cases.model.veil import PROTECTED
from cases.model.words import Access, Channel, Status
from cases.store.links import OpenedCase
from gateway.form_links import LONGEST_LINE
from gateway.inbox.envelope import Delivery
from webforms.bodies import Posted
from webforms.desk import Desk
from webforms.languages import Language
from webforms.pages.visit import ENDED, FORM, Visit
from webforms.payload import Filled, encode
from webforms.tokens import FormToken

NOBODY = Identity()
RATINGS = tuple(str(one) for one in range(1, BEST_RATING + 1))


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page offers beside adding words, as the case stands."""

    withdraw: bool
    rate: bool
    by_receipt: bool
    protect: bool
    identify: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act: a sentence (a key of `texts/`), an HTTP status, and a receipt to keep, or ""."""

    said: str
    status: int = 200
    receipt: str = field(default="", repr=False)


def offered(case: OpenedCase, kind: str) -> Offered:
    """What may be done: withdrawing while it is open, rating when it has ended, a receipt instead of mail."""
    over = case.status in ENDED
    return Offered(
        withdraw=not over and WITHDRAWAL_ASKED not in case.tags,
        rate=case.status in {Status.CLOSED, Status.RESOLVED} and not case.rating,
        by_receipt=kind == "status" and case.access is not Access.SEALED and BY_RECEIPT not in case.tags,
        protect=_protectable(case),
        identify=case.channel is Channel.ANONYMOUS and not case.identified and case.status is not Status.MERGED,
    )


def _protectable(case: OpenedCase) -> bool:
    """Whether there is a name to protect: not where nobody gave one, nor where it is kept apart already."""
    return (
        case.channel is not Channel.ANONYMOUS
        and case.access is not Access.SEALED
        and PROTECTED not in case.tags
        and case.status not in {Status.MERGED}
    )


def act(desk: Desk, language: Language, visit: Visit, posted: Posted) -> Done | None:
    """Do what a button of the page asks; None when it is no act, or not offered as the case stands."""
    do = posted.text("do")
    if visit.case is None or do not in {"withdraw", "rate", "by_receipt", "protect", "identify"}:
        return None
    may, token = offered(visit.case, visit.reader.kind), desk.tokens.read(FORM, posted.text("token"))
    if token is None:
        return Done("error.expired", 409)
    if do == "withdraw" and may.withdraw:
        return _put(desk, language, visit, token, ReporterAct(ActKind.WITHDRAW), Done("act.withdraw_done"))
    if do == "protect" and may.protect:
        return _put(desk, language, visit, token, ReporterAct(ActKind.PROTECT), Done("act.protect_done"))
    if do == "identify" and may.identify:
        who = identity_in(posted)
        if not who:
            return Done("act.identify_empty", 422)
        return _put(desk, language, visit, token, ReporterAct(ActKind.IDENTIFY), Done("act.identify_done"), who=who)
    if do == "rate" and may.rate:
        if posted.text("rating") not in RATINGS:
            return Done("act.rate_choose", 422)
        rating = ReporterAct(ActKind.RATE, rating=int(posted.text("rating")))
        return _put(desk, language, visit, token, rating, Done("act.rate_done"))
    if do == "by_receipt" and may.by_receipt:
        receipt = desk.tokens.receipt(token)
        done = Done("act.by_receipt_done", receipt=show_receipt(receipt))
        return _put(desk, language, visit, token, ReporterAct(ActKind.BY_RECEIPT), done, receipt)
    return None


def identity_in(posted: Posted) -> Identity:
    """Who somebody says they are, as they typed it."""
    return Identity(*(" ".join(posted.text(name).split())[:LONGEST_LINE] for name in ("who", "reach")))


def renew(desk: Desk, language: Language, visit: Visit) -> Done:
    """Ask for a new link at the address that the case came from."""
    token = desk.tokens.fresh()
    return _put(desk, language, visit, token, ReporterAct(ActKind.NEW_LINK), Done("links.sent"))


def _put(
    desk: Desk,
    language: Language,
    visit: Visit,
    token: FormToken,
    what: ReporterAct,
    done: Done,
    receipt: str = "",
    who: Identity = NOBODY,
) -> Done:
    new = receipt_reader(receipt, desk.site.pepper) if receipt else None
    payload = encode(Filled(FORM, language.code, ""), reader=new, case_link=visit.reader, act=what, identity=who)
    door = visit.through(Channel.FORM)
    try:
        desk.store(Delivery(door, payload), desk.tokens.envelope_id(token, payload, new.lookup if new else ""))
    except TryLater:
        return Done("error.try_later", 503)
    return done
