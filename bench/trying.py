"""`heed rules try` on a record of 10,000 submissions: each opened, judged by the model, decided by both rulesets."""

import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from heedtest.offices import FIRST, Office, open_office
from heedtest.served import heed_command

from bench.figures import Figure
from cases.model.words import Channel
from classifier import corpus
from gateway.inbox.envelope import Delivery
from rules import starter_text

SUBMISSIONS = 10_000
HELD = 400
"""So many more go in: sealed cases that nobody of the office could read are held."""
REPLIES = 10
"""Every so many-th mail answers the one before it."""
CHANGES = ("unsure_below: 0.50", "unsure_below: 0.70"), ("raise_risk_to: high, tag: misconduct", "tag: misconduct")
"""What the candidate has otherwise: it moves some cases, and weakens some."""


def trying_figures() -> Iterator[Figure]:
    """The command as HR ops run it, start-up included; the weakened cases must come first."""
    text = starter_text()
    for before, after in CHANGES:
        assert before in text
        text = text.replace(before, after)
    with (
        tempfile.TemporaryDirectory(prefix="heed-bench-") as folder,
        pytest.MonkeyPatch.context() as patch,
        open_office(Path(folder), starter_text(), made_cheap=patch) as office,
    ):
        _fill(office, SUBMISSIONS + HELD)
        candidate = Path(folder) / "candidate.yaml"
        candidate.write_text(text, encoding="utf-8")
        who = "lena@acme.example"
        command = (*heed_command("rules", "try"), str(candidate), "--last", "9000d", "--json", "--as", who,
                   "--password", FIRST.format(who), "--home", folder)  # fmt: skip
        begun, worked = time.perf_counter(), _worked()
        printed = subprocess.run(command, check=True, capture_output=True, env={"PATH": os.environ["PATH"]}).stdout
        seconds, worked = time.perf_counter() - begun, _worked() - worked
    *moved, total = [json.loads(line) for line in printed.splitlines()]
    weaker = [bool(one["weakened"]) for one in moved]
    assert total["replayed"] >= SUBMISSIONS, total["replayed"]
    assert any(weaker)
    assert weaker == sorted(weaker, reverse=True), "weakened cases come first"
    shape = f"{len(moved)} decided otherwise, {sum(weaker)} weaker; {worked:.0f} s worked"
    yield Figure(f"trying rules on {SUBMISSIONS} submissions", seconds, "s", shape, aim=60.0, at_least=False)


def _fill(office: Office, count: int) -> None:
    """So many mails of the classifier's corpus through inbox and triage; what is answered comes before its replies."""
    mails = list(enumerate(islice(cycle(corpus.load()), count)))
    for replies in (False, True):
        futures = [
            office.inbox.put(Delivery(
                Channel.MAIL, _mail(number, row.subject, row.text),
                envelope_sender=_sender(number), envelope_recipients=("hr@acme.example",),
            ))
            for number, row in mails if _replies(number) is replies
        ]  # fmt: skip
        for future in futures:
            future.result(60)
        while office.triage():
            pass


def _replies(number: int) -> bool:
    return number % REPLIES == REPLIES - 1


def _mail(number: int, subject: str, text: str) -> bytes:
    answers = f"In-Reply-To: <{number - 1}@x>\r\n" if _replies(number) else ""
    return (
        f"From: {_sender(number)}\r\nTo: hr@acme.example\r\nSubject: {subject} {number}\r\n{answers}"
        f"Message-ID: <{number}@x>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def _sender(number: int) -> str:
    return f"p{number - number % 2}@acme.example"  # a reply and what it answers come from one person


def _worked() -> float:
    """Processor seconds of the children that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
