"""Filling in a form and sending it: stored before anything is shown, sent twice is stored once."""

from dataclasses import dataclass

from flask import Flask, Response
from werkzeug.exceptions import NotFound

from cases.errors import TryLater
from cases.keys.links import LinkReader, receipt_reader
from cases.model.codes import show_receipt
from gateway.inbox.envelope import Delivery
from webforms.bodies import Posted
from webforms.definition import FormFields, PublicForm, check_files
from webforms.desk import Desk
from webforms.expectations import SHOWN, in_words
from webforms.languages import Language
from webforms.payload import Filled, encode
from webforms.tokens import FormToken

COMMON = frozenset({"name", "email", "subject", "text"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a form comes back: an HTTP status, a sentence for its top, and errors by field (both keys of `texts/`)."""

    status: int
    said: str = ""
    problems: tuple[tuple[str, str], ...] = ()


def add_to(app: Flask, desk: Desk) -> None:
    """Add the routes."""

    @app.get("/<code>/write/<name>")
    def write(code: str, name: str) -> Response:
        language, form = desk.language(code), _form(desk, name)
        if not desk.is_open(form):
            return desk.page("shut.html", language, here=f"write/{name}")
        return _show(desk, language, form, form.fields(), Posted({}))

    @app.post("/<code>/write/<name>")
    def sent(code: str, name: str) -> Response:
        language, form = desk.language(code), _form(desk, name)
        posted = desk.posted()
        filled = form.fields.filled_with(posted)
        token = desk.tokens.read(form.name, posted.text("token"))
        if posted.text("do") == "language":
            return _show(desk, language, form, filled, posted, keep=token is not None)
        trouble = _trouble(desk, form, filled, posted, token)
        if trouble is not None or token is None:
            return _show(desk, language, form, filled, posted, trouble=trouble, keep=token is not None)
        return _store(desk, language, form, filled, posted, token)


def _form(desk: Desk, name: str) -> PublicForm:
    if name not in desk.forms:
        raise NotFound
    return desk.forms[name]


def _trouble(
    desk: Desk, form: PublicForm, filled: FormFields, posted: Posted, token: FormToken | None
) -> Trouble | None:
    """What keeps a form from being stored, the person's own slips last."""
    if not desk.is_open(form):
        return Trouble(503, "form.shut_meanwhile")
    if posted.cut:
        return Trouble(*((413, "error.too_large") if posted.cut == "large" else (503, "error.busy")))
    problems = {} if filled.validate() else filled.errors_by_field()
    if too_many := check_files(posted.files, desk.site.web.max_files):
        problems["files"] = too_many
    if problems:
        return Trouble(422, "", tuple(problems.items()))
    return Trouble(409, "error.expired") if token is None else None


def _store(
    desk: Desk, language: Language, form: PublicForm, filled: FormFields, posted: Posted, token: FormToken
) -> Response:
    data: dict[str, str] = filled.data
    said = Filled(
        form=form.name,
        language=language.code,
        text=data["text"],
        name=data.get("name") or "",
        email=data.get("email") or "",
        subject=data.get("subject") or "",
        fields={name: value or "" for name, value in data.items() if name not in COMMON},
        files=posted.files,
    )
    receipt, reader = "", None
    if form.anonymous or not said.email:  # without an address the receipt is the only way back
        receipt = desk.tokens.receipt(token)
        reader = receipt_reader(receipt, desk.site.pepper)
    try:
        reference = _put(desk, form, said, token, reader)
    except TryLater:
        return _show(desk, language, form, filled, posted, trouble=Trouble(503, "error.try_later"), keep=True)
    return desk.page(
        "sent.html",
        language,
        form=form,
        receipt=show_receipt(receipt) if receipt else "",
        reference="" if form.anonymous else reference,
        email=said.email,
        promises=_promises(desk, form, language),
    )


def _put(desk: Desk, form: PublicForm, said: Filled, token: FormToken, reader: LinkReader | None) -> str:
    payload = encode(said, reader=reader)
    envelope_id = desk.tokens.envelope_id(token, payload, reader.lookup if reader else "")
    return desk.store(Delivery(channel=form.channel, raw=payload), envelope_id)


def _show(
    desk: Desk,
    language: Language,
    form: PublicForm,
    filled: FormFields,
    posted: Posted,
    *,
    trouble: Trouble | None = None,
    keep: bool = False,
) -> Response:
    """The form with what was typed so far. `keep` keeps its token, so that one report stays one."""
    trouble = trouble or Trouble(200)
    return desk.page(
        "write.html",
        language,
        trouble.status,
        form=form,
        fields=filled,
        token=posted.text("token") if keep else desk.tokens.issue(form.name),
        said=trouble.said,
        problems=dict(trouble.problems),
        lost_files=bool(posted.files or posted.cut),
        promises=_promises(desk, form, language),
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
