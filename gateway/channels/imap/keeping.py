"""The done folder: emptied when its time is over, and read again when a disk was lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from cases.store.engine import writing
from gateway.channels.imap.fetching import Fetcher, groups
from gateway.channels.imap.folders import Folders
from gateway.channels.imap.session import Session
from gateway.inbox import mailboxes


def tidy(session: Session, states: Engine, name: str, done: str, *, now: datetime, keep: timedelta) -> int:
    """Delete for good what has been in the done folder for longer than `keep`; returns how many mails.

    How long is told by our own marks, not by the mails: a mail's date says when it came, not when we were done with it. A
    lost database or a new UIDVALIDITY means that everything stays for `keep` from now on.
    """
    validity, following = session.uid_next(done)
    with writing(states) as connection:
        mailboxes.mark_done(connection, name, now, validity, following)
        below = mailboxes.done_before(connection, name, now - keep, validity)
    if below <= 1 or session.choose(done) != validity:
        return 0
    old = [uid for uid in session.search("UID", f"1:{below - 1}") if uid < below]
    session.remove(old)
    return len(old)


@dataclass(frozen=True, slots=True)
class Refetched:
    """One folder read again: how many mails were put into the inbox, how many could not."""

    folder: str
    stored: int
    left: int


def refetch(session: Session, fetcher: Fetcher, folders: Folders, since: date, run: str) -> Iterator[Refetched]:
    """Put what done and held have had since a day into the inbox again; triage knows by its words what it has already.

    Twice within the same `run` is once. What was held and can be fetched now is done.
    """
    for folder in (folders.done, folders.held):
        session.choose(folder)
        uids = session.since(since)
        junk = set(session.search("KEYWORD", "$Junk"))
        fitting = [one for one in session.sizes(uids) if one.size <= fetcher.max_bytes] if uids else []
        stored = 0
        for group in groups(fitting, {}, fetcher.max_bytes):
            raws = session.fetch([one.uid for one in group], fetcher.max_bytes + 1)
            for junk_too in (False, True):
                some = [raw for uid, raw in raws.items() if (uid in junk) is junk_too]
                fetcher.store(some, junk=junk_too, again=run)
            if folder == folders.held:
                session.move(list(raws), folders.done)
            stored += len(raws)
        yield Refetched(folder, stored, len(uids) - stored)
