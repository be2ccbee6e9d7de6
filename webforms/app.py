"""The public site as a Flask application: everything it needs is handed in, nothing is global."""

import logging
import sys
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException

from webforms.api import calls
from webforms.desk import Desk
from webforms.headers import belted
from webforms.languages import Language, choose
from webforms.pages import links, live, plain, receipt, send, status
from webforms.site import Site

log = logging.getLogger("heed.web")

EXPLAINED = frozenset({400, 404, 405, 413, 500})
"""Answers that have words of their own in `texts/`; others are said as 400."""


class MemoryRequest(Request):
    """A request whose files stay in memory, should anything ever read them by way of Werkzeug, which would spool them."""

    def _get_file_stream(self, *_arguments: object, **_named: object) -> IO[bytes]:
        return BytesIO()


class PublicSite(Flask):
    """Flask without its own file folder, and with a log that quotes nobody."""

    request_class = MemoryRequest

    def log_exception(self, exc_info: Any) -> None:
        """The kind of a fault and where in our code it is; its words may quote what somebody wrote."""
        kind, _, trace = exc_info
        while trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        log.error("fault while answering: %s at %s", kind.__name__, place)


def create_app(site: Site) -> Flask:
    """The site. Raises Refused when a configured language is unknown or incomplete."""
    desk = Desk.of(site)
    app = PublicSite("webforms", static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False  # a redirect would quote the Host header
    for pages in (plain, send, receipt, status, live, links, calls):
        pages.add_to(app, desk)
    app.register_error_handler(HTTPException, lambda error: _explain(desk, error))
    app.register_error_handler(Exception, lambda error: _fault(app, desk, error))
    app.wsgi_app = belted(app.wsgi_app, site.web.onion_location)  # type: ignore[method-assign, assignment]
    return app


def _explain(desk: Desk, error: HTTPException) -> Response:
    """An error page in the path's language. Redirects pass as they are."""
    code = error.code or 500
    if code < 400:
        return Response(status=code, headers=[("Location", error.get_response().headers.get("Location", "/"))])
    shown = code if code in EXPLAINED else 400
    if request.path.startswith(calls.PREFIX):
        response = calls.problem(code, spoken(desk).say(f"error.page.{shown}"))
    else:
        response = desk.page("error.html", spoken(desk), code, code=shown)
    if code == 405 and "Allow" in (headers := dict(error.get_headers())):
        response.headers["Allow"] = headers["Allow"]
    return response


def _fault(app: Flask, desk: Desk, error: Exception) -> Response:
    app.log_exception(sys.exc_info())
    if request.path.startswith(calls.PREFIX):
        return calls.problem(500, spoken(desk).say("error.page.500"))
    return desk.page("error.html", spoken(desk), 500, code=500)


def spoken(desk: Desk) -> Language:
    """The language of the path, else what the browser asks for."""
    code = request.path.split("/")[1] if "/" in request.path else ""
    if code not in desk.languages:
        code = choose(request.headers.get("Accept-Language", ""), desk.languages)
    return desk.languages[code]
