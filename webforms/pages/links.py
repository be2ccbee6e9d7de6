"""Getting links anew, all of one's open cases in one mail; and confirming a change at the directory's address.

Neither page says whether there is anything: the answer is the same for every address and every token.
"""

import re

from flask import Flask, Response

from cases.errors import TryLater
from cases.model.acts import ActKind, ReporterAct
from cases.model.words import Channel
from gateway.inbox.envelope import Delivery
from webforms.definition import FormFields
from webforms.desk import Desk
from webforms.fields import email_address
from webforms.languages import Language
from webforms.payload import Filled, encode
from webforms.tokens import FormToken

FORM = "links"
_TOKEN = re.compile(r"[a-z2-7]{20,80}", re.IGNORECASE)


class Address(FormFields):
    """Whose links."""

    email = email_address(required=True)


def add_to(app: Flask, desk: Desk) -> None:
    """Add the routes."""

    @app.get("/<code>/links")
    def ask_links(code: str) -> Response:
        return _ask(desk, desk.language(code), Address())

    @app.post("/<code>/links")
    def send_links(code: str) -> Response:
        language, posted = desk.language(code), desk.posted()
        fields = Address.filled_with(posted)
        token = desk.tokens.read(FORM, posted.text("token"))
        if posted.text("do") == "language" or not fields.validate():
            status = 200 if posted.text("do") == "language" else 422
            return _ask(desk, language, fields, status=status)
        if token is None:
            return _ask(desk, language, fields, status=409, said="error.expired")
        if desk.asking.failed():
            return _ask(desk, language, fields, status=429, said="links.throttled")
        act = ReporterAct(ActKind.MY_CASES, address=str(fields.email.data))
        if not _put(desk, language, token, act):
            return _ask(desk, language, fields, status=503, said="error.try_later")
        return desk.page("links.html", language, fields=fields, sent=True, said="", token="")

    @app.get("/<code>/confirm/<letters>")
    def ask_confirm(code: str, letters: str) -> Response:
        return desk.page("confirm.html", desk.language(code), letters=letters[:80], done=False)

    @app.post("/<code>/confirm/<letters>")
    def confirm(code: str, letters: str) -> Response:
        language = desk.language(code)
        desk.posted()
        token = desk.tokens.fresh()
        good = _TOKEN.fullmatch(letters) is not None and not desk.asking.failed()
        stored = _put(desk, language, token, ReporterAct(ActKind.CONFIRM, token=letters)) if good else True
        said = "" if stored else "error.record_away"
        return desk.page("confirm.html", language, 200 if stored else 503, letters=letters[:80], done=stored, said=said)


def _ask(desk: Desk, language: Language, fields: FormFields, *, status: int = 200, said: str = "") -> Response:
    return desk.page(
        "links.html",
        language,
        status,
        fields=fields,
        problems=fields.errors_by_field(),
        sent=False,
        said=said,
        token=desk.tokens.issue(FORM),
        here="links",
    )


def _put(desk: Desk, language: Language, token: FormToken, act: ReporterAct) -> bool:
    payload = encode(Filled(FORM, language.code, ""), act=act)
    try:
        desk.store(Delivery(Channel.FORM, payload), desk.tokens.envelope_id(token, payload))
    except TryLater:
        return False
    return True
