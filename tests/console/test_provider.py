"""Signing in through a provider, against a real one in small: it says who somebody is, and a passphrase opens the vault."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from heedtest.offices import FIRST, OWN, Office, token_in
from joserfc import jwt
from joserfc.jwk import RSAKey

from console.app import create_app
from gateway.settings.doors import Oidc

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


@dataclass
class FakeProvider:
    """An OpenID provider: discovery, keys, authorisation, tokens. `who` is whoever is signed in there."""

    issuer: str = ""
    who: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey = field(default_factory=lambda: KEY)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any], str]:
        if path == "/.well-known/openid-configuration":
            return 200, self.metadata(), ""
        if path == "/keys":
            return 200, {"keys": [KEY.as_dict(private=False)]}, ""
        if path == "/authorize":
            code = secrets.token_hex(8)
            self.codes[code] = form
            return 302, {}, f"{form['redirect_uri']}?{urlencode({'code': code, 'state': form['state']})}"
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or not form.get("code_verifier"):
            return 400, {"error": "invalid_grant"}, ""
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token(asked)}, ""

    def metadata(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {
            "issuer": self.issuer,
            **{name: f"{self.issuer}/{path}" for name, path in places.items()},
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": asked["client_id"], "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        return jwt.encode({"alg": "RS256", "kid": "one"}, {**said, **self.who, **self.claims}, self.signs_with)


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def reply(self, query: str) -> None:
            form = {name: values[0] for name, values in parse_qs(query).items()}
            status, body, location = fake.answer(urlsplit(self.path).path, form)
            raw = json.dumps(body).encode()
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    fake.who = {"sub": "u-1", "email": "pia@acme.example", "email_verified": True}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk(office: Office, provider: FakeProvider) -> Office:
    """An office whose console knows the provider."""
    oidc = Oidc(issuer=provider.issuer, client_id="heed", client_secret="s", name="Acme ID")
    office.desk = replace(office.desk, oidc=oidc)
    office.app = create_app(office.desk)
    return office


def go_there(desk: Office, provider: FakeProvider) -> tuple[Any, str]:
    """Click the link, be signed in over there, and be sent back: the browser, and the path one comes back to."""
    browser = desk.browser()
    away = browser.get("/sign-in/provider")
    assert away.status_code == 302
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.location).query).items()}
    assert asked["code_challenge_method"] == "S256"
    _, _, back = provider.answer("/authorize", asked)
    there = urlsplit(back)
    return browser, f"{there.path}?{there.query}"


def come_in(desk: Office, provider: FakeProvider, passphrase: str) -> Any:
    browser, back = go_there(desk, provider)
    answer = browser.get(back)
    assert answer.location == "/sign-in/passphrase", answer.text
    page = browser.get("/sign-in/passphrase")
    answer = browser.client.post("/sign-in/passphrase", data={"passphrase": passphrase, "csrf_token": token_in(page)})
    return browser, answer


def test_the_provider_and_the_passphrase_together_let_somebody_in(desk: Office, provider: FakeProvider) -> None:
    assert "Acme ID" in desk.browser().get("/sign-in").text
    browser, answer = come_in(desk, provider, FIRST.format("pia@acme.example"))
    assert answer.status_code == 303
    own = OWN.format("pia@acme.example")
    page = browser.get("/account/password")
    data = {"old": FIRST.format("pia@acme.example"), "new": own, "again": own, "csrf_token": token_in(page)}
    assert browser.client.post("/account/password", data=data).status_code == 303
    assert browser.get("/cases").status_code == 200
    assert "person.signed_in" in [verb for verb, _, _ in desk.events()]
    again, answer = come_in(desk, provider, own)
    assert answer.status_code == 303
    assert again.get("/cases").status_code == 200


def test_without_the_passphrase_the_provider_alone_opens_nothing(desk: Office, provider: FakeProvider) -> None:
    browser, answer = come_in(desk, provider, "wrong")
    assert answer.status_code == 422
    assert browser.get("/cases").location == "/sign-in"


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"email": "nobody@acme.example"}, 409),
        ({"email_verified": False}, 409),
        ({"sub": ""}, 409),
        ({"aud": "another"}, 409),
        ({"iss": "https://elsewhere.example"}, 409),
        ({"nonce": "another"}, 409),
        ({"exp": 1}, 409),
    ],
)
def test_whoever_it_is_not_stays_outside(
    desk: Office, provider: FakeProvider, claims: dict[str, Any], status: int
) -> None:
    provider.claims = claims
    browser, back = go_there(desk, provider)
    assert browser.get(back).status_code == status
    assert browser.get("/cases").location == "/sign-in"


def test_a_token_signed_by_somebody_else_proves_nothing(desk: Office, provider: FakeProvider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    browser, back = go_there(desk, provider)
    assert browser.get(back).status_code == 409


def test_an_answer_that_nobody_asked_for_is_refused(desk: Office, provider: FakeProvider) -> None:
    _, back = go_there(desk, provider)
    assert desk.browser().get(back).status_code == 409


def test_an_address_that_passed_to_somebody_else_at_the_provider_lets_nobody_in(
    desk: Office, provider: FakeProvider
) -> None:
    """Who signed in once is bound to the provider's own name for them; the address alone may be given away."""
    _, answer = come_in(desk, provider, FIRST.format("pia@acme.example"))
    assert answer.status_code == 303
    provider.who["sub"] = "u-2"
    browser, back = go_there(desk, provider)
    assert browser.get(back).status_code == 409


def test_the_way_back_asks_once_more_from_our_own_page(desk: Office, provider: FakeProvider) -> None:
    """The cookie is SameSite=Strict: it does not come along from the provider's site."""
    _, back = go_there(desk, provider)
    answer = desk.browser().client.get(back, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_where_only_the_provider_is_wanted_a_password_alone_is_not_asked_for(
    desk: Office, provider: FakeProvider
) -> None:
    desk.app = create_app(replace(desk.desk, oidc=desk.desk.oidc.model_copy(update={"only": True})))
    page = desk.browser().get("/sign-in")
    assert 'name="password"' not in page.text
