"""Mails of all kinds through SMTP while processes die: each is one case or one message of another's, none loops, none twice.

Run alone: `python tests/long mails --mails 10000 --seed 42`. The seed, printed first, repeats the mails and who is killed.
Two waves: first mails; then what comes back for half of the acknowledgements (answers, out-of-office, bounces).
"""

import shutil
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random

from heedtest.door import hand_over
from heedtest.hook import Hook
from heedtest.look import cases_by_message_id, envelopes, rows, settled
from heedtest.served import heed
from heedtest.sink import Sunk
from heedtest.waiting import wait_until
from kills import Run
from kinds import SECOND_ALIAS, Fate, Sent, answers, first_mails

CONNECTIONS = 6
SECONDS_BETWEEN_KILLS = (1.0, 5.0)
TOML = f'[mail]\naliases = ["{SECOND_ALIAS}"]\n'
RETRY_AFTER = 0.3
STILL_MANY = 20
"""Unread mails while which the killing goes on; the last are left in peace, so that the run ends."""


def run(mails: int, seed: int) -> int:
    """The whole run; the exit code."""
    random, began = Random(seed), time.monotonic()
    print(f"mails: seed {seed}, {mails} mails", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="heed-long-"))
    with ExitStack() as stack:
        long = Run(folder, stack.enter_context(Hook()), random, TOML)
        stack.callback(lambda: long.sink.__exit__(None, None, None))
        stack.callback(lambda: long.served.process.poll() is None and long.served.end_at_once())
        sent = _send(long, first_mails(f"m{seed}", mails * 4 // 5, random), random)
        _settle(long)
        acknowledged = {one.in_reply_to: one for one in long.sink.mails() if one.in_reply_to}.values()
        chosen = random.sample(sorted(acknowledged, key=lambda one: one.in_reply_to), len(acknowledged) // 4)
        groups = [[answers(f"m{seed}", number, one, random)] for number, one in enumerate(chosen)]
        sent += _send(long, groups, random)
        _settle(long)
        wrong = _wrong(long.home, sent, long.sink.mails())
        took = long.served.end()
    print(f"{len(sent)} mails accepted: {dict(Counter(one.fate.name for one in sent))}; hit: {dict(long.hits)}")
    print(f"ended {took:.1f} s after SIGTERM; the whole run took {time.monotonic() - began:.0f} s")
    for one in wrong:
        print(f"WRONG: {one}")
    if wrong:
        print(f"the home is kept in {folder}; repeat with --seed {seed}")
        return 1
    shutil.rmtree(folder)
    print("every mail is one case or one message of another's; nothing twice, no loop; the trail verifies")
    return 0


def _send(long: Run, groups: Sequence[list[Sent]], random: Random) -> list[Sent]:
    """Hand all of them over, again and again until each is accepted, while somebody is killed now and then."""
    waiting: SimpleQueue[list[Sent]] = SimpleQueue()
    for group in groups:
        waiting.put(group)

    def work() -> None:
        while True:
            try:
                group = waiting.get_nowait()
            except Empty:
                return
            for mail in group:
                _until_accepted(lambda: long.served.door, mail)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or envelopes(long.home).get("new", 0) > STILL_MANY:
        pause = random.uniform(*SECONDS_BETWEEN_KILLS)
        threads[0].join(pause) if threads[0].is_alive() else time.sleep(pause)
        long.hit()
    return [mail for group in groups for mail in group]


def _until_accepted(door: Callable[[], tuple[str, int]], mail: Sent) -> None:
    """A 5xx would be a refusal, which none of these deserves."""
    while True:
        try:
            answer = hand_over(door(), mail.raw, sender=mail.sender, to=mail.to)
        except OSError:
            time.sleep(RETRY_AFTER)
            continue
        if answer.code == 250:
            return
        assert answer.code < 500, answer.text
        time.sleep(RETRY_AFTER)


def _settle(long: Run) -> None:
    wait_until(lambda: settled(long.home), "nothing to be under way", seconds=1200, every=0.5)


def _wrong(home: Path, sent: Sequence[Sent], taken: Sequence[Sunk]) -> list[str]:
    """What is not as it should be; [] when all is well."""
    cases = cases_by_message_id(home, {name for one in sent for name in (one.message_id, one.parent) if name})
    replies = defaultdict[str, set[str]](set)
    for mail in taken:
        replies[mail.in_reply_to].add(mail.message_id)
    wrong = [f"{words}: {one.fate.name} {one.message_id}" for one in sent for words in _faults(one, cases, replies)]
    fates = Counter(one.fate for one in sent)
    (count,), (inbound,) = (
        rows(home / "record.db", f"SELECT count(*) FROM {table}")[0]
        for table in ("case_file", "message WHERE direction = 'inbound'")
    )
    own = fates[Fate.CASE] + fates[Fate.SILENT]
    if count != own:
        wrong.append(f"{count} cases, not {own}")
    if inbound != own + fates[Fate.JOINS]:
        wrong.append(f"{inbound} messages, not {own + fates[Fate.JOINS]}")
    if len({one.digest for one in taken}) != len({one.message_id for one in taken}):
        wrong.append("a mail of ours went out again with other bytes")
    held = envelopes(home).get("held", 0)
    if not fates[Fate.HELD] <= held:
        wrong.append(f"{held} held, not {fates[Fate.HELD]}")
    errors = rows(home / "inbox.db", "SELECT DISTINCT error FROM envelope WHERE state = 'held'")
    wrong += [f"held: {error}" for (error,) in errors if "encrypted" not in error]
    blocked = rows(home / "record.db", "SELECT error FROM outbox WHERE state = 'blocked'")
    wrong += [f"blocked: {error}" for (error,) in blocked]
    try:
        heed(home, "audit", "verify")
    except AssertionError as error:
        wrong.append(str(error))
    return wrong


def _faults(mail: Sent, cases: dict[str, list[str]], replies: dict[str, set[str]]) -> list[str]:
    """What is wrong with one mail."""
    if not mail.message_id:
        return []
    found, faults = cases.get(mail.message_id, []), []
    if len(found) != (0 if mail.fate is Fate.HELD else 1):
        faults.append(f"{len(found)} cases")
    if mail.parent and found != cases.get(mail.parent):
        faults.append("not in the case of what it answers")
    answered = len(replies[mail.message_id])
    if mail.fate in {Fate.CASE, Fate.AGAIN} and answered != 1:
        faults.append(f"{answered} acknowledgements")
    if mail.fate in {Fate.SILENT, Fate.HELD} and answered:
        faults.append("answered")
    return faults
