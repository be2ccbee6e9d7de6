"""Old mail through the inbox: .eml files, mbox files and Maildirs as deliveries."""

import mailbox
from collections.abc import Iterator, Sequence
from pathlib import Path

from cases.keys.files import KeyFiles
from cases.model.words import Channel
from cases.store.engine import open_database
from gateway.inbox.envelope import Delivery
from gateway.inbox.inbox import Inbox
from gateway.settings import Everything, load, must_exist


def open_inbox(home: Path) -> Inbox:
    """The write-only end of a home's inbox."""
    settings = load(Everything, must_exist(home))
    return Inbox(
        open_database(settings.inbox_url, schema="heed_inbox"), KeyFiles(settings.keys_folder).public("triage")
    )


def deliveries(paths: Sequence[Path]) -> Iterator[tuple[str, Delivery]]:
    """Every mail behind the paths, with where it came from. A folder is a Maildir, or holds .eml files."""
    for path in paths:
        for source, raw in _mails(path):
            yield source, Delivery(channel=Channel.MAIL, raw=raw)


def _mails(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir() and (path / "new").is_dir() and (path / "cur").is_dir():
        for folder in ("cur", "new"):
            for file in sorted((path / folder).iterdir()):
                yield str(file), file.read_bytes()
    elif path.is_dir():
        for file in sorted(path.rglob("*.eml")):
            yield str(file), file.read_bytes()
    elif _is_mbox(path):
        box = mailbox.mbox(path, create=False)
        for key in box.iterkeys():
            yield f"{path}:{key}", box.get_bytes(key)
    else:
        yield str(path), path.read_bytes()


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "
