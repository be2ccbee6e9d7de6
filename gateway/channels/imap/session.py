"""One signed-in connection to a mailbox: imap-tools for signing in and folders, plain IMAP where that is not careful enough.

imap-tools expunges what others marked as deleted, asks for capabilities before signing in only, and its IDLE neither hears
what came together with the server's "go on" nor can be interrupted; so moving, fetching and waiting are done here.
"""

import contextlib
import imaplib
import re
import select
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from cases.errors import Refused, TryLater
from gateway.oauth import Tokens
from gateway.settings.imap import Mailbox

FAULTS = (imaplib.IMAP4.error, ImapToolsError, OSError, TryLater)
"""What a connection may die of."""
UNTRUSTED = (
    "the server's certificate is not trusted: is the host's name right, and is its authority in the system's store, or "
    "named by SSL_CERT_FILE?"
)
_CODE = re.compile(r"\[([A-Z][A-Z-]{2,40})[ \]]")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class SaidNo(TryLater):
    """The server refused one command and is still there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that waits in the selected folder; `size` in bytes, as the server says."""

    uid: int
    size: int


class Session:
    """A connection with one folder selected at a time."""

    def __init__(self, box: BaseMailBox) -> None:
        """`box` is signed in."""
        self._box = box
        self._client: Any = box.client
        self._client._get_capabilities()  # noqa: SLF001  many servers tell the most only after sign-in
        self._can = frozenset(self._client.capabilities)

    @property
    def box(self) -> BaseMailBox:
        """For folders."""
        return self._box

    def can(self, capability: str) -> bool:
        """Whether the server has a capability, such as MOVE (RFC 6851)."""
        return capability in self._can

    def personal_prefix(self) -> str:
        """What the names of one's own folders begin with, "INBOX." on some servers (RFC 2342)."""
        if not self.can("NAMESPACE"):
            return ""
        said = self._do(self._client.namespace)[0] or b""
        found = re.match(rb'\(\("((?:[^"\\]|\\.)*)"', said)
        return found.group(1).decode("ascii", "replace") if found else ""

    def choose(self, folder: str) -> int:
        """Select a folder; returns its UIDVALIDITY."""
        self._box.folder.set(folder)
        validity = self._client.response("UIDVALIDITY")[1]
        if not validity or validity[-1] is None:
            raise TryLater("the folder has no UIDVALIDITY")
        return int(validity[-1])

    def uid_next(self, folder: str) -> tuple[int, int]:
        """UIDVALIDITY and the next UID of a folder that need not be selected (RFC 9051 6.3.11)."""
        said = self._box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        return said["UIDVALIDITY"], said["UIDNEXT"]

    def count(self, folder: str) -> int:
        """How many mails a folder holds."""
        return int(self._box.folder.status(folder, ["MESSAGES"])["MESSAGES"])

    def search(self, *criteria: str) -> list[int]:
        """UIDs in the selected folder, rising; mails marked as deleted are as good as gone."""
        said = self._do(self._client.uid, "SEARCH", None, "UNDELETED", *criteria)
        return sorted(int(uid) for line in said if line for uid in line.split())

    def since(self, day: date) -> list[int]:
        """UIDs of what was put into the selected folder since a day (RFC 8514), or reached the mailbox since then."""
        word = "SAVEDSINCE" if self.can("SAVEDATE") else "SINCE"
        return self.search(word, f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def sizes(self, uids: Sequence[int]) -> list[Waiting]:
        """Those of the mails that are still there, with their sizes."""
        found = []
        for line in self._do(self._client.uid, "FETCH", _set(uids), "(UID RFC822.SIZE)"):
            head = b" ".join(line) if isinstance(line, tuple) else line or b""
            uid, size = _UID.search(head), _SIZE.search(head)
            if uid and size:
                found.append(Waiting(int(uid[1]), int(size[1])))
        return found

    def fetch(self, uids: Sequence[int], most: int) -> dict[int, bytes]:
        """The mails as they are, by UID, at most `most` bytes of each; no flag changes. One that is gone is left out.

        Raises `SaidNo` when the server will not give one of them.
        """
        said = self._do(self._client.uid, "FETCH", _set(uids), f"(UID BODY.PEEK[]<0.{most}>)")
        found: dict[int, bytes] = {}
        for number, line in enumerate(said):
            if not isinstance(line, tuple):
                continue
            after = said[number + 1] if number + 1 < len(said) and isinstance(said[number + 1], bytes) else b""
            uid = _UID.search(line[0]) or _UID.search(after)
            if uid:
                found[int(uid[1])] = line[1]
        return found

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails out of the selected folder, and touch nobody else's."""
        if not uids:
            return
        if self.can("MOVE"):
            self._do(self._client.uid, "MOVE", _set(uids), encode_folder(folder))
            return
        self._do(self._client.uid, "COPY", _set(uids), encode_folder(folder))
        self.remove(uids)

    def call_junk(self, uids: Sequence[int]) -> None:
        """Mark mails as junk (`$Junk`, RFC 9051 2.3.2), for whoever reads them elsewhere; a server may refuse keywords."""
        with contextlib.suppress(SaidNo):
            if uids:
                self._do(self._client.uid, "STORE", _set(uids), "+FLAGS.SILENT", "($Junk)")

    def remove(self, uids: Sequence[int]) -> None:
        """Delete mails for good; without UIDPLUS (RFC 4315) they stay marked until somebody tidies up."""
        for some in _chunks(uids, 500):
            self._do(self._client.uid, "STORE", _set(some), "+FLAGS.SILENT", r"(\Deleted)")
            if self.can("UIDPLUS"):
                self._do(self._client.uid, "EXPUNGE", _set(some))

    def wait(self, seconds: float, wake: int) -> None:
        """IDLE (RFC 2177) until something happens in the selected folder, `wake` is readable, or the time is over.

        Without IDLE it only waits. A file descriptor is what a signal can reach.
        """
        if not self.can("IDLE"):
            select.select([wake], [], [], seconds)
            return
        tag = self._client._command("IDLE")  # noqa: SLF001
        while self._client._get_response() is not None:  # noqa: SLF001  None is the server's "go on"
            if self._client.tagged_commands[tag]:
                raise TryLater("the server refuses IDLE")
        if not self._heard():
            select.select([wake, self._client.sock], [], [], seconds)
        self._client.send(b"DONE\r\n")
        self._box.consume_until_tagged_response(tag)

    def close(self) -> None:
        """Say goodbye, if anyone listens."""
        with contextlib.suppress(*FAULTS):
            self._client.sock.settimeout(2)
            self._box.logout()
        with contextlib.suppress(OSError):
            self._client.shutdown()

    def cut(self) -> None:
        """End at once, from another thread: whoever waits for an answer stops waiting."""
        with contextlib.suppress(OSError):
            self._client.shutdown()

    def _heard(self) -> bool:
        """Whether something has been read from the socket already, so that the socket will not tell."""
        sock = self._client.sock
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return True
        before = sock.gettimeout()
        sock.settimeout(0)
        try:
            return bool(self._client.file.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            sock.settimeout(before)

    def _do(self, command: Any, *words: Any) -> list[Any]:
        kind, said = command(*words)
        if kind != "OK":
            raise SaidNo(f"the server answered {kind} {_code(said)}".strip())
        return list(said)


def connect(mailbox: Mailbox, tokens: Tokens | None, timeout: float) -> Session:
    """A signed-in session. Raises one of `FAULTS`, or `Refused` when credentials can never do."""
    box = _open(mailbox, timeout)
    try:
        if tokens is None:
            secret = mailbox.password.get_secret_value()
            plain = (mailbox.user + secret).isascii()
            (box.login if plain else box.login_utf8)(mailbox.user, secret, initial_folder=None)
        else:
            _xoauth2(box, mailbox.user, tokens)
        return Session(box)
    except BaseException:
        with contextlib.suppress(OSError):
            box.client.shutdown()
        raise


def words_for(error: Exception) -> str:
    """What may be written down of a fault: its kind, and the server's response code (RFC 5530), never its text."""
    if isinstance(error, (TryLater, Refused)):
        return str(error)
    if isinstance(error, UnexpectedCommandStatusError):
        kind, said = error.command_result[0], error.command_result[-1]
        return f"the server answered {kind} {_code(said if isinstance(said, list) else [said])}".strip()
    if isinstance(error, ssl.SSLCertVerificationError):
        return UNTRUSTED
    if isinstance(error, imaplib.IMAP4.error):
        code = _code([str(error)])
        return f"the server ended or refused the conversation {code}".strip()
    return f"the server cannot be reached ({type(error).__name__})"


def refuses_us(error: Exception) -> bool:
    """Whether asking again soon would only lock the account."""
    return isinstance(error, Refused) or "AUTH" in words_for(error) or type(error).__name__ == "MailboxLoginError"


def _xoauth2(box: BaseMailBox, user: str, tokens: Tokens) -> None:
    """SASL XOAUTH2; on refusal the server sends a challenge that wants an empty answer."""
    answers = iter((f"user={user}\1auth=Bearer {tokens.token()}\1\1".encode(), b""))
    try:
        box.client.authenticate("XOAUTH2", lambda _challenge: next(answers, None))
    except imaplib.IMAP4.error:
        if tokens.forget():
            raise TryLater("the access token is no longer believed") from None
        raise


def _open(mailbox: Mailbox, timeout: float) -> BaseMailBox:
    if mailbox.tls == "none":
        return MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=timeout)
    context = ssl.create_default_context()
    kind = MailBox if mailbox.tls == "tls" else MailBoxStartTls
    return kind(mailbox.host, mailbox.port, timeout=timeout, ssl_context=context)


def _code(said: Iterable[Any]) -> str:
    for line in said:
        text = line.decode("ascii", "replace") if isinstance(line, bytes) else str(line)
        if found := _CODE.search(text):
            return f"[{found[1]}]"
    return ""


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _chunks(uids: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), most):
        yield uids[start : start + most]
