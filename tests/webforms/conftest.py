"""A site with real databases for every test, and a person who fills in its forms."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from heedtest.sites import World, make_world, multipart
from werkzeug.test import TestResponse

from webforms.app import create_app


class Person:
    """Somebody with a browser that keeps nothing."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def look(self, path: str, **more) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, files: dict[str, bytes] | None = None, **fields: str) -> TestResponse:
        kind, body = multipart(fields, files)
        return self.client.post(path, data=body, content_type=kind)

    def report(
        self, text: str = "Something happened.", form: str = "anonymous", lang: str = "en", **more
    ) -> TestResponse:
        token = token_of(self.look(f"/{lang}/write/{form}"))
        return self.post(f"/{lang}/write/{form}", **({"token": token, "text": text} | more))

    def open(self, receipt: str, lang: str = "en", **more) -> TestResponse:
        return self.post(f"/{lang}/receipt", receipt=receipt, **more)


def token_of(page: TestResponse) -> str:
    return re.search(r'name="token" value="(\w+)"', page.text)[1]


def receipt_of(page: TestResponse) -> str:
    return re.search(r'name="receipt" value="([\w-]+)"', page.text)[1]


def step_of(page: TestResponse) -> str:
    return re.search(r'name="step" value="(\w+)"', page.text)[1]


def words_of(page: TestResponse) -> str:
    """What a person reads: no tags, no entities, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path)
    yield made
    made.close()


@pytest.fixture
def person(world: World) -> Person:
    return Person(create_app(world.site).test_client())


@pytest.fixture
def helpers():
    """The readers of pages above, for tests that cannot import a conftest."""

    class Helpers:
        token, receipt, words, person, step = map(staticmethod, (token_of, receipt_of, words_of, Person, step_of))

    return Helpers
