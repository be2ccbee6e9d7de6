"""The staff site as a Flask application: everything it needs is handed in, nothing is global."""

import logging
import sys
from io import BytesIO
from pathlib import Path
from traceback import walk_tb
from typing import IO, Any

from flask import Flask, Request, Response, g, render_template, send_from_directory
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, NotFound

from cases.errors import Refused, TryLater
from cases.store.sight import NO_SUCH_CASE
from console import pages, policy
from console.desk import Desk
from console.headers import dressed
from console.rooms import Room
from console.sessions import MemorySessions
from console.template_words import add_words
from gateway.design.sheets import stylesheet

log = logging.getLogger("heed.console")
STATIC = Path(__file__).parent / "static"
FILES = frozenset({"mark.svg", "console.js"})
MOST_BYTES = 4 * 1024 * 1024
"""Of a posted form: a ruleset is the largest thing anybody sends here."""


class StaffRequest(Request):
    """A request whose files stay in memory: what is uploaded here never touches the disk in the clear."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


class StaffSite(Flask):
    """Flask with a log that quotes nobody."""

    request_class = StaffRequest

    def log_exception(self, exc_info: Any) -> None:
        """The kind of a fault and where it is; its words may quote content."""
        kind, _, trace = exc_info
        places = [(frame.f_globals.get("__name__", "?"), line) for frame, line in walk_tb(trace)]
        ours = next((place for place in reversed(places) if str(place[0]).startswith("console")), places[-1])
        log.error("fault while answering: %s at %s:%d, by %s:%d", kind.__name__, *places[-1], *ours)


def create_app(desk: Desk) -> Flask:
    """The site. Raises RuntimeError when a route declares no policy."""
    app = StaffSite("console", static_folder=None, root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY=desk.random_bytes(32),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which we tell browsers not to send
        WTF_I18N_ENABLED=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    room = Room.of(desk)
    app.session_interface = MemorySessions(room.sessions, secure=desk.secure)
    CSRFProtect(app)
    add_words(app, room)
    _static(app)
    for add_to in pages.ALL:
        add_to(app, room)
    policy.enforce(app, room)
    _errors(app)
    app.after_request(lambda response: dressed(response, secure=desk.secure))
    return app


def _static(app: Flask) -> None:
    sheet = stylesheet(STATIC / "console.css")

    @app.get("/static/<name>")
    @policy.allowed(policy.ANYONE)
    def static(name: str) -> Response:
        if name == "console.css":
            return Response(sheet, mimetype="text/css")
        if name not in FILES:
            raise NotFound
        return send_from_directory(STATIC, name)


def _errors(app: Flask) -> None:
    """Error pages say what happened in words, and the same for what is not there and what is not theirs."""

    @app.errorhandler(CSRFError)
    def out_of_date(_error: CSRFError) -> tuple[str, int]:
        return _said(
            400, "This form is out of date", "Your session ended, or the page was open too long. Load it again."
        )

    @app.errorhandler(Refused)
    def refused(error: Refused) -> tuple[str, int]:
        if str(error) == NO_SUCH_CASE:
            return _not_found()
        words = str(error)
        return _said(409, "That cannot be done", words[:1].upper() + words[1:] + ("" if words.endswith(".") else "."))

    @app.errorhandler(TryLater)
    def later(error: TryLater) -> tuple[str, int]:
        log.warning("later: %s", error)
        return _said(503, "Not right now", "The database is busy. Nothing was changed. Try again in a moment.")

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> tuple[str, int] | Response:
        if (error.code or 500) < 400:
            return error.get_response()  # type: ignore[return-value]
        if error.code == 404:
            return _not_found()
        if error.code == 413:
            return _said(413, "That is too large", "A form may hold 4 MB, a file for the evidence 15 MB.")
        return _said(error.code or 500, "That did not work", "The request could not be read.")

    @app.errorhandler(Exception)
    def fault(_error: Exception) -> tuple[str, int]:
        app.log_exception(sys.exc_info())
        return _said(500, "Something went wrong here", "The fault was written to the log. Nothing you see is lost.")


def _not_found() -> tuple[str, int]:
    return _said(404, "There is nothing here", "It does not exist, or not for you.")


def _said(code: int, title: str, words: str) -> tuple[str, int]:
    return render_template("error.html", title=title, words=words, viewer=g.get("viewer")), code
