"""Every kind of effect in one running Heed, and an outsider's account of it: what each case must have brought, once."""

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select, update

from cases.store import tables
from cases.store.engine import open_database, sqlite_url, writing
from heedtest.colleagues import AUTHSERV, FAY, PROVEN, SAM, plain
from heedtest.door import hand_over
from heedtest.hook import Hook
from heedtest.look import cases_by_message_id, rows, url_of
from heedtest.sink import Sink, Sunk

REFERENCE = re.compile(r"\bHR-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
WATCH, LEADERSHIP, COUNSEL = "watch@acme.example", "cho@acme.example", "legal@acme.example"
PIA, TALK = "pia@acme.example", "kaleidoscope"
GRAVE = "accent"
"""A word of the blaster's mails that makes a case grave: notices about it do not wait for each other."""
RULES = f"""version: 1
settings: {{timezone: Europe/London, languages: [en], unsure_below: 0.60}}
calendars:
  office: {{hours: {{mon-fri: ["09:00-17:00"]}}}}
teams:
  desk: {{members: [{PIA}], assign: first, lead: lena@acme.example, backup: omar@acme.example}}
  talks: {{members: [{FAY}], assign: first, lead: lena@acme.example, backup: omar@acme.example}}
people:
  watchers: {{members: [{WATCH}], backup: noor@acme.example}}
  leadership: {{members: [{LEADERSHIP}], backup: coo@acme.example}}
  counsel: {{members: [{COUNSEL}], backup: coo@acme.example}}
  guardian: {{members: [chair@acme.example, audit@acme.example]}}
risk_levels: [low, moderate, high, critical]
categories:
  talk: {{label: {{en: Talk}}, team: talks, risk: low, sla: quick, family: administrative}}
  unsorted: {{label: {{en: Unsorted}}, team: desk, risk: low, sla: quick, family: administrative}}
slas:
  quick: {{acknowledge: 24 hours, resolve: 1 minutes}}
escalation:
  quick: [{{at: 30%, of: resolve, notify: watchers}}, {{at: 100%, of: resolve, escalate_to: leadership}}]
rules:
  - {{id: talk, phase: classify, when: {{mentions: [{TALK}]}}, then: {{category: talk}}}}
  - {{id: grave, phase: assess, when: {{mentions: [{GRAVE}]}}, then: {{raise_risk_to: high, escalate_to: counsel}}}}
"""
SLIP, FORM = b"%PDF-1.4 the payslip", b"%PDF-1.4 the form"


def settings(hook: Hook) -> str:
    """What a home says so that everything happens."""
    off = "\n".join(f"{name} = 0" for name in ("owner_hours", "progress_days", "waiting_days", "look_minutes"))
    return (
        f'[mail]\nauthserv_id = "{AUTHSERV}"\n[organisation]\npublic_url = "https://speak.acme.example"\n'
        f'[notices]\nchat_url = "{hook.url}"\n[reminders]\n{off}\nsurvey_days = 1\n'
    )


@dataclass
class Talks:
    """Sam writes with a file, Fay answers from her own client with another and closes the case; again and again, in a thread."""

    door: Callable[[], tuple[str, int]]
    sink: Callable[[], Sink]
    every: float
    asked: list[str] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin to talk."""
        self._thread = threading.Thread(target=self._run, name="talks", daemon=True)
        self._thread.start()

    def stop(self, patience: float) -> None:
        """Ask nothing more; answer what comes within `patience` seconds: what comes in a mail of many has nothing to answer."""
        self._stop.set()
        self._thread.join(1.0 + 2 * self.every)
        until = time.monotonic() + patience
        while len(self.answered) < len(self.asked) and time.monotonic() < until:
            self._answer()
            time.sleep(3.0)

    def _run(self) -> None:
        while not self._stop.wait(self.every):
            number = len(self.asked)
            message_id = f"<talk-{number}@acme.example>"
            self._send(SAM, f"Question {number}. A {TALK}.", message_id, "hr@acme.example", ("slip.pdf", SLIP))
            self.asked.append(message_id)
            self._answer()

    def _answer(self) -> None:
        """Fay reads her mail, and answers each notice of a talk once."""
        for one in self.sink().mails():
            if one.recipients != (FAY,) or b"Question " not in one.raw:
                continue
            notice = parsed(one)
            found = re.search(r"Question (\d+)\.", plain(notice))
            if found and int(found[1]) not in self.answered and notice["Reply-To"]:
                to = notice["Reply-To"].addresses[0].addr_spec
                words = f"#close answered\nAnswer {found[1]}."
                self._send(FAY, words, f"<answer-{found[1]}@acme.example>", to, ("form.pdf", FORM), notice)
                self.answered.add(int(found[1]))

    def _send(self, sender: str, text: str, message_id: str, to: str, file: tuple[str, bytes],
              answers: EmailMessage | None = None) -> None:  # fmt: skip
        """Until it is accepted: the same bytes each time."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, "My payslip"
        message["Message-ID"], message["Date"] = message_id, "Mon, 23 Nov 2026 09:12:00 +0000"
        message["Authentication-Results"] = PROVEN["Authentication-Results"]
        if answers is not None:
            message["In-Reply-To"] = message["References"] = str(answers["Message-ID"])
        message.set_content(text)
        message.add_attachment(file[1], maintype="application", subtype="pdf", filename=file[0])
        raw = message.as_bytes(policy=policy.SMTP)
        while True:
            try:
                answer = hand_over(self.door(), raw, sender=sender, to=to)
                if answer.code == 250:
                    return
                if answer.code >= 500:
                    self.refused.append(f"{message_id} was refused: {answer.code} {answer.text}")
                    return
            except OSError:
                pass
            time.sleep(0.2)


def age(home: Path) -> None:
    """Two days pass for every case that is closed: it may be asked about."""
    database = home / "record.db"
    record = open_database(url_of(database) or sqlite_url(database), schema="heed_record")
    closed = tables.case.c.closed_at
    with writing(record) as connection:
        rested = tables.case.c.id.in_(select(tables.case.c.id).where(closed > tables.case.c.received_at))
        for row in connection.execute(select(tables.case.c.id, closed).where(rested)).all():
            at = row.closed_at - timedelta(days=2)
            connection.execute(update(tables.case).where(tables.case.c.id == row.id).values(closed_at=at))
    record.dispose()


def parsed(mail: Sunk) -> EmailMessage:
    """A mail of ours."""
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def what_is_wrong(home: Path, hook: Hook, talks: Talks, accepted: Sequence[str], sent: Sequence[Sunk]) -> list[str]:
    """Every effect that is missing or happened more often than once, by distinct Message-ID."""
    once = list({one.message_id: one for one in sent}.values())
    routine = [found[0] for found in cases_by_message_id(home, accepted).values() if found]
    asked = {number: found[0] for number, found in enumerate(cases_by_message_id(home, talks.asked).values()) if found}
    return [
        *_missing_or_twice("owner's notice", _mentions(once, PIA, "is now yours"), routine),
        *_missing_or_twice("owner's notice of a talk", _mentions(once, FAY, "is now yours"), list(asked.values())),
        *_missing_or_twice("reminder", _mentions(once, WATCH), _reminded(home)),
        *_missing_or_twice("escalation", _mentions(once, LEADERSHIP), routine),
        *_missing_or_twice("notice of what is grave", _mentions(once, COUNSEL), _grave(home)),
        *_talked(once, talks, asked),
        *_by_the_record(home, once),
        *_told(home, hook, routine),
    ]


def _mentions(mails: Sequence[Sunk], person: str, words: str = "") -> Counter[str]:
    """How many different mails to a person mention each case, of those with these words in them."""
    found = Counter[str]()
    for one in mails:
        if one.recipients == (person,):
            message = parsed(one)
            text = plain(message)
            found.update(set(REFERENCE.findall(f"{message['Subject']}\n{text}")) if words in text else ())
    return found


def _missing_or_twice(what: str, found: Counter[str], wanted: Sequence[str]) -> Iterator[str]:
    for reference in wanted:
        if found[reference] != 1:
            yield f"{what} of {reference}: {found[reference]} times"


def _reminded(home: Path) -> list[str]:
    """Cases with a reminder: one that comes when its deadline has passed says nothing any more, and is dropped."""
    said = "SELECT c.reference FROM case_file c JOIN event e ON e.stream_id = c.id WHERE e.verb = 'deadline.reminded'"
    return [str(one) for (one,) in rows(home / "record.db", said)]


def _grave(home: Path) -> list[str]:
    return [str(one) for (one,) in rows(home / "record.db", "SELECT reference FROM case_file WHERE risk = 'high'")]


def _talked(mails: Sequence[Sunk], talks: Talks, asked: dict[int, str]) -> Iterator[str]:
    """Each of Fay's answers reached Sam once, and Sam was asked once how it went."""
    answers, surveys = Counter[int](), Counter[str]()
    for one in mails:
        if one.recipients == (SAM,):
            message = parsed(one)
            answers.update(int(number) for number in re.findall(r"^Answer (\d+)\.", plain(message), re.MULTILINE))
            if str(message["Subject"]).startswith("How did it go?") or "how it went" in plain(message):
                surveys.update(set(REFERENCE.findall(str(message["Subject"]) + plain(message))))
    for number in sorted(talks.answered):
        if answers[number] != 1:
            yield f"answer {number} reached Sam {answers[number]} times"
        if surveys[asked.get(number, "")] != 1:
            yield f"survey of talk {number}, {asked.get(number)}: {surveys[asked.get(number, '')]} times"
    yield from talks.refused


def _by_the_record(home: Path, mails: Sequence[Sunk]) -> Iterator[str]:
    """What the record says was done is what the relay took, and each thing was done under one key."""
    done = {
        str(one) for (one,) in rows(home / "record.db", "SELECT id FROM outbox WHERE kind = 'mail' AND state = 'done'")
    }
    gone = "SELECT data FROM event WHERE verb IN ('notice.withdrawn', 'mail.withdrawn')"
    withdrawn = " ".join(str(one) for (one,) in rows(home / "record.db", gone))
    taken = {one.message_id.strip("<>")[:32] for one in mails}
    for one in sorted(done ^ taken):
        if one not in withdrawn:
            yield f"mail {one} is {'done and was never taken' if one in done else 'taken and not done'}"
    twice = "SELECT key, count(*) FROM outbox GROUP BY key HAVING count(*) > 1"
    yield from (f"{key} was promised {times} times" for key, times in rows(home / "record.db", twice))


def _told(home: Path, hook: Hook, routine: Sequence[str]) -> Iterator[str]:
    """The chat heard of each escalation under one key, in the same words however often."""
    told = defaultdict[str, set[str]](set)
    for key, bodies in hook.told.items():
        if len({str(one) for one in bodies}) != 1:
            yield f"chat notice {key} came in different words"
        if "escalated" in str(bodies[0]["what"]):
            told[str(bodies[0]["reference"])].add(key)
    for reference in routine:
        if len(told[reference]) != 1:
            yield f"chat heard of {reference} under {len(told[reference])} keys"
