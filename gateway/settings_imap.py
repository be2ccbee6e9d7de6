"""Settings of the mailbox door: how each mailbox is reached, which folders are read, where mail goes then."""

import json
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

MICROSOFT_SCOPE = "https://outlook.office365.com/.default"
GOOGLE_SCOPE = "https://mail.google.com/"
GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_EMPTY = SecretStr("")


class Mailbox(BaseModel):
    """One mailbox. With `password` it signs in as ever; otherwise by XOAUTH2, as an application or for a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(description="The IMAP server.")
    port: int = Field(993, ge=1, le=65535, description="Its port; 143 is usual with starttls.")
    tls: Literal["tls", "starttls", "none"] = Field(
        "tls", description="tls from the first byte, starttls, or none (this machine only)."
    )
    user: str = Field(description="Whose mailbox; with Microsoft 365 and Google the mailbox's address.")
    password: SecretStr = Field(_EMPTY, description="The password; empty where XOAUTH2 is used.")
    provider: Literal["", "microsoft", "google"] = Field(
        "", description="Fills in token_url and scope: microsoft (with tenant) or google."
    )
    tenant: str = Field("", description="Microsoft 365: the directory (tenant) id.")
    token_url: str = Field(
        "", description="Where access tokens are had (RFC 6749 3.2); https, or http on this machine."
    )
    scope: str = Field("", description="The scope asked for.")
    client_id: str = Field("", description="The application's id.")
    client_secret: SecretStr = Field(
        _EMPTY, description="The application's secret; alone (without refresh_token) it signs in as the application."
    )
    refresh_token: SecretStr = Field(
        _EMPTY, description="A person's refresh token; a new one that the provider sends is kept in the home's keys."
    )
    service_account_file: Path | None = Field(
        None, description="Google: the service account's key file, with domain-wide delegation to `user`."
    )
    alias: str = Field("", description="The address this mailbox is for where a mail names none; empty: hr_address.")
    folders: tuple[str, ...] = Field(("INBOX",), min_length=1, description="Folders to read; the first is watched.")
    junk: str = Field("auto", description="The junk folder, which is read too; auto finds it, empty reads none.")
    done: str = Field("Heed/Done", min_length=1, description="Where mail goes that Heed has; made where missing.")
    held: str = Field("Heed/Held", min_length=1, description="Where mail goes that cannot be fetched.")

    @property
    def tokens_from(self) -> str:
        """The token endpoint; "" where a password is used."""
        usual = {"microsoft": f"https://login.microsoftonline.com/{self.tenant}/oauth2/v2.0/token"}
        return self.token_url or (usual | {"google": GOOGLE_TOKENS}).get(self.provider, "")

    @property
    def token_scope(self) -> str:
        """The scope to ask for."""
        usual = {"microsoft": MICROSOFT_SCOPE, "google": GOOGLE_SCOPE}
        return self.scope or usual.get(self.provider, "")

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        if bool(self.password.get_secret_value()) == bool(self.tokens_from):
            raise ValueError("give either a password, or a provider or token_url for XOAUTH2")
        if self.provider == "microsoft" and not (self.tenant or self.token_url):
            raise ValueError("microsoft needs the tenant")
        granted = self.client_secret.get_secret_value() or self.refresh_token.get_secret_value()
        if self.tokens_from and not (granted or self.service_account_file):
            raise ValueError("XOAUTH2 needs a client_secret, a refresh_token or a service_account_file")
        if self.tls == "none" and not on_this_machine(self.host):
            raise ValueError("tls = none would send the password in the clear; only this machine may be reached so")
        return self


class Imap(BaseModel):
    """The mailbox door: fetches mail from mailboxes, each a table `[imap.mailboxes.NAME]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mailboxes: dict[str, Mailbox] = Field(
        default_factory=dict, description="Mailboxes by a short name; in the environment one JSON object."
    )
    poll_seconds: float = Field(60.0, gt=0, le=1500, description="How often every folder is looked at, beneath IDLE.")
    mailbox_keep: int = Field(7, ge=1, description="Days for which the done folder keeps what Heed has.")
    max_bytes: int = Field(40 * 1024 * 1024, ge=64 * 1024, description="Largest mail fetched; larger ones go to held.")
    timeout: float = Field(60.0, gt=0, description="Seconds an IMAP server may take for an answer.")

    @field_validator("mailboxes", mode="before")
    @classmethod
    def _from_environment(cls, value: Any) -> Any:
        found = json.loads(value) if isinstance(value, str) else value
        for name in found if isinstance(found, dict) else ():
            if not _NAME.fullmatch(str(name)):
                raise ValueError(f"a mailbox's name is made of a-z, 0-9, - and _, not {str(name)!r}")
        return found


def on_this_machine(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
