"""Access tokens: asked for as each kind of grant demands, kept while they hold, renewed in time, never quoted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from heedtest.token_endpoint import TokenEndpoint, token_endpoint
from joserfc import jwt
from joserfc.jwk import RSAKey

from cases.errors import Refused, TryLater
from gateway.oauth import Grant, Tokens


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    with token_endpoint() as running:
        yield running


def tokens(endpoint: TokenEndpoint, folder: Path, clock: Clock | None = None, **grant: Any) -> Tokens:
    whole = Grant(token_url=f"{endpoint.url}/token", scope="mail", user="hr@acme.example", client_id="app", **grant)
    return Tokens(whole, clock=clock or Clock(), wall=lambda: 1_800_000_000.0, kept_in=folder / "imap-hr.token")


def test_an_application_asks_with_its_secret_and_again_shortly_before_the_end(
    endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    clock = Clock()
    mine = tokens(endpoint, tmp_path, clock, client_secret="secret")
    assert mine.token() == mine.token() == "token-1"
    clock.seconds += 3600 - 301
    assert mine.token() == "token-1"
    clock.seconds += 2
    assert mine.token() == "token-2"
    assert not mine.forget()
    assert mine.token() == "token-3"
    asked = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "secret", "scope": "mail"}
    assert endpoint.asked == [asked] * 3


def test_a_refresh_token_that_is_renewed_is_kept_for_the_next_start(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    endpoint.renews_to = "second"
    tokens(endpoint, tmp_path, refresh_token="first").token()
    tokens(endpoint, tmp_path, refresh_token="first").token()
    tokens(endpoint, tmp_path, refresh_token="given anew").token()
    assert [asked["refresh_token"] for asked in endpoint.asked] == ["first", "second", "given anew"]
    assert (tmp_path / "imap-hr.token").stat().st_mode & 0o077 == 0


def test_a_service_account_signs_for_the_mailbox(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048)
    file = tmp_path / "account.json"
    file.write_text(json.dumps({"client_email": "heed@acme.example", "private_key": key.as_pem(private=True).decode()}))
    tokens(endpoint, tmp_path, service_account_file=file).token()
    (asked,) = endpoint.asked
    assert asked["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    claims = jwt.decode(asked["assertion"], key, algorithms=["RS256"]).claims
    assert claims == {
        "iss": "heed@acme.example",
        "sub": "hr@acme.example",
        "scope": "mail",
        "aud": f"{endpoint.url}/token",
        "iat": 1_800_000_000,
        "exp": 1_800_003_600,
    }
    file.write_text("{}")
    with pytest.raises(Refused, match="key file"):
        tokens(endpoint, tmp_path, service_account_file=file).token()


def test_a_refusal_names_its_code_and_quotes_nothing(endpoint: TokenEndpoint, tmp_path: Path) -> None:
    endpoint.refuses = "invalid_client"
    with pytest.raises(Refused, match=r"400 invalid_client$"):
        tokens(endpoint, tmp_path, client_secret="secret").token()
    endpoint.refuses = "<script> secret"
    with pytest.raises(Refused, match=r"answered 400$"):
        tokens(endpoint, tmp_path, client_secret="secret").token()


def test_an_endpoint_that_is_away_is_asked_again_later_and_never_in_the_clear(tmp_path: Path) -> None:
    with pytest.raises(TryLater, match="cannot be reached"):
        tokens(TokenEndpoint("http://127.0.0.1:9"), tmp_path, client_secret="secret").token()
    with pytest.raises(Refused, match="https"):
        tokens(TokenEndpoint("http://login.example"), tmp_path, client_secret="secret").token()
