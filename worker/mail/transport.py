"""Handing mail over: to the mail relay by SMTP, or into a Maildir in the home when there is none."""

import os
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cases.durable import move_into_place
from cases.errors import Refused, TryLater, Unreachable
from gateway.oauth import Tokens, grant_of
from gateway.settings.outgoing import Outgoing
from worker.mail.addresses import NOT_CARRIED
from worker.mail.compose import Mail


class Transport(Protocol):
    """Where outgoing mail goes. `send` returns once the other side has taken responsibility."""

    def send(self, mail: Mail) -> None:
        """Hand one mail over; raises `Refused` (never going to work) or `TryLater`."""

    def finish(self) -> None:
        """The batch is over: let connections go."""


@dataclass(frozen=True, slots=True)
class MaildirTransport:
    """Lays mail into `new/` under a name made of its entry: laid twice, it is there once."""

    folder: Path

    def send(self, mail: Mail) -> None:
        """Written beside, synced, then moved into place, and that synced too."""
        try:
            for folder in (self.folder, *(self.folder / name for name in ("tmp", "new", "cur"))):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = self.folder / "tmp" / f"{mail.entry_id}.{os.getpid()}"
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(mail.content.replace(b"\r\n", b"\n"))
                file.flush()
                os.fsync(file.fileno())
            move_into_place(beside, self.folder / "new" / f"{mail.entry_id}.heed")
        except OSError as error:
            raise Unreachable(f"the Maildir cannot be written ({error.strerror})") from error

    def finish(self) -> None:
        """Nothing is held open."""


# The usual form of an address (RFC 5321 4.1.2, Mailbox of dot-strings): it can be written between brackets as it is.
_USUAL = re.compile(r"[A-Za-z0-9_+=-]+(?:\.[A-Za-z0-9_+=-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


SMTPUTF8 = "SMTPUTF8"


class _Session(smtplib.SMTP):
    """smtplib, but for the usual address: that parses every address anew, which costs a third of handing a mail over."""

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """MAIL FROM."""
        if _USUAL.fullmatch(sender) is None or SMTPUTF8 in options:
            return super().mail(sender, options)
        return self.docmd("mail", " ".join((f"FROM:<{sender}>", *options)))

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """RCPT TO."""
        if options or _USUAL.fullmatch(recip) is None:
            return super().rcpt(recip, options)
        return self.docmd("rcpt", f"TO:<{recip}>")


def _options(connection: smtplib.SMTP, mail: Mail) -> tuple[str, ...]:
    """What MAIL FROM says of an address beyond ASCII (RFC 6531 3.4). Raises `Refused` where the relay does not carry such."""
    if mail.to.isascii():
        return ()
    connection.ehlo_or_helo_if_needed()
    if not connection.has_extn("smtputf8"):
        raise Refused(NOT_CARRIED)
    return (SMTPUTF8, "BODY=8BITMIME")


class _TlsSession(_Session, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte (RFC 8314)."""


class SmtpTransport:
    """One connection to the mail relay, kept for a batch."""

    def __init__(self, settings: Outgoing, domain: str, tokens: Tokens | None = None) -> None:
        """`tokens` are for XOAUTH2; None where a password, or nothing, is used."""
        self._settings = settings
        self._domain = domain
        self._tokens = tokens
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> None:
        """MAIL, RCPT, DATA; a 5xx for this mail is permanent, everything else is temporary (RFC 5321 4.2.1), and
        `Unreachable` where no mail has been tried: the relay is away, lets us not in, or not send as ourselves.
        """
        connection = self._reached()
        try:
            connection.sendmail(mail.envelope_from, [mail.to], mail.content, _options(connection, mail))
        except smtplib.SMTPSenderRefused as error:
            self._drop_if_closing(error.smtp_code)
            # Not this mail's fault, but for its size: our sender is not allowed there, for this mail and every other.
            judged = _judged(error.smtp_code, error.smtp_error)
            raise (
                judged if error.smtp_code == 552 else Unreachable(f"{judged}: it does not let us send as ourselves")
            ) from None
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            self._drop_if_closing(code)
            raise _judged(code, words) from error
        except smtplib.SMTPResponseException as error:
            self._drop_if_closing(error.smtp_code)
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise TryLater(f"the mail relay cannot be reached ({type(error).__name__})") from error
        except (UnicodeError, ValueError) as error:
            raise Refused(f"the address cannot be written to ({type(error).__name__})") from error

    def finish(self) -> None:
        """Say goodbye, if anyone listens."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._drop()
            self._connection = None

    def _reached(self) -> smtplib.SMTP:
        try:
            return self._connected()
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            if self._tokens is not None:
                self._tokens.forget()
            raise Unreachable(f"the mail relay does not let us sign in ({error.smtp_code}): see outgoing") from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unreachable(f"the mail relay cannot be reached ({type(error).__name__})") from error
        except TryLater as error:  # of the token endpoint
            self._drop()
            raise Unreachable(str(error)) from error

    def _drop_if_closing(self, code: int) -> None:
        """421 says that the relay closes the connection, whatever it answers (RFC 5321, section 3.8)."""
        if code == 421:
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            settings = self._settings
            host, _, port = settings.host.rpartition(":")
            where: dict[str, Any] = {"host": host.strip("[]"), "port": int(port), "timeout": settings.timeout}
            connection: smtplib.SMTP
            if settings.protection == "tls":
                connection = _TlsSession(local_hostname=self._domain, context=ssl.create_default_context(), **where)
            else:
                connection = _Session(local_hostname=self._domain, **where)
            self._connection = connection
            if connection.sock is not None:
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if settings.protection == "starttls":
                connection.starttls(context=ssl.create_default_context())
            self._sign_in(connection)
        return self._connection

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        settings = self._settings
        if self._tokens is not None:
            said = f"user={settings.username}\1auth=Bearer {self._tokens.token()}\1\1"
            connection.ehlo_or_helo_if_needed()
            # The second answer is empty: the server then says why it refuses (Google and Microsoft: "XOAUTH2 protocol").
            connection.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
        elif settings.username and settings.password:
            connection.login(settings.username, settings.password)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_transport(settings: Outgoing, home: Path, domain: str) -> Transport:
    """The relay where one is configured, else the Maildir `outgoing` in the home."""
    if not settings.host:
        return MaildirTransport(home / "outgoing")
    return SmtpTransport(settings, domain, open_tokens(settings, home))


def open_tokens(settings: Outgoing, home: Path) -> Tokens | None:
    """Access tokens for the relay, where XOAUTH2 is used."""
    if not settings.tokens_from:
        return None
    grant = grant_of(settings, settings.username, home)
    return Tokens(grant, clock=time.monotonic, wall=time.time, kept_in=home / "keys" / "outgoing.refresh")


_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
"""RFC 3463."""


def _judged(code: int, words: bytes | str) -> Refused | TryLater:
    said = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
    status = _STATUS.match(said)  # and no word more: relays quote addresses
    sentence = f"the mail relay answered {code} {status[0] if status else ''}".strip()
    return Refused(sentence) if 500 <= code < 600 else TryLater(sentence)
