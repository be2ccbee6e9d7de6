"""Coming back by the link in the acknowledgement.

GET never opens anything: mail scanners follow links, and some publish what they see. The linked page looks nothing up and
is the same for every code; its one button posts the code, and from then on no address carries it.
"""

from urllib.parse import quote

from flask import Flask, Response, request

from cases.errors import TryLater
from webforms.desk import Desk
from webforms.languages import Language, choose
from webforms.pages.acts import renew
from webforms.pages.dialogue import answer
from webforms.pages.visit import LONGEST, by_link, has_expired


def add_to(app: Flask, desk: Desk) -> None:
    """Add the routes."""

    @app.get("/s/<link>")
    def linked(link: str) -> Response:
        code = choose(request.headers.get("Accept-Language", ""), desk.languages)
        return _ask(desk, desk.languages[code], link=link)

    @app.get("/<code>/s/<link>")
    def linked_in_language(code: str, link: str) -> Response:
        return _ask(desk, desk.language(code), link=link)

    @app.get("/<code>/status")
    def ask_link(code: str) -> Response:
        return _ask(desk, desk.language(code))

    @app.post("/<code>/status")
    def follow(code: str) -> Response:
        language, posted = desk.language(code), desk.posted()
        try:
            found = by_link(desk, posted.text("receipt"))
        except TryLater:
            return _ask(desk, language, status=503, said="error.record_away", link=posted.text("receipt"))
        if found is None:
            throttled = desk.limiter.failed()
            status, said = (429, "receipt.throttled") if throttled else (403, "status.wrong")
            return _ask(desk, language, status=status, said=said)
        if has_expired(desk, found):
            done = renew(desk, language, found) if posted.text("do") == "renew" else None
            return desk.page("expired.html", language, 200 if done else 403, visit=found, done=done)
        return answer(desk, language, found, posted)


def _ask(desk: Desk, language: Language, *, status: int = 200, said: str = "", link: str = "") -> Response:
    here = f"s/{quote(link[:LONGEST], safe='')}" if link else "status"
    return desk.page("status.html", language, status, said=said, link=link[:LONGEST], here=here)
