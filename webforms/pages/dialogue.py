"""The conversation behind a link: what both sides wrote, what is promised, and a place to add something."""

import re
from dataclasses import replace

from flask import Response

from cases.errors import TryLater
from cases.model.acts import UNCONFIRMED, WITHDRAWAL_ASKED
from cases.model.identity import Identity
from cases.model.veil import PROTECTED
from cases.model.words import Access, Channel, ClockState, Status
from cases.store.links import OpenedCase, SharedClock
from gateway.downloads import download_as
from gateway.inbox.envelope import Delivery
from webforms.bodies import Posted
from webforms.definition import FormFields, check_files
from webforms.desk import Desk
from webforms.expectations import UNSORTED
from webforms.fields import long_text
from webforms.languages import Language
from webforms.pages.acts import NOBODY, act, identity_in, offered
from webforms.pages.visit import ENDED, FORM, Visit, open_visit
from webforms.payload import Filled, encode

STAGES = {
    Status.ASSIGNED: 1,
    Status.REOPENED: 1,
    Status.IN_PROGRESS: 2,
    Status.INVESTIGATING: 2,
    Status.WAITING_FOR_EMPLOYEE: 2,
    Status.WAITING_FOR_THIRD_PARTY: 2,
    Status.RESOLVED: 3,
    Status.CLOSED: 3,
    Status.MERGED: 3,
    Status.WITHDRAWN: 3,
}
"""How far along a case is, of four stages: here, with somebody, being worked on, settled."""


_FILE = re.compile(r"([0-9]{1,6})/([0-9]{1,3})")
"""Which file is wanted: its message's number, and its place there."""


class Words(FormFields):
    """What is added to a case."""

    text = long_text()


def show(
    desk: Desk,
    language: Language,
    visit: Visit,
    *,
    status: int = 200,
    said: str = "",
    done: str = "",
    fields: FormFields | None = None,
    token: str = "",
    receipt: str = "",
    who: Identity = NOBODY,
) -> Response:
    """The conversation, or that it is being opened. `said` and `done` are keys of `texts/` for its top."""
    if visit.case is None:
        return desk.page("processing.html", language, status, visit=visit, here=visit.place, form_id="again", done=done)
    words = fields or Words()
    live = visit.reader.kind == "status" and not receipt
    return desk.page(
        "dialogue.html",
        language,
        status,
        visit=visit,
        case=visit.case,
        clocks=[clock for clock in visit.case.clocks if _shown(clock, language)],
        category=_category(desk, visit.case, language),
        told=_told(desk, visit.case, language),
        day_only=visit.case.channel is Channel.ANONYMOUS,
        sealed=visit.case.access is Access.SEALED,
        ended=visit.case.status in ENDED,
        stage=STAGES.get(visit.case.status, 0),
        may=offered(visit.case, visit.reader.kind),
        asked_back=WITHDRAWAL_ASKED in visit.case.tags,
        protected=PROTECTED in visit.case.tags,
        waits=UNCONFIRMED in visit.case.tags,
        receipt=receipt,
        who=who,
        watch=desk.watch(visit.reader) if live else "",
        fields=words,
        problems=words.errors_by_field(),
        token=token or desk.tokens.issue(FORM),
        said=said,
        done=done,
        here=visit.place,
        form_id="answer",
    )


def answer(desk: Desk, language: Language, visit: Visit, posted: Posted) -> Response:
    """What a page behind a link does: show the conversation, add to it, or say it in another language."""
    if posted.text("do") == "add":
        return _add(desk, language, visit, posted)
    if wanted := _FILE.fullmatch(posted.text("file")):
        return _file(desk, language, visit, int(wanted[1]), int(wanted[2]))
    if done := act(desk, language, visit, posted):
        good = done.status == 200
        said, told = ("", done.said) if good else (done.said, "")
        kept = NOBODY if good else identity_in(posted)
        return show(desk, language, visit, status=done.status, receipt=done.receipt, said=said, done=told, who=kept)
    if posted.text("do") == "language" and desk.tokens.read(FORM, posted.text("token")):
        return show(desk, language, visit, fields=Words.filled_with(posted), token=posted.text("token"))
    return show(desk, language, visit)


def _file(desk: Desk, language: Language, visit: Visit, number: int, index: int) -> Response:
    """A file of an answer of ours: downloaded as bytes of no kind, never shown."""
    try:
        found = desk.site.record.file(visit.reader, number, index)
    except TryLater:
        return show(desk, language, visit, status=503, said="error.record_away")
    if found is None:
        return show(desk, language, visit, status=404, said="dialogue.no_file")
    response = Response(found.content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = download_as(found.filename)
    return response


def _add(desk: Desk, language: Language, visit: Visit, posted: Posted) -> Response:
    """Store a further message and show the conversation again; sent twice, it is stored once."""
    words = Words.filled_with(posted)
    token = desk.tokens.read(FORM, posted.text("token"))
    kept = posted.text("token") if token else ""
    if posted.cut:
        status, said = (413, "error.too_large") if posted.cut == "large" else (503, "error.busy")
        return show(desk, language, visit, status=status, said=said, fields=words, token=kept)
    if not words.validate():
        return show(desk, language, visit, status=422, fields=words, token=kept)
    if too_many := check_files(posted.files, desk.site.web.max_files):
        return show(desk, language, visit, status=422, said=too_many, fields=words, token=kept)
    if token is None:
        return show(desk, language, visit, status=409, said="error.expired", fields=words)
    payload = encode(
        Filled(form=FORM, language=language.code, text=words.data["text"], files=posted.files), case_link=visit.reader
    )
    try:
        desk.store(
            Delivery(visit.through(Channel.FORM), payload), desk.tokens.envelope_id(token, payload, visit.reader.lookup)
        )
    except TryLater:
        return show(desk, language, visit, status=503, said="error.try_later", fields=words, token=kept)
    try:
        visit = open_visit(desk, visit.reader, visit.code, visit.place)
    except TryLater:
        visit = replace(visit, waiting=(*visit.waiting, visit.through(Channel.FORM)))
    return show(desk, language, visit, done="dialogue.stored")


def _shown(clock: SharedClock, language: Language) -> bool:
    """Deadlines that mean something to the reporter."""
    return clock.state != ClockState.CANCELLED and language.knows(f"clock.{clock.kind}")


def _told(desk: Desk, case: OpenedCase, language: Language) -> str:
    """What the rules say to an anonymous reporter, who gets no mail that could acknowledge their report."""
    if case.channel is not Channel.ANONYMOUS:
        return ""
    return desk.expectations.told(case.category, desk.site.organisation.name, language)


def _category(desk: Desk, case: OpenedCase, language: Language) -> str:
    known = desk.expectations.all().get(case.category)
    return known.title(language) if known and case.category != UNSORTED else ""
