"""Filling in a form and sending it, step by step: stored before anything is shown, sent twice is stored once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask, Response
from werkzeug.exceptions import NotFound

from cases.errors import TryLater
from cases.keys.links import LinkReader, receipt_reader
from cases.model.acts import CONFIRM_FIRST
from cases.model.codes import show_receipt
from cases.model.words import Channel
from gateway.inbox.envelope import Delivery
from webforms.bodies import Posted
from webforms.definition import COMMON, PEOPLE, FormFields, PublicForm, check_files
from webforms.desk import Desk
from webforms.expectations import SHOWN, in_words
from webforms.fields import lines_of
from webforms.languages import Language
from webforms.payload import Filled, encode
from webforms.steps import Steps, headline
from webforms.tokens import FormToken


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a form comes back: an HTTP status, a sentence for its top, and errors by field (both keys of `texts/`)."""

    status: int
    said: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One form on one person's screen, in their language, with what they posted."""

    language: Language
    form: PublicForm
    fields: FormFields = field(repr=False)
    posted: Posted = field(repr=False)
    token: FormToken | None = field(default=None, repr=False)

    @property
    def steps(self) -> Steps:
        """The steps that their answers lead through."""
        return Steps(self.form, self.fields.values)


def add_to(app: Flask, desk: Desk) -> None:
    """Add the routes."""

    @app.get("/<code>/write/<name>")
    def write(code: str, name: str) -> Response:
        language, form = desk.language(code), _form(desk, name)
        if not desk.is_open(form):
            return desk.page("shut.html", language, here=f"write/{name}")
        return _show(desk, Page(language, form, form.fields(), Posted({})), 0)

    @app.post("/<code>/write/<name>")
    def sent(code: str, name: str) -> Response:
        language, form, posted = desk.language(code), _form(desk, name), desk.posted()
        token = desk.tokens.read(form.name, posted.text("token"))
        return _answer(desk, Page(language, form, form.fields.filled_with(posted), posted, token))


def _form(desk: Desk, name: str) -> PublicForm:
    if name not in desk.forms:
        raise NotFound
    return desk.forms[name]


def _answer(desk: Desk, page: Page) -> Response:
    """One click: another language, back to a step, on to the next, or send."""
    do, steps = page.posted.text("do"), page.steps
    place = steps.at(page.posted.text("step"))
    if do == "language":
        return _show(desk, page, place)
    if do.startswith("edit:"):
        return _show(desk, page, steps.at(do.removeprefix("edit:")))
    trouble = _trouble(desk, page)
    if place + 1 < len(steps.asked) and (trouble is None or trouble.status in {409, 422}):
        problems = steps.problems_at(place, trouble.problems) if trouble else {}
        if problems:
            return _show(desk, page, place, Trouble(422, problems=problems))
        return _show(desk, page, place + 1)
    if trouble is not None or page.token is None:
        wrong = steps.first_wrong(trouble.problems) if trouble and trouble.problems else place
        return _show(desk, page, wrong, trouble)
    return _store(desk, page, page.token)


def _trouble(desk: Desk, page: Page) -> Trouble | None:
    """What keeps a form from being stored, the person's own slips last."""
    posted = page.posted
    if page.form.channel_of(page.fields.values) is Channel.ANONYMOUS and not desk.is_open(page.form):
        return Trouble(503, "form.shut_meanwhile")
    if posted.cut:
        return Trouble(*((413, "error.too_large") if posted.cut == "large" else (503, "error.busy")))
    asked = page.steps.answered()
    found = {} if page.fields.validate() else page.fields.errors_by_field()
    problems = {name: error for name, error in found.items() if name in asked}
    if too_many := check_files(posted.files, desk.site.web.max_files):
        problems["files"] = too_many
    if problems:
        return Trouble(422, problems=problems)
    return Trouble(409, "error.expired") if page.token is None else None


def _store(desk: Desk, page: Page, token: FormToken) -> Response:
    form, language = page.form, page.language
    said, channel = _filled(page), form.channel_of(page.fields.values)
    anonymous, receipt, reader = channel is Channel.ANONYMOUS, "", None
    if anonymous or not said.email:  # without an address the receipt is the only way back
        receipt = desk.tokens.receipt(token)
        reader = receipt_reader(receipt, desk.site.pepper)
    try:
        reference = _put(desk, channel, said, token, reader)
    except TryLater:
        place = len(page.steps.asked) - 1
        return _show(desk, page, place, Trouble(503, "error.try_later"))
    return desk.page(
        "sent.html",
        language,
        form=form,
        anonymous=anonymous,
        receipt=show_receipt(receipt) if receipt else "",
        reference="" if anonymous else reference,
        email=said.email,
        waits=CONFIRM_FIRST in said.fields,
        promises=_promises(desk, form, language),
    )


def _filled(page: Page) -> Filled:
    """What is handed on: the answers to what was asked, and nothing that was typed in a step that fell away."""
    form, data = page.form, page.steps.answered()
    own = {name: value for name, value in data.items() if name not in COMMON and value}
    if data.get("kind") in form.confirms:
        own[CONFIRM_FIRST] = "yes"
    return Filled(
        form=form.name,
        language=page.language.code,
        text=data.get("text") or headline(form, page.language, data),
        name=data.get("name", ""),
        email=data.get("email", ""),
        subject=data.get("subject", ""),
        fields=own,
        files=page.posted.files,
        concerns=lines_of(data.get("concerns", "")),
        keep_from=lines_of(data.get("keep_from", "")),
        keep_from_managers=data.get("managers") == "kept",
    )


def _put(desk: Desk, channel: Channel, said: Filled, token: FormToken, reader: LinkReader | None) -> str:
    payload = encode(said, reader=reader)
    envelope_id = desk.tokens.envelope_id(token, payload, reader.lookup if reader else "")
    return desk.store(Delivery(channel=channel, raw=payload), envelope_id)


def _show(desk: Desk, page: Page, place: int, trouble: Trouble | None = None) -> Response:
    """A step of the form with what was typed so far; a good token is kept, so that one report stays one."""
    trouble = trouble or Trouble(200)
    form, steps, posted = page.form, page.steps, page.posted
    section = steps.asked[place]
    shown = [page.fields[name] for name in section.fields]
    return desk.page(
        "write.html",
        page.language,
        trouble.status,
        form=form,
        section=section,
        place=place,
        count=len(steps.asked),
        last=place + 1 == len(steps.asked),
        shown=shown,
        carried=[one for one in page.fields if one.name not in section.fields and one.data],
        before=steps.before(place, page.language),
        previous=steps.asked[place - 1].name if place else "",
        names_people=any(name in form.fields()._fields for name in PEOPLE),
        token=posted.text("token") if page.token else desk.tokens.issue(form.name),
        said=trouble.said,
        problems=dict(trouble.problems),
        lost_files=bool(posted.files or posted.cut),
        promises=_promises(desk, form, page.language),
        expectation=desk.expectations.of(form.expects, form.access),
        here=f"write/{form.name}",
        form_id="report",
    )


def _promises(desk: Desk, form: PublicForm, language: Language) -> list[tuple[str, str]]:
    """(clock kind, in words) of what this form's category promises; empty while no rules are published."""
    expectation = desk.expectations.of(form.expects, form.access)
    if expectation is None:
        return []
    found = [(kind, expectation.promise(kind)) for kind in SHOWN]
    return [(kind.value, in_words(promised, language)) for kind, promised in found if promised]
