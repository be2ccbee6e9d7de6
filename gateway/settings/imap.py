"""Settings of the mailbox door: how each mailbox is reached, which folders are read, where mail goes then."""

import json
import re
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from gateway.settings.section import Section, on_this_machine
from gateway.settings.xoauth import NO_SECRET, TokenSource

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class Mailbox(TokenSource):
    """One mailbox. With `password` it signs in as ever; otherwise by XOAUTH2, as an application or for a person."""

    host: str = Field(description="The IMAP server.")
    port: int = Field(993, ge=1, le=65535, description="Its port; 143 is usual with starttls.")
    tls: Literal["tls", "starttls", "none"] = Field(
        "tls",
        description="tls from the first byte, starttls, or none (this machine only). An authority of your own is believed from "
        "the system's store, or the file that the variable SSL_CERT_FILE names.",
    )
    user: str = Field(description="Whose mailbox; with Microsoft 365 and Google the mailbox's address.")
    password: SecretStr = Field(NO_SECRET, description="The password; empty where XOAUTH2 is used.")
    alias: str = Field("", description="The address this mailbox is for where a mail names none; empty: hr_address.")
    folders: tuple[str, ...] = Field(("INBOX",), min_length=1, description="Folders to read; the first is watched.")
    junk: str = Field("auto", description="The junk folder, which is read too; auto finds it, empty reads none.")
    done: str = Field("Heed/Done", min_length=1, description="Where mail goes that Heed has; made where missing.")
    held: str = Field("Heed/Held", min_length=1, description="Where mail goes that cannot be fetched.")

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        if bool(self.password.get_secret_value()) == bool(self.tokens_from):
            raise ValueError("give either a password, or a provider or token_url for XOAUTH2")
        self.check_grant()
        if self.tls == "none" and not on_this_machine(self.host):
            raise ValueError("tls = none would send the password in the clear; only this machine may be reached so")
        return self


class Imap(Section):
    """The mailbox door: fetches mail from mailboxes, each a table `[imap.mailboxes.NAME]`."""

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
