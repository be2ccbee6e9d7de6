"""The public site in front of an office: what staff do is seen by reporters, and the other way round."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cases.store.engine import open_database, sqlite_url
from gateway.settings.doors import Web
from gateway.settings.organisation import Organisation
from heedtest.offices import PEPPER, Office
from heedtest.sites import multipart
from webforms.app import create_app
from webforms.record import StoredRecord
from webforms.site import Site


@contextmanager
def front(office: Office) -> Iterator[FlaskClient]:
    """A browser before the public site that stores into this office and shows its cases."""
    record = StoredRecord(*(open_database(sqlite_url(office.home / name)) for name in ("inbox.db", "record.db")))
    site = Site(
        inbox=office.desk.door,
        record=record,
        web=Web.model_validate({"host": "127.0.0.1", "port": 0}),
        organisation=Organisation(),
        pepper=PEPPER,
        form_key=b"f" * 32,
        now=office.shop.now,
        random_bits=secrets.randbits,
        anonymous_open=lambda: True,
    )
    yield create_app(site).test_client()
    record.close()


def visit(public: FlaskClient, receipt: str, **fields: str) -> TestResponse:
    """The page that a receipt opens, or what a button of it does."""
    kind, body = multipart({"receipt": receipt, **fields})
    return public.post("/en/receipt", data=body, content_type=kind)
