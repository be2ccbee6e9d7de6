"""Settings of signing in by XOAUTH2, the same for a mailbox that is read and for the relay that mail leaves by."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from gateway.settings.section import Section

NO_SECRET = SecretStr("")
_TOKENS = {
    "microsoft": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
    "google": "https://oauth2.googleapis.com/token",
}
_SCOPES = {"microsoft": "https://outlook.office365.com/.default", "google": "https://mail.google.com/"}


class TokenSource(Section):
    """Where access tokens come from: as an application, for a person by refresh token, or as a service account."""

    provider: Literal["", "microsoft", "google"] = Field(
        "",
        description="Fills in token_url and scope, for outgoing mail also relay, tls and pace: "
        "microsoft (with tenant) or google.",
    )
    tenant: str = Field("", description="Microsoft 365: the directory (tenant) id.")
    token_url: str = Field(
        "", description="Where access tokens are had (RFC 6749 3.2); https, or http on this machine."
    )
    scope: str = Field("", description="The scope asked for.")
    client_id: str = Field("", description="The application's id.")
    client_secret: SecretStr = Field(
        NO_SECRET, description="The application's secret; alone (without refresh_token) it signs in as the application."
    )
    refresh_token: SecretStr = Field(
        NO_SECRET,
        description="A person's refresh token; a new one that the provider sends is kept in the home's keys.",
    )
    service_account_file: Path | None = Field(
        None, description="Google: the service account's key file, with domain-wide delegation to the mailbox's user."
    )

    @property
    def tokens_from(self) -> str:
        """The token endpoint; "" where a password, or nothing, is used."""
        return self.token_url or _TOKENS.get(self.provider, "").format(tenant=self.tenant)

    @property
    def token_scope(self) -> str:
        """The scope to ask for."""
        return self.scope or _SCOPES.get(self.provider, "")

    def check_grant(self) -> None:
        """Raises `ValueError` where tokens are wanted and nothing entitles us to them."""
        if self.provider == "microsoft" and not (self.tenant or self.token_url):
            raise ValueError("microsoft needs the tenant")
        granted = self.client_secret.get_secret_value() or self.refresh_token.get_secret_value()
        if self.tokens_from and not (granted or self.service_account_file):
            raise ValueError("XOAUTH2 needs a client_secret, a refresh_token or a service_account_file")
