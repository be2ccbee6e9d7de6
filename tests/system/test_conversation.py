"""An employee and the owner of a case talk, ten turns over real SMTP and IMAP, each in the client they have: Gmail there,
Outlook here.

The employee writes to the HR alias' mailbox, which Heed fetches from a real Dovecot; the owner's answers come in by the SMTP
door; both read what Heed sends in mailboxes of that Dovecot. Where none is installed, all of it goes by SMTP.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from heedtest.colleagues import AUTHSERV, FAY, PROVEN, SAM, plain
from heedtest.door import hand_over
from heedtest.dovecot import PASSWORD, Dovecot, dovecot, find_dovecot
from heedtest.homes import new_home
from heedtest.look import cases_by_message_id, rows
from heedtest.served import Served, heed, serve
from heedtest.sink import Sink
from heedtest.waiting import wait_until

from worker.mail.phrases import above

pytestmark = pytest.mark.system

RULES = Path(__file__).parents[1] / "worker" / "rules.yaml"
SIGNATURE = "Kind regards\n\nFay Moss\nHR front desk, room 4.12\nT +44 20 5550 1234\nfay@acme.example"
SLIP, FORM = b"%PDF-1.4 the payslip of October", b"%PDF-1.4 the overtime form"

Files = Sequence[tuple[str, bytes]]


@dataclass
class Talk:
    """The two people at their mail clients, with what each has got, oldest first."""

    served: Served
    sink: Sink
    server: Dovecot | None
    sent: list[str] = field(default_factory=list)
    delivered: int = 0
    read: dict[str, list[bytes]] = field(default_factory=dict)

    def inbox(self, person: str) -> list[EmailMessage]:
        """What reached a person."""
        taken = self.sink.mails()
        if self.server is None:
            found = [one.raw for one in taken if one.recipients == (person,)]
        else:
            for one in taken[self.delivered :]:
                self.server.deliver(one.recipients[0], one.raw)
                self.read.pop(one.recipients[0], None)
            self.delivered = len(taken)
            found = self.read.get(person) or self.read.setdefault(person, self.server.read(person))
        return [message_from_bytes(raw, EmailMessage, policy=policy.default) for raw in found]

    def got(self, person: str, words: str) -> EmailMessage:
        """The mail with these words, once it is there."""
        look = lambda: [one for one in self.inbox(person) if words in plain(one)]  # noqa: E731
        return wait_until(look, f"“{words}” to reach {person}", seconds=30)[0]

    def status(self) -> str:
        """How the one case stands."""
        ((status,),) = rows(self.served.home / "record.db", "SELECT status FROM case_file")
        return str(status)

    def sam(self, words: str, answers: EmailMessage | None = None, files: Files = ()) -> EmailMessage:
        """The employee writes, or answers as Gmail does: above a quote with a line that says whose it is."""
        body = words
        if answers is not None:
            quote = "\n".join(f"> {line}".rstrip() for line in plain(answers).splitlines())
            body = f"{words}\n\nOn Mon, 23 Nov 2026 at 09:10, Acme HR <hr@acme.example>\nwrote:\n\n{quote}\n"
        self._send(f"Sam Doe <{SAM}>", "My payslip", body, answers, files)
        return self.got(FAY, words)

    def fay(self, words: str, answers: EmailMessage, files: Files = ()) -> None:
        """The owner answers as Outlook does: above their signature, a rule, and the whole mail under a block of headers."""
        block = (
            "________________________________\nFrom: Acme HR <hr@acme.example>\nSent: Monday, November 23, 2026 9:10 AM\n"
            f"To: Fay Moss <{FAY}>\nSubject: {answers['Subject']}\n"
        )
        body = f"{words}\n\n{SIGNATURE}\n\n{block}\n{plain(answers)}"
        self._send(f"Fay Moss <{FAY}>", str(answers["Subject"]), body, answers, files)

    def _send(self, sender: str, subject: str, body: str, answers: EmailMessage | None, files: Files) -> None:
        message, to = EmailMessage(), ALIAS
        message["From"], message["Message-ID"] = sender, f"<turn-{len(self.sent)}@acme.example>"
        message["Date"] = "Mon, 23 Nov 2026 09:12:00 +0000"
        message["Authentication-Results"] = PROVEN["Authentication-Results"]
        if answers is not None:
            subject = subject if subject.startswith("Re:") else f"Re: {subject}"
            to = answers["Reply-To"].addresses[0].addr_spec
            message["In-Reply-To"] = str(answers["Message-ID"])
            message["References"] = f"{answers['References'] or ''} {answers['Message-ID']}".strip()
        message["Subject"], message["To"] = subject, to
        message.set_content(body)
        for name, content in files:
            message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        self.sent.append(str(message["Message-ID"]))
        raw = message.as_bytes(policy=policy.SMTP)
        address = message["From"].addresses[0].addr_spec
        if address == SAM and self.server is not None:
            self.server.deliver(ALIAS, raw)
            return
        assert hand_over(self.served.door, raw, sender=address, to=to).code == 250


SAID = ("My overtime is missing.", "October, here is the slip.", "Thank you, I have signed it.", "It is still missing.",
        "Now it is there, thanks a lot.")  # fmt: skip
ANSWERED = ("Which month is it about?", "Please sign this form.", "It comes with the next pay.", "We paid it today.")
ALIAS = "hr@acme.example"
MAILBOX = """[imap.mailboxes.hr]
host = "127.0.0.1"
port = {port}
tls = "none"
user = "hr@acme.example"
password = "{password}"
"""
NOTE = "Sam is right, payroll forgot the second week."


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    with ExitStack() as stack:
        server = stack.enter_context(dovecot()) if find_dovecot() else None
        mailbox = MAILBOX.format(port=server.port, password=PASSWORD) if server else ""
        home = new_home(tmp_path_factory.mktemp("conversation"), toml=f'[mail]\nauthserv_id = "{AUTHSERV}"\n{mailbox}')
        yield from _talked(home, server)


def _talked(home: Path, server: Dovecot | None) -> Iterator[Talk]:
    rules = RULES.read_text(encoding="utf-8").replace(
        "members: [pia@acme.example, omar@acme.example]", f"members: [{FAY}]"
    )
    (home / "rules.yaml").write_text(rules, encoding="utf-8")  # whatever the classifier makes of it, it is Fay's
    with Sink() as sink, serve(home, "--relay", sink.address) as served:
        heed(home, "staff", "add", FAY, "--name", "Fay Moss", "--role", "handler")
        talk = Talk(served, sink, server)
        notice = talk.sam(SAID[0])
        talk.fay(f"#wait\n\nDear Sam,\n\n{ANSWERED[0]}", notice)
        question = talk.got(SAM, ANSWERED[0])
        assert talk.status() == "waiting_for_employee"
        notice = talk.sam(SAID[1], question, [("slip.pdf", SLIP)])
        talk.fay(f"#note\n{NOTE}", notice)
        talk.fay(f"Dear Sam,\n\n{ANSWERED[1]}", notice, [("form.pdf", FORM)])
        notice = talk.sam(SAID[2], talk.got(SAM, ANSWERED[1]))
        talk.fay(f"#close answered\n{ANSWERED[2]}", notice)
        told = talk.got(SAM, ANSWERED[2])
        assert talk.status() == "closed"
        notice = talk.sam(SAID[3], told)
        assert talk.status() == "reopened"
        talk.fay(ANSWERED[3], notice)
        talk.sam(SAID[4], talk.got(SAM, ANSWERED[3]))
        yield talk


def test_it_is_one_case(talk: Talk) -> None:
    found = cases_by_message_id(talk.served.home, talk.sent)
    assert len(talk.sent) == 10
    assert len({tuple(references) for references in found.values()}) == 1
    assert rows(talk.served.home / "record.db", "SELECT count(*) FROM case_file") == [(1,)]


def test_every_turn_is_delivered_once_and_the_note_never(talk: Talk) -> None:
    to_sam, to_fay = ([plain(one) for one in talk.inbox(person)] for person in (SAM, FAY))
    assert {words: sum(words in one for one in to_fay) for words in SAID} == dict.fromkeys(SAID, 1)
    assert {words: sum(words in one for one in to_sam) for words in ANSWERED} == dict.fromkeys(ANSWERED, 1)
    assert not any(NOTE in one for one in to_sam)
    assert len(to_sam) == 1 + len(ANSWERED)
    recorded = rows(talk.served.home / "record.db", "SELECT direction, count(*) FROM message GROUP BY direction")
    assert dict(recorded) == {"inbound": 5, "outbound": 4, "note": 1}


def test_the_employees_mails_are_one_thread(talk: Talk) -> None:
    sam_wrote = [talk.sent[turn] for turn in (0, 0, 2, 5, 7)]
    mails = talk.inbox(SAM)
    assert [one["In-Reply-To"] for one in mails] == sam_wrote
    for one in mails:
        assert one["References"].split()[-1] == one["In-Reply-To"]


def test_the_owners_notices_are_one_thread(talk: Talk) -> None:
    roots = {one["References"].split()[0] for one in talk.inbox(FAY) if one["Reply-To"]}
    assert len(roots) == 1


def test_nothing_of_the_owner_or_of_our_notices_reaches_the_employee(talk: Talk) -> None:
    private = (
        FAY,
        "Fay",
        "Moss",
        "room 4.12",
        "20 5550",
        above("en"),
        "Outlook",
        "Sent:",
        "is now yours",
        "/cases/",
        "#close",
        "#wait",
        NOTE,
    )
    for one in talk.inbox(SAM):
        assert one["From"] == "Acme HR <hr@acme.example>"
        whole = one.as_bytes().decode("latin-1") + plain(one) + one.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert [words for words in private if words in whole] == []


def test_files_travel_both_ways(talk: Talk) -> None:
    files = {
        person: [
            (part.get_filename(), part.get_content()) for one in talk.inbox(person) for part in one.iter_attachments()
        ]
        for person in (SAM, FAY)
    }
    assert files == {SAM: [("form.pdf", FORM)], FAY: [("slip.pdf", SLIP)]}
