"""Mails of all kinds for the long run, each with what is to become of it: a case of its own, a message of another's, or held."""

from base64 import b64encode
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from heedtest.mails import make_mail
from heedtest.sink import Sunk

ALIAS, SECOND_ALIAS = "hr@acme.example", "people@acme.example"


class Fate(StrEnum):
    """What is to become of a mail."""

    CASE = "a case of its own, acknowledged once"
    SILENT = "a case of its own, never answered"
    JOINS = "a message of the case it answers"
    AGAIN = "nothing: it is there already"
    HELD = "held, as it cannot be read"


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail on its way. `parent` is the Message-ID that it answers; `message_id` is "" where it has none."""

    raw: bytes
    sender: str
    message_id: str
    fate: Fate
    to: str = ALIAS
    parent: str = ""


def first_mails(run: str, count: int, random: Random) -> list[list[Sent]]:
    """Some `count` mails in groups; those of a group are sent one right after the other."""
    groups = []
    while (made := sum(map(len, groups))) < count:
        groups.append(random.choices(list(_KINDS), list(_KINDS.values()))[0](run, made))
    return groups


def answers(run: str, number: int, mail: Sunk, random: Random) -> Sent:
    """What comes back for an acknowledgement of ours: the person's answer, a machine's, or the mail itself."""
    made = random.choices((_reply, _away, _returned), (6, 1, 1))[0]
    return made(f"<{run}.back.{number}@people.example>", mail)


def _plain(run: str, number: int) -> list[Sent]:
    mail = make_mail(run, number)
    return [Sent(mail.raw, mail.sender, mail.message_id, Fate.CASE)]


def _with(run: str, number: int, *headers: str, body: bytes | None = None, fate: Fate = Fate.CASE) -> list[Sent]:
    """A mail with further headers in front, and another body where one is given (its Content headers among them)."""
    (plain,) = _plain(run, number)
    head, _, own = plain.raw.partition(b"\r\n\r\n")
    if body is not None:
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-"))]
        head, own = b"\r\n".join(kept), b""
    raw = "".join(f"{header}\r\n" for header in headers).encode() + head
    return [replace(plain, raw=raw + (b"\r\n" + body if body is not None else b"\r\n\r\n" + own), fate=fate)]


def _html(run: str, number: int) -> list[Sent]:
    words = (
        f"<div>Hello,</div><div>my payslip <b>no. {number}</b> is wrong.</div><blockquote>What he said.</blockquote>"
    )
    return _with(run, number, body=f"Content-Type: text/html; charset=utf-8\r\n\r\n{words}\r\n".encode())


def _with_file(run: str, number: int, size: int = 3000) -> list[Sent]:
    content = b64encode(Random(number).randbytes(size)).decode()
    wrapped = "\r\n".join(content[at : at + 76] for at in range(0, len(content), 76))
    body = (
        f'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nPlease see the file, no. {number}.\r\n--b\r\n'
        'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="slip.pdf"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{wrapped}\r\n--b--\r\n"
    )
    return _with(run, number, body=body.encode())


def _large(run: str, number: int) -> list[Sent]:
    return _with_file(run, number, 400_000)


def _lying_charset(run: str, number: int) -> list[Sent]:
    return _with(
        run, number, body=b"Content-Type: text/plain; charset=x-none\r\n\r\nM\xfcller %d gr\xfc\xdft\x80\r\n" % number
    )


def _truncated(run: str, number: int) -> list[Sent]:
    return _with(
        run, number, body=b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nCut off no. %d' % number
    )


def _subject_only(run: str, number: int) -> list[Sent]:
    return _with(run, number, body=b"Content-Type: text/plain\r\n\r\n")


def _nameless(run: str, number: int) -> list[Sent]:
    (plain,) = _plain(run, number)
    raw = b"\r\n".join(line for line in plain.raw.split(b"\r\n") if not line.startswith(b"Message-ID"))
    return [replace(plain, raw=raw, message_id="")]


def _encrypted(run: str, number: int) -> list[Sent]:
    body = (
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n"
        b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQ%d\r\n-----END PGP MESSAGE-----\r\n--b--\r\n" % number
    )
    return _with(run, number, body=body, fate=Fate.HELD)


def _away_by_itself(run: str, number: int) -> list[Sent]:
    return _with(run, number, "Auto-Submitted: auto-replied", fate=Fate.SILENT)


def _list(run: str, number: int) -> list[Sent]:
    return _with(run, number, "List-Id: <staff.people.example>", "Precedence: list", fate=Fate.SILENT)


def _loop(run: str, number: int) -> list[Sent]:
    return _with(run, number, "X-Heed-Loop: acme.example", fate=Fate.SILENT)


def _to_both(run: str, number: int) -> list[Sent]:
    (plain,) = _plain(run, number)
    return [plain, replace(plain, to=SECOND_ALIAS, fate=Fate.AGAIN)]


def _twice(run: str, number: int) -> list[Sent]:
    (plain,) = _plain(run, number)
    return [plain, replace(plain, fate=Fate.AGAIN)]


def _right_behind(run: str, number: int) -> list[Sent]:
    (plain,) = _plain(run, number)
    own = f"<{run}.{number}.more@people.example>"
    raw = plain.raw.replace(b"Subject: ", b"Subject: Re: ", 1).replace(b"Dear HR team,", b"And one more thing,", 1)
    raw = raw.replace(plain.message_id.encode(), own.encode(), 1)
    raw = f"In-Reply-To: {plain.message_id}\r\nReferences: {plain.message_id}\r\n".encode() + raw
    return [plain, Sent(raw, plain.sender, own, Fate.JOINS, parent=plain.message_id)]


_KINDS = {_plain: 40, _html: 8, _with_file: 8, _large: 1, _lying_charset: 4, _truncated: 3, _subject_only: 3, _nameless: 4,
          _encrypted: 1, _away_by_itself: 4, _list: 3, _loop: 3, _to_both: 5, _twice: 4, _right_behind: 9}  # fmt: skip
"""How often each kind comes, as weights."""


def _headers_of(mail: Sunk) -> dict[str, str]:
    head = mail.raw.partition(b"\r\n\r\n")[0].decode("ascii")
    return {name: value for name, _, value in (line.partition(": ") for line in head.split("\r\n"))}


def _reply(own: str, mail: Sunk) -> Sent:
    (person,), headers = mail.recipients, _headers_of(mail)
    to = headers["Reply-To"].rpartition("<")[2].rstrip(">")
    raw = (
        f"From: {person}\r\nTo: {to}\r\nSubject: Re: your answer\r\nDate: Mon, 12 Jan 2026 12:00:00 +0100\r\n"
        f"Message-ID: {own}\r\nIn-Reply-To: {mail.message_id}\r\n\r\nThank you. It is about October.\r\n\r\n"
        "On Mon, 12 Jan 2026 at 11:00, HR <hr@acme.example> wrote:\r\n\r\n> Your message has arrived.\r\n"
    )
    return Sent(raw.encode(), person, own, Fate.JOINS, to, mail.in_reply_to)


def _away(own: str, mail: Sunk) -> Sent:
    said = _reply(own, mail)
    return replace(said, raw=b"Auto-Submitted: auto-replied\r\n" + said.raw, sender="")


def _returned(own: str, mail: Sunk) -> Sent:
    (person,) = mail.recipients
    raw = (
        f"From: MAILER-DAEMON@people.example\r\nTo: {mail.sender}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Date: Mon, 12 Jan 2026 12:00:00 +0100\r\nMessage-ID: {own}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n--r\r\n\r\nNobody is there.\r\n'
        "--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.people.example\r\n\r\n"
        f"Final-Recipient: rfc822; {person}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    return Sent(raw.encode() + mail.raw + b"\r\n--r--\r\n", "", own, Fate.JOINS, mail.sender, mail.in_reply_to)
