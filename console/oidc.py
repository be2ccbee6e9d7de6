"""Signing in through the organisation's own provider (OpenID Connect): it says who somebody is."""

from dataclasses import dataclass
from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from requests.exceptions import RequestException

from cases.errors import Refused, TryLater
from gateway.settings.doors import Oidc


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the provider says it is: its own lasting name for them, and their address, which it has verified."""

    subject: str
    address: str


class Provider:
    """One provider. Its addresses and keys are looked up when somebody first signs in, and kept."""

    def __init__(self, app: Flask, settings: Oidc, back: str) -> None:
        """`back` is the address that the provider sends people back to."""
        self.name = settings.name
        self._issuer = settings.issuer.rstrip("/")
        self._back = back
        self._client: Any = OAuth(app).register(
            "provider",
            client_id=settings.client_id,
            client_secret=settings.client_secret or None,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": 10},
        )

    def away(self) -> Any:
        """The redirect to the provider; state, nonce and PKCE verifier stay in the session. Raises `TryLater`."""
        try:
            return self._client.authorize_redirect(self._back)
        except RequestException as error:
            raise TryLater(f"the sign-in provider does not answer ({type(error).__name__})") from None

    def back(self) -> Claims:
        """Who came back. Raises `Refused` for a forged or failed answer, `TryLater` when the provider does not answer."""
        try:
            token = self._client.authorize_access_token()
        except RequestException as error:
            raise TryLater(f"the sign-in provider does not answer ({type(error).__name__})") from None
        except OAuthError as error:
            raise Refused(f"the sign-in provider said no ({error.error})") from None
        except Exception as error:  # noqa: BLE001  whatever is wrong with a token: it proves nothing
            raise Refused(f"the sign-in provider's answer proves nothing ({type(error).__name__})") from None
        said = token.get("userinfo") or {}
        subject, address = str(said.get("sub") or ""), str(said.get("email") or "")
        if not subject or "@" not in address or said.get("email_verified") is not True:
            raise Refused("the sign-in provider did not say whose verified mail address it is")
        return Claims(f"{self._issuer}|{subject}"[:500], address)
