"""The pages that only show something: start, what to expect, and the two static files."""

from flask import Flask, Response, request

from webforms.desk import STATIC, Desk
from webforms.expectations import SHOWN, Expectation, in_words
from webforms.languages import Language, choose


def add_to(app: Flask, desk: Desk) -> None:
    """Add the routes."""
    mark = (STATIC / "mark.svg").read_bytes()

    @app.get("/")
    def front() -> Response:
        code = choose(request.headers.get("Accept-Language", ""), desk.languages)
        return Response(status=303, headers=[("Location", f"/{code}/")])

    @app.get("/<code>/")
    def start(code: str) -> Response:
        language = desk.language(code)
        return desk.page("start.html", language, here="", anonymous_open=desk.site.anonymous_open())

    @app.get("/<code>/expect")
    def expect(code: str) -> Response:
        language = desk.language(code)
        found = desk.expectations.all().values()
        kinds = [kind for kind in SHOWN if any(one.promise(kind) for one in found)]
        rows = [
            (one.title(language), one.readers(language), [_words(one, kind, language) for kind in kinds])
            for one in found
        ]
        return desk.page("expect.html", language, here="expect", kinds=kinds, rows=rows)

    @app.get("/static/site.css")
    def sheet() -> Response:
        return Response(desk.stylesheet, mimetype="text/css")

    @app.get("/static/mark.svg")
    def symbol() -> Response:
        return Response(mark, mimetype="image/svg+xml")


def _words(expectation: Expectation, kind: str, language: Language) -> str:
    promised = expectation.promise(kind)
    return in_words(promised, language) if promised else ""
