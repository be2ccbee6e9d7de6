"""The exact header set on every answer, no cookie on any, and nobody's name in any log."""

import logging

import pytest
from flask import Response, abort, request, session
from heedtest.sites import changed

from webforms.app import create_app
from webforms.headers import HEADERS, WHO_ASKS, exact

ONION = "http://" + "a" * 56 + ".onion"
ALWAYS = {name.lower() for name, _ in HEADERS}


def check(answer) -> None:
    for name, value in HEADERS:
        assert answer.headers.getlist(name) == [value], (name, answer.status)
    assert {name.lower() for name, _ in answer.headers} - ALWAYS <= {
        "content-type",
        "content-length",
        "location",
        "allow",
        "retry-after",
        *(["www-authenticate"] if answer.status_code == 401 else []),
    }


PAGES = [
    ("GET", "/", 303),
    ("GET", "/en/", 200),
    ("GET", "/en", 200),
    ("HEAD", "/de/", 200),
    ("GET", "/en/expect", 200),
    ("GET", "/en/write/general", 200),
    ("GET", "/en/write/anonymous", 200),
    ("GET", "/en/write/nothing", 404),
    ("POST", "/en/write/general", 422),
    ("GET", "/en/receipt", 200),
    ("POST", "/en/receipt", 403),
    ("GET", "/en/status", 200),
    ("POST", "/en/status", 403),
    ("GET", "/s/x", 200),
    ("GET", "/fr/s/x", 200),
    ("GET", "/en/links", 200),
    ("POST", "/en/links", 422),
    ("GET", "/en/confirm/abc", 200),
    ("POST", "/en/confirm/abc", 200),
    ("GET", "/api/v1/openapi.json", 200),
    ("POST", "/api/v1/submissions", 401),
    ("POST", "/api/v1/messages", 401),
    ("GET", "/api/v1/status", 401),
    ("GET", "/api/v1/nothing", 404),
    ("GET", "/static/logo", 404),
    ("GET", "/static/site.css", 200),
    ("GET", "/static/mark.svg", 200),
    ("GET", "/static/../app.py", 404),
    ("GET", "/xx/", 404),
    ("GET", "/nothing/at/all", 404),
    ("POST", "/en/", 405),
    ("OPTIONS", "/en/", 200),
    ("PUT", "/en/receipt", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), PAGES)
def test_every_answer_has_exactly_these_headers(person, method, path, status):
    answer = person.client.open(path, method=method)
    assert answer.status_code == status
    check(answer)


def test_every_route_is_among_those_pages(world):
    rules = {rule.rule for rule in create_app(world.site).url_map.iter_rules()}
    assert rules == {
        "/",
        "/<code>/",
        "/<code>/expect",
        "/<code>/write/<name>",
        "/<code>/receipt",
        "/<code>/status",
        "/s/<link>",
        "/<code>/s/<link>",
        "/static/site.css",
        "/static/logo",
        "/api/v1/openapi.json",
        "/api/v1/submissions",
        "/api/v1/messages",
        "/api/v1/status",
        "/<code>/links",
        "/<code>/confirm/<letters>",
        "/<code>/live/<letters>",
        "/static/mark.svg",
    }, "a new route needs its line in PAGES"


@pytest.fixture
def faulty(world, helpers):
    """The site with faults planted in it."""
    app = create_app(world.site)
    app.secret_key = "planted"

    @app.route("/en/planted/cookie")
    def cookie():
        session["who"] = "planted"
        answer = Response("x")
        answer.set_cookie("id", "1")
        answer.headers["Server"] = "planted"
        answer.headers["Cache-Control"] = "public"
        return answer

    @app.route("/en/planted/fault/<secret>", methods=["GET", "POST"])
    def fault(secret):
        raise ValueError("somebody wrote: SECRET-WORDS")

    @app.route("/en/planted/abort/<int:code>")
    def gone(code):
        abort(code)

    @app.route("/en/planted/who")
    def who():
        return {name: request.environ[name] for name in WHO_ASKS if name in request.environ}

    return helpers.person(app.test_client())


def test_a_cookie_somebody_plants_does_not_leave(faulty):
    answer = faulty.look("/en/planted/cookie")
    assert answer.status_code == 200
    check(answer)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 413, 418, 429, 500, 503])
def test_error_pages_have_them_too(faulty, code):
    answer = faulty.look(f"/en/planted/abort/{code}")
    assert answer.status_code == code
    check(answer)


def test_a_fault_is_logged_without_content(faulty, caplog):
    caplog.set_level(logging.DEBUG)
    answer = faulty.post("/en/planted/fault/SECRET-PATH", text="SECRET-FIELD")
    assert answer.status_code == 500
    check(answer)
    assert "SECRET" not in answer.text
    said = "\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records)
    assert "ValueError" in said
    assert "SECRET" not in said


def test_a_fault_outside_flask_is_caught_too(world, caplog):
    from werkzeug.test import Client

    from webforms.headers import belted

    def broken(environ, start_response):
        raise RuntimeError("SECRET-WORDS")

    answer = Client(belted(broken)).get("/")
    assert answer.status_code == 500
    check(answer)
    assert "SECRET" not in caplog.text


def test_the_application_never_sees_who_asks(faulty):
    seen = faulty.look(
        "/en/planted/who",
        headers={"User-Agent": "x", "Cookie": "a=b", "X-Forwarded-For": "1.2.3.4", "Referer": "y", "Forwarded": "z"},
        environ_base={"REMOTE_ADDR": "1.2.3.4"},
    )
    assert seen.json == {}


def test_the_onion_address_is_offered_where_it_helps(world, helpers):
    web = world.site.web.model_copy(update={"onion_location": ONION})
    person = helpers.person(create_app(changed(world, web=web)).test_client())
    assert person.look("/en/receipt").headers["Onion-Location"] == f"{ONION}/en/receipt"
    assert person.look("/en/s/SECRETCODE").headers["Onion-Location"] == f"{ONION}/"
    assert "Onion-Location" not in person.look("/en/", headers={"Host": "a" * 56 + ".onion"}).headers


def test_nothing_comes_from_anybody_else_and_nothing_runs(world, person, helpers):
    pages = [person.look(path).text for method, path, status in PAGES if method == "GET" and status == 200]
    pages.append(person.report().text)
    for page in pages:
        assert "<script" not in page
        assert " on" + "click" not in page
        assert "style=" not in page
        outside = [part for part in page.split('"') if part.startswith(("http:", "https:", "//"))]
        assert set(outside) <= {"https://www.wikipedia.org/", "http://www.w3.org/2000/svg"}
        assert len(page.encode()) < 50_000


def test_a_redirect_quotes_no_host(person):
    assert person.look("/", headers={"Host": "evil.example", "Accept-Language": "de"}).headers["Location"] == "/de/"


def test_exact_leaves_out_what_is_not_allowed():
    assert exact([("Set-Cookie", "a"), ("Content-Type", "text/html")])[:1] == [("Content-Type", "text/html")]
    assert "set-cookie" not in {name.lower() for name, _ in exact([("Set-Cookie", "a")])}
