"""What mail is ours, and how far its sender is believed."""

from typing import Literal

from pydantic import Field

from gateway.settings.section import Section


class Mail(Section):
    """What mail is ours, and how far its sender is believed."""

    aliases: tuple[str, ...] = Field((), description="Further addresses whose mail becomes cases, beside hr_address.")
    authserv_id: str = Field(
        "", description="The authserv-id of your own mail server, whose Authentication-Results are believed (RFC 8601)."
    )
    verify: Literal["no", "signatures", "all"] = Field(
        "no",
        description="Verify senders ourselves where no Authentication-Results of your own server is there: `signatures` checks "
        "DKIM, DMARC and ARC; `all` also SPF, only where this door itself takes mail from the Internet.",
    )
    verify_seconds: float = Field(
        3.0,
        gt=0,
        le=30,
        description="Seconds that verifying one mail may take; what is open then counts as not proven.",
    )
    dns_servers: tuple[str, ...] = Field(
        (), description="DNS servers to ask, `address` or `address:port`; empty: those of the machine."
    )
    trusted_sealers: tuple[str, ...] = Field(
        (), description="Domains whose ARC seal is believed: mailing lists and services that forward to you."
    )
    staff_unproven: Literal["note", "send"] = Field(
        "note",
        description="An answer by mail from a colleague's address that no mail server vouched for: `note` keeps it in the "
        "case and sends nothing; `send` believes it. Only where nobody can send from your domain without signing in.",
    )
    alike_an_hour: int = Field(
        20,
        ge=1,
        description="Alike mails of one sender that are acknowledged in an hour: where two machines answer each other.",
    )
    answers_an_hour: int = Field(
        1000, ge=1, description="Mails of one sender that are acknowledged in an hour, whatever they say."
    )
