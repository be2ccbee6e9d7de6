"""The folders of a mailbox: names as the server writes them, junk found, done and held made where missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from imap_tools.folder import FolderInfo

from gateway.channels.imap.session import Session
from gateway.settings.imap import Mailbox

JUNK_NAMES = ("junk", "junk email", "junk e-mail", "spam", "bulk mail", "[gmail]/spam")
"""What junk folders are called where the server does not say which one it is (RFC 6154)."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Names as the server has them. `junk` is "" where there is none."""

    read: tuple[str, ...]
    junk: str
    done: str
    held: str

    @property
    def sources(self) -> tuple[tuple[str, bool], ...]:
        """Every folder to read, each with whether it is junk."""
        others = tuple((name, False) for name in self.read if name != self.junk)
        return (*others, (self.junk, True)) if self.junk else others


def find_folders(session: Session, mailbox: Mailbox) -> Folders:
    """The mailbox's folders; makes done and held where they are missing."""
    listed = list(session.box.folder.list())
    names = {folder.name for folder in listed}
    delimiter = next((folder.delim for folder in listed if folder.delim), "/")
    prefix = session.personal_prefix()

    def own(name: str) -> str:
        return placed(name, names, delimiter, prefix)

    for made in (own(mailbox.done), own(mailbox.held)):
        if made not in names:
            session.box.folder.create(made)
    junk = find_junk(listed) if mailbox.junk == "auto" else own(mailbox.junk) if mailbox.junk else ""
    return Folders(tuple(map(own, mailbox.folders)), junk, own(mailbox.done), own(mailbox.held))


def placed(name: str, names: set[str], delimiter: str, prefix: str) -> str:
    """A name as it stands in the settings, as the server writes it: its delimiter, below its prefix."""
    if name.upper() == "INBOX":
        return "INBOX"
    if name in names:
        return name
    written = name.replace("/", delimiter)
    return written if written in names or not prefix or written.startswith(prefix) else prefix + written


def find_junk(folders: Iterable[FolderInfo]) -> str:
    """The folder that the server marks as junk, else the one that is called so; "" when there is none."""
    listed = list(folders)
    marked = [one.name for one in listed if any(flag.casefold() == "\\junk" for flag in one.flags)]
    tails = {one.name.rpartition(one.delim)[2].casefold() if one.delim else one.name.casefold(): one for one in listed}
    named = [tails[name].name for name in JUNK_NAMES if name in tails]
    return next(iter((*marked, *named)), "")
