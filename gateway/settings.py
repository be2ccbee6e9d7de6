"""Settings: one section a concern, one slice a process; a process never sees a section it is not granted."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_origin
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cases.errors import Refused
from cases.store.engine import sqlite_url
from gateway.settings_imap import Imap, on_this_machine
from gateway.settings_keeping import Keeping
from gateway.settings_mail import Mail
from gateway.settings_outgoing import Outgoing
from gateway.settings_time import Notices, Reminders


class Section(BaseModel):
    """A table of `heed.toml`. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(Section):
    """Somebody whom people can turn to: in `heed.toml`, one `[[organisation.emergency]]` table each, for example."""

    name: str | dict[str, str] = Field(description="Who it is; a text, or a table of texts by language.")
    phone: str = Field("", description="Telephone number, as people dial it.")
    email: str = Field("", pattern=r"^([^\s@<>]+@[^\s@<>]+)?$", description="E-mail address.")
    url: str = Field("", pattern=r"^(https://[^\s\"<>]+)?$", description="Web page.")
    languages: tuple[str, ...] = Field((), description="Languages whose pages show it; empty: all.")

    def said(self, language: str) -> str:
        """The name in this language, else in the first one given."""
        if isinstance(self.name, str):
            return self.name
        return self.name.get(language) or next(iter(self.name.values()), "")


class Organisation(Section):
    """Who runs this Heed."""

    name: str = Field("Acme", description="The organisation's name, as people know it.")
    hr_address: str = Field("hr@acme.example", description="The HR alias; acknowledgements and replies come from it.")
    hr_name: str = Field("Acme HR", description="The name shown beside the HR alias.")
    language: str = Field("en", description="Language of mail where the sender's is not known: en, de, fr or es.")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^/?#]+)?$",
        description="Where people reach the public site, such as https://speak.acme.example; status links lead there.",
    )
    directory_days: int = Field(
        35, ge=1, le=3660, description="After so many days the imported directory counts as stale, and Heed warns."
    )
    link_days: int = Field(
        90, ge=1, le=3650, description="Days that a link to a status page opens; after that it is renewed by mail."
    )
    logo: str = Field(
        "", description="Your logo for the public site: an SVG, PNG or WebP file, in the home or by its whole path."
    )
    colour: str = Field(
        "",
        pattern=r"^(#[0-9a-fA-F]{6})?$",
        description="Your colour for the public site, such as #14574c; made lighter or darker until text on it reads well.",
    )
    emergency: tuple[Contact, ...] = Field(
        (Contact(name={"en": "Emergency", "de": "Notruf", "fr": "Urgences", "es": "Emergencias"}, phone="112"),),
        description="Numbers to call in danger, shown on every public page and in urgent acknowledgements.",
    )
    authorities: tuple[Contact, ...] = Field(
        (),
        description="Authorities outside that people may turn to, as Directive (EU) 2019/1937, article 7, asks to say.",
    )
    contacts: tuple[Contact, ...] = Field((), description="Whom people may talk to instead of writing.")


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
    attempts_per_account: int = Field(8, ge=3, description="Sign-in attempts for one address in five minutes.")
    attempts_per_minute: int = Field(60, ge=3, description="Sign-in attempts in a minute, all people together.")
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


class InboxStore(Section):
    """Where envelopes are kept."""

    url: str = Field("", description="Database URL; empty: the SQLite file inbox.db in the home.")


class RecordStore(Section):
    """Where cases are kept."""

    url: str = Field("", description="Database URL; empty: the SQLite file record.db in the home.")


class Redis(Section):
    """The job queue. It keeps nothing on disk and may be emptied at any moment."""

    url: str = Field("", description="redis:// or unix:// URL; empty: an embedded server in the home.")


class Work(Section):
    """The workers."""

    workers: int = Field(2, ge=1, le=64, description="Worker processes on this machine.")
    batch: int = Field(50, ge=1, le=200, description="Most envelopes or effects in one job.")
    lease_seconds: float = Field(10.0, gt=0, description="After this long without an answer a job is given out again.")
    engine: str = Field(
        "auto", description="Rules engine: auto (durable-rules where it can be installed) or reference."
    )


class Slice(BaseModel):
    """What one process is granted. Section names are the tables of `heed.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    home: Path

    @property
    def keys_folder(self) -> Path:
        """Where the key files are."""
        return self.home / "keys"


class _WithInbox(Slice):
    inbox: InboxStore = InboxStore()

    @property
    def inbox_url(self) -> str:
        """The inbox's database."""
        return self.inbox.url or sqlite_url(self.home / "inbox.db")


class _WithRecord(Slice):
    record: RecordStore = RecordStore()

    @property
    def record_url(self) -> str:
        """The record's database."""
        return self.record.url or sqlite_url(self.home / "record.db")


class _WithRedis(Slice):
    redis: Redis = Redis()

    @property
    def redis_url(self) -> str:
        """The job queue's address; the embedded server listens on a Unix socket in the home."""
        return self.redis.url or f"unix://{socket_path(self.home)}"


class SmtpSlice(_WithInbox):
    """What `heed smtp` sees: no record, no Redis, no credentials."""

    organisation: Organisation = Organisation()
    mail: Mail = Mail()
    smtp: Smtp = Smtp()


class ImapSlice(_WithInbox):
    """What `heed imap` sees: the mailboxes with their credentials; no record, no Redis."""

    organisation: Organisation = Organisation()
    imap: Imap = Imap()


class WebSlice(_WithInbox, _WithRecord):
    """What `heed web` sees: no Redis, no credentials; of the record only what a receipt or status link opens."""

    organisation: Organisation = Organisation()
    web: Web = Web()


class ConsoleSlice(_WithInbox, _WithRecord):
    """What `heed console` sees: no Redis, no credentials of the mail relay."""

    organisation: Organisation = Organisation()
    console: Console = Console()
    keeping: Keeping = Keeping()
    oidc: Oidc = Oidc()


class RelaySlice(_WithInbox, _WithRecord, _WithRedis):
    """What `heed relay` sees: nothing secret."""

    organisation: Organisation = Organisation()
    reminders: Reminders = Reminders()
    keeping: Keeping = Keeping()
    work: Work = Work()


class WorkerSlice(_WithInbox, _WithRecord, _WithRedis):
    """What `heed worker` sees."""

    organisation: Organisation = Organisation()
    console: Console = Console()
    mail: Mail = Mail()
    reminders: Reminders = Reminders()
    keeping: Keeping = Keeping()
    notices: Notices = Notices()
    outgoing: Outgoing = Outgoing()
    work: Work = Work()


class Everything(SmtpSlice, ImapSlice, WebSlice, ConsoleSlice, WorkerSlice):
    """All sections: for the supervisor, the doctor and the command line of the person who installs Heed."""


SLICES: dict[str, type[Slice]] = {
    "smtp": SmtpSlice,
    "imap": ImapSlice,
    "web": WebSlice,
    "console": ConsoleSlice,
    "relay": RelaySlice,
    "worker": WorkerSlice,
}

AnySlice = TypeVar("AnySlice", bound=Slice)


def socket_path(home: Path) -> Path:
    """The embedded Redis' socket. A Unix socket's path holds 107 bytes, so a deep home gets a short one of its own."""
    path = home.resolve() / "run" / "redis.sock"
    if len(str(path)) <= 100:
        return path
    from hashlib import sha256

    short = sha256(str(home.resolve()).encode()).hexdigest()[:16]
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108  made with mode 0700 before use
    return runtime / f"heed-{os.getuid()}-{short}" / "redis.sock"


def load(kind: type[AnySlice], home: Path, overrides: dict[str, dict[str, Any]] | None = None) -> AnySlice:
    """The sections `kind` names, from `heed.toml` in the home, then `HEED_SECTION__NAME` variables, then `overrides`.

    Raises `Refused` with the setting's name when one is unknown or has a wrong value.
    """
    sections = set(kind.model_fields) - {"home"}
    values: dict[str, dict[str, Any]] = {name: dict(table) for name, table in _file(home).items() if name in sections}
    for name, variables in _environment(sections).items():
        values.setdefault(name, {}).update(variables)
    for name, table in (overrides or {}).items():
        values.setdefault(name, {}).update(table)
    try:
        return kind.model_validate({"home": home.resolve(), **values})
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _file(home: Path) -> dict[str, dict[str, Any]]:
    path = home / "heed.toml"
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: {error}") from error
    unknown = set(tables) - set(Everything.model_fields)
    if unknown:
        raise Refused(f"{path}: unknown section [{sorted(unknown)[0]}]")
    return tables


def _environment(sections: set[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for variable, value in os.environ.items():
        section, _, name = variable.removeprefix("HEED_").lower().partition("__")
        if variable.startswith("HEED_") and name and section in sections:
            known = Everything.model_fields[section].annotation.model_fields  # type: ignore[union-attr]
            as_list = known[name].annotation if name in known else str  # an unknown one is refused by its name below
            if as_list == tuple[Contact, ...]:
                found.setdefault(section, {})[name] = _tables(variable, value)
                continue
            found.setdefault(section, {})[name] = value.split(",") if get_origin(as_list) is tuple else value
    return found


def _tables(variable: str, value: str) -> Any:
    """A list of tables in a variable is JSON."""
    try:
        return json.loads(value)
    except ValueError as error:
        raise Refused(f"{variable}: a list of tables is written as JSON ({error})") from None


def must_exist(home: Path) -> Path:
    """The home, if `heed serve` has ever been started in it; raises `Refused` otherwise."""
    if not (home / "keys").is_dir():
        raise Refused(f"there is no Heed home in {home}; start one with `heed serve --home {home}`, or name another")
    return home


def on_loopback(web: Web, public_url: str) -> bool:
    """Whether the site is for this machine only: bound to loopback, and published under no other name."""
    name = urlsplit(public_url).hostname or web.host
    return all(on_this_machine(host) for host in (web.host, name))
