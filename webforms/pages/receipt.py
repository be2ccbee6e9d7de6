"""Coming back by receipt. It travels in POST bodies only; whatever is not a right one gets one and the same answer."""

from flask import Flask, Response

from cases.errors import TryLater
from webforms.desk import Desk
from webforms.languages import Language
from webforms.pages.dialogue import answer
from webforms.pages.visit import by_receipt


def add_to(app: Flask, desk: Desk) -> None:
    """Add the routes."""

    @app.get("/<code>/receipt")
    def ask_receipt(code: str) -> Response:
        return _ask(desk, desk.language(code))

    @app.post("/<code>/receipt")
    def come_back(code: str) -> Response:
        language, posted = desk.language(code), desk.posted()
        try:
            found = by_receipt(desk, posted.text("receipt"))
        except TryLater:
            return _ask(desk, language, status=503, said="error.record_away")
        if found is None:
            return _wrong(desk, language)
        return answer(desk, language, found, posted)


def _wrong(desk: Desk, language: Language) -> Response:
    if desk.limiter.failed():
        return _ask(desk, language, status=429, said="receipt.throttled")
    return _ask(desk, language, status=403, said="receipt.wrong")


def _ask(desk: Desk, language: Language, *, status: int = 200, said: str = "") -> Response:
    return desk.page("receipt.html", language, status, said=said, here="receipt")
