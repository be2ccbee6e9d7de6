"""Settings of what listens: the SMTP door, the public site, the staff site and how one signs in there."""

from urllib.parse import urlsplit

from pydantic import Field

from gateway.settings.section import Section, on_this_machine


class Smtp(Section):
    """The SMTP door."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8025, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    networks: tuple[str, ...] = Field(
        ("127.0.0.0/8", "::1/128"), description="Networks whose mail servers may deliver here, in CIDR notation."
    )
    max_bytes: int = Field(
        40 * 1024 * 1024, ge=64 * 1024, description="Largest mail in bytes; 25 MB of files are 36 MB on the wire."
    )
    max_connections: int = Field(200, ge=1, description="Connections at a time; further ones are told to come back.")


class Web(Section):
    """The public site: forms, receipts, status pages."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    onion_location: str = Field(
        "", pattern=r"^(http://[a-z2-7]{56}\.onion)?$", description="The site's onion address, offered to Tor Browser."
    )
    leave_url: str = Field(
        "https://www.wikipedia.org/", pattern=r"^https?://", description="Where “Leave this page” leads."
    )
    languages: tuple[str, ...] = Field(
        ("en", "de", "fr", "es"), min_length=1, description="Languages, in order; the first where none fits."
    )
    max_upload_bytes: int = Field(
        25 * 1024 * 1024, ge=64 * 1024, description="Most bytes in one form, words and files together."
    )
    max_files: int = Field(10, ge=0, le=50, description="Most files in one form.")
    upload_memory_bytes: int = Field(
        128 * 1024 * 1024, ge=1024 * 1024, description="Most bytes of unread forms in memory; none go to disk."
    )
    threads: int = Field(8, ge=1, le=64, description="Requests answered at a time.")
    store_seconds: float = Field(20.0, gt=0, description="How long a sent form waits for the disk before “try again”.")
    wrong_receipts_per_minute: int = Field(
        60, ge=1, description="Wrong receipts answered in a minute, all people together; right ones are always let in."
    )
    link_requests_per_minute: int = Field(
        30, ge=1, description="Requests for a mail with one's links in a minute, all people together."
    )
    api_requests_per_minute: int = Field(120, ge=1, description="Requests to the intake API in a minute, each token.")


class Console(Section):
    """The staff site: queue, cases, rules, people."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8081, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^/?#]+)?$",
        description="Where staff reach it, such as https://hr.acme.example; https makes its cookie secure.",
    )
    idle_minutes: int = Field(30, ge=1, le=720, description="A session ends after this long without a click.")
    session_hours: int = Field(10, ge=1, le=72, description="A session ends after this long in any case.")
    attempts_per_account: int = Field(
        8, ge=3, description="Attempts at each step of signing in for one address in five minutes."
    )
    attempts_per_minute: int = Field(60, ge=3, description="Passwords tried in a minute, all people together.")
    threads: int = Field(4, ge=1, le=32, description="Requests answered at a time.")

    @property
    def address(self) -> str:
        """Where staff find it: its public address, else where it listens."""
        return self.public_url or f"http://{self.host}:{self.port}"


class Oidc(Section):
    """Signing in to the staff site through your organisation's own provider (OpenID Connect); it replaces the second step."""

    issuer: str = Field(
        "", pattern=r"^(https?://.+)?$", description="The provider's issuer URL; empty: people sign in with a password."
    )
    client_id: str = Field("heed", description="Heed's name at the provider.")
    client_secret: str = Field("", repr=False, description="Heed's secret at the provider; empty for a public client.")
    name: str = Field("your organisation's sign-in", description="What the button says after “Sign in with”.")
    only: bool = Field(default=False, description="Let nobody in by password and second step alone.")


def on_loopback(web: Web, public_url: str) -> bool:
    """Whether the site is for this machine only: bound to loopback, and published under no other name."""
    name = urlsplit(public_url).hostname or web.host
    return all(on_this_machine(host) for host in (web.host, name))
