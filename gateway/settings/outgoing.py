"""Settings of outgoing mail: the relay, how we sign in there, how fast it takes mail, our signature."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from gateway.settings.section import on_this_machine
from gateway.settings.xoauth import TokenSource

_RELAYS = {"microsoft": "smtp.office365.com:587", "google": "smtp.gmail.com:587"}
_MICROSOFT_A_MINUTE = 30
"""Exchange Online takes 30 messages a minute of a mailbox and throttles the rest."""


class Outgoing(TokenSource):
    """The mail relay that our mail leaves by."""

    relay: str = Field(
        "",
        description="HOST:PORT of the mail relay; empty: the provider's, or without one the Maildir `outgoing` in the home.",
    )
    tls: Literal["", "none", "starttls", "tls"] = Field(
        "",
        description="none, starttls (insisted on), or tls from the first byte; empty: starttls with a provider, else none.",
    )
    username: str = Field("", description="User name at the relay; with a provider the mailbox's address.")
    password: str = Field("", repr=False, description="Password at the relay; empty where XOAUTH2 is used.")
    timeout: float = Field(20.0, gt=0, description="Seconds to wait for the relay before trying later.")
    a_minute: int = Field(
        0, ge=0, description="Most mails a minute; 0: 30 with microsoft, else as fast as the relay takes."
    )
    envelope: Literal["", "token", "alias"] = Field(
        "",
        description="Envelope sender: `token` (bounce+TOKEN@ of our domain) or `alias` (the HR alias, where the relay lets "
        "no other send; what comes back is then found by its Message-ID). Empty: alias with a provider, else token.",
    )
    plus_addresses: bool = Field(
        default=True,
        description="Whether hr+TOKEN@ reaches us. Where it does not, answers are found by the token in our Message-IDs.",
    )
    dkim_selector: str = Field(
        "", pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]*)?$", description="DKIM selector; empty: the relay signs, or nobody."
    )
    dkim_domain: str = Field("", description="DKIM domain; empty: the HR alias's.")
    dkim_key_file: Path | None = Field(None, description="The DKIM private key (RSA, PEM), readable by Heed alone.")
    max_file_bytes: int = Field(
        20 * 1024 * 1024, ge=0, description="Most bytes of files in a mail of ours; larger ones are named, not sent."
    )

    @property
    def host(self) -> str:
        """HOST:PORT; "" where mail goes into the Maildir."""
        return self.relay or _RELAYS.get(self.provider, "")

    @property
    def protection(self) -> str:
        """`none`, `starttls` or `tls`."""
        return self.tls or ("starttls" if self.provider else "none")

    @property
    def pace(self) -> int:
        """Most mails a minute, 0 for no limit."""
        return self.a_minute or (_MICROSOFT_A_MINUTE if self.provider == "microsoft" else 0)

    @property
    def returns_to_token(self) -> bool:
        """Whether the envelope sender carries a token."""
        return (self.envelope or ("alias" if self.provider else "token")) == "token"

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        if self.password and self.tokens_from:
            raise ValueError("give either a password, or a provider or token_url for XOAUTH2")
        if self.tokens_from and not self.username:
            raise ValueError("XOAUTH2 needs the username: the mailbox that mail is sent from")
        self.check_grant()
        in_the_clear = self.host and self.protection == "none" and not on_this_machine(self.host.rpartition(":")[0])
        if in_the_clear and (self.password or self.tokens_from):
            raise ValueError("tls = none would send the password in the clear; only a relay on this machine gets it so")
        if bool(self.dkim_selector) != (self.dkim_key_file is not None):
            raise ValueError("DKIM needs both dkim_selector and dkim_key_file")
        return self
