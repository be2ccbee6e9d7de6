"""The pages that only show something: start, what to expect, and the two static files."""

from typing import NamedTuple

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from cases.model.words import Access
from webforms.desk import STATIC, Desk
from webforms.expectations import SHOWN, Expectation, in_words
from webforms.languages import Language, choose


class Group(NamedTuple):
    """Categories that promise the same, under the same protection."""

    promised: tuple[tuple[str, str], ...]
    access: Access
    categories: list[Expectation]


SPAM = "spam"
"""The category that nobody is promised anything in."""


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
        return desk.page("expect.html", language, here="expect", groups=_groups(desk, language))

    @app.get("/static/site.css")
    def sheet() -> Response:
        return Response(desk.stylesheet, mimetype="text/css")

    @app.get("/static/logo")
    def logo() -> Response:
        if not desk.brand.logo:
            raise NotFound
        return Response(desk.brand.logo, mimetype=desk.brand.logo_type)

    @app.get("/static/mark.svg")
    def symbol() -> Response:
        return Response(mark, mimetype="image/svg+xml")


def _groups(desk: Desk, language: Language) -> list[Group]:
    """What is promised under which protection, with the categories that promise just this, in the ruleset's order."""
    groups: dict[tuple[tuple[tuple[str, str], ...], Access], list[Expectation]] = {}
    for one in desk.expectations.all().values():
        if one.category == SPAM:
            continue
        promised = tuple((kind.value, in_words(said, language)) for kind in SHOWN if (said := one.promise(kind)))
        groups.setdefault((promised, one.access), []).append(one)
    return [Group(promised, access, categories) for (promised, access), categories in groups.items()]
