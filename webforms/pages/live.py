"""The line on a status page that looks for news by itself: a small framed page that reloads, and opens nothing."""

from contextlib import suppress

from flask import Flask, Response

from cases.errors import TryLater
from webforms.desk import Desk

LOOKS_EVERY = "4"
"""Seconds after which it looks again: news is shown within five."""


def add_to(app: Flask, desk: Desk) -> None:
    """Add the route."""

    @app.get("/<code>/live/<letters>")
    def live(code: str, letters: str) -> Response:
        language, watched, pulse = desk.language(code), desk.tokens.watched(letters), None
        if watched:
            with suppress(TryLater):  # it looks again in seconds
                pulse = desk.site.record.pulse("status", watched[0])
        news = bool(watched and pulse and pulse.mark != watched[1])
        response = desk.page("live.html", language, watching=bool(watched), news=news, pulse=pulse)
        if watched:
            response.headers["Refresh"] = LOOKS_EVERY
        return response
