"""Access tokens for XOAUTH2 (RFC 6749): as an application, for a person by refresh token, or as a service account."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from cases.durable import move_into_place
from cases.errors import Refused, TryLater
from gateway.settings.xoauth import TokenSource

RENEW_BEFORE = 300.0
"""Seconds before its end in which a token is no longer used."""
USUAL_LIFE = 3600.0
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
"""RFC 7523 2.1."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What entitles us to tokens. `user` is whom a service account acts for."""

    token_url: str
    scope: str
    user: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    service_account_file: Path | None = None


def grant_of(source: TokenSource, user: str, home: Path) -> Grant:
    """What the settings entitle us to; a service account's file is named in the home, or by its whole path."""
    account = source.service_account_file
    return Grant(
        token_url=source.tokens_from,
        scope=source.token_scope,
        user=user,
        client_id=source.client_id,
        client_secret=source.client_secret.get_secret_value(),
        refresh_token=source.refresh_token.get_secret_value(),
        service_account_file=home / account if account else None,
    )


class Tokens:
    """The current token of one grant, renewed in time. `clock` gives seconds of a clock that only goes forward."""

    def __init__(self, grant: Grant, *, clock: Callable[[], float], wall: Callable[[], float], kept_in: Path) -> None:
        """`kept_in` is the file where a refresh token that the provider renews is kept; `wall` gives Unix time."""
        self._grant, self._clock, self._wall, self._kept_in = grant, clock, wall, kept_in
        self._token, self._until, self._served = "", 0.0, 0

    def token(self) -> str:
        """A token that holds for some minutes yet. Raises `TryLater`, or `Refused` when the provider refuses for good."""
        if not self._token or self._clock() >= self._until:
            answer = self._ask(self._question())
            self._token, self._served = str(answer["access_token"]), 0
            life = float(answer.get("expires_in") or USUAL_LIFE)
            self._until = self._clock() + max(life - RENEW_BEFORE, life / 2)
            if renewed := str(answer.get("refresh_token") or ""):
                self._keep(renewed)
        self._served += 1
        return self._token

    def forget(self) -> bool:
        """The server did not believe the token: the next one is new. True when it had been believed, or might have been."""
        served_before, self._token, self._served = self._served > 1, "", 0
        return served_before

    def _question(self) -> dict[str, str]:
        grant = self._grant
        asked = {"client_id": grant.client_id, "client_secret": grant.client_secret, "scope": grant.scope}
        if grant.service_account_file is not None:
            return {"grant_type": JWT_BEARER, "assertion": self._assertion(grant.service_account_file)}
        if grant.refresh_token:
            asked |= {"grant_type": "refresh_token", "refresh_token": self._kept()}
        else:
            asked["grant_type"] = "client_credentials"
        return {name: value for name, value in asked.items() if value}

    def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        url = urlsplit(self._grant.token_url)
        if url.scheme != "https" and url.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise Refused("the token_url must begin with https://")
        try:
            answer = requests.post(self._grant.token_url, data=question, timeout=20, allow_redirects=False)
            said = answer.json()
        except requests.RequestException as error:
            raise TryLater(f"the token endpoint cannot be reached ({type(error).__name__})") from None
        if answer.status_code == 200 and isinstance(said, dict) and said.get("access_token"):
            return said
        code = str(said.get("error", "")) if isinstance(said, dict) else ""
        code = code if code.replace("_", "").isalpha() and len(code) < 40 else ""  # RFC 6749 5.2, and no word more
        words = f"the token endpoint answered {answer.status_code} {code}".strip()
        raise Refused(words) if answer.status_code in {400, 401, 403} else TryLater(words)

    def _assertion(self, file: Path) -> str:
        """RFC 7523: signed with the service account's key, on behalf of `user`."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import RSAKey

        at = int(self._wall())
        claims = {"sub": self._grant.user, "scope": self._grant.scope, "aud": self._grant.token_url}
        try:
            account = json.loads(file.read_text(encoding="utf-8"))
            claims |= {"iss": str(account["client_email"])}
            key = RSAKey.import_key(account["private_key"])
            return jwt.encode({"alg": "RS256", "typ": "JWT"}, {**claims, "iat": at, "exp": at + 3600}, key)
        except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
            raise Refused(f"the service account's key file cannot be used ({type(error).__name__})") from None

    def _kept(self) -> str:
        """The newest refresh token: the one kept, if it came from the one configured, else that."""
        try:
            seed, _, kept = self._kept_in.read_text(encoding="ascii").strip().partition(" ")
        except FileNotFoundError:
            return self._grant.refresh_token
        return kept if kept and seed == self._seed() else self._grant.refresh_token

    def _keep(self, refresh_token: str) -> None:
        """Some providers end the old one when they send a new one: on disk before anything else happens."""
        if not self._grant.refresh_token or refresh_token == self._kept():
            return
        beside = self._kept_in.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"{self._seed()} {refresh_token}\n")
            file.flush()
            os.fsync(file.fileno())
        move_into_place(beside, self._kept_in)

    def _seed(self) -> str:
        return hashlib.sha256(self._grant.refresh_token.encode()).hexdigest()
