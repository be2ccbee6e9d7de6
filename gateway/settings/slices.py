"""One slice of the settings a process; a process never sees a section it is not granted."""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from cases.store.engine import sqlite_url
from gateway.settings.doors import Console, Oidc, Smtp, Web
from gateway.settings.imap import Imap
from gateway.settings.keeping import Keeping
from gateway.settings.mail import Mail
from gateway.settings.organisation import Organisation
from gateway.settings.outgoing import Outgoing
from gateway.settings.stores import InboxStore, RecordStore, Redis, Work
from gateway.settings.time import Notices, Reminders


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


def socket_path(home: Path) -> Path:
    """The embedded Redis' socket. A Unix socket's path holds 107 bytes, so a deep home gets a short one of its own."""
    path = home.resolve() / "run" / "redis.sock"
    if len(str(path)) <= 100:
        return path
    from hashlib import sha256

    short = sha256(str(home.resolve()).encode()).hexdigest()[:16]
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108  made with mode 0700 before use
    return runtime / f"heed-{os.getuid()}-{short}" / "redis.sock"
