"""Coming back by receipt. It travels in POST bodies only; whatever is not a right one gets one and the same answer."""

from flask import Flask, Response

from cases.errors import TryLater
from cases.keys.links import receipt_reader
from cases.model.codes import RECEIPT_RANDOM, read_receipt
from webforms.bodies import Posted
from webforms.desk import Desk
from webforms.languages import Language
from webforms.pages.dialogue import answer
from webforms.pages.visit import Visit, open_visit

NOBODYS = "0" * (RECEIPT_RANDOM + 1)
"""A well-formed receipt that stands in for what is none, so that both are looked up alike. Its odds are anyone's."""

LONGEST = 200
"""Characters of a receipt that are looked at."""


def add_to(app: Flask, desk: Desk) -> None:
    """Add the routes."""

    @app.get("/<code>/receipt")
    def ask_receipt(code: str) -> Response:
        return _ask(desk, desk.language(code))

    @app.post("/<code>/receipt")
    def come_back(code: str) -> Response:
        language, posted = desk.language(code), desk.posted()
        try:
            found = _visit(desk, posted)
        except TryLater:
            return _ask(desk, language, status=503, said="error.record_away")
        if found is None:
            return _wrong(desk, language)
        return answer(desk, language, found, posted)


def _visit(desk: Desk, posted: Posted) -> Visit | None:
    code = read_receipt(posted.text("receipt")[:LONGEST])
    for pepper in (desk.site.pepper, *desk.site.older_peppers):
        found = open_visit(desk, receipt_reader(code or NOBODYS, pepper), code, "receipt")
        if code and found.known:
            return found
    return None


def _wrong(desk: Desk, language: Language) -> Response:
    if desk.limiter.failed():
        return _ask(desk, language, status=429, said="receipt.throttled")
    return _ask(desk, language, status=403, said="receipt.wrong")


def _ask(desk: Desk, language: Language, *, status: int = 200, said: str = "") -> Response:
    return desk.page("receipt.html", language, status, said=said, here="receipt")
