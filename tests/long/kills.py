"""Random kill -9 of random processes while mail flows: every 250 is one case and one acknowledgement, whatever died.

Run by `make long`, or alone: `python tests/long kills --minutes 10 --seed 42`. The seed, printed first, repeats who is
killed and after how long; what a kill meets is the machine's own.
"""

import shutil
import socket
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGSTOP

import psutil
from heedtest.blaster import Blaster
from heedtest.homes import new_home
from heedtest.look import Account, account, envelopes, outbox, repeated, rows, settled
from heedtest.served import Served, heed, start
from heedtest.sink import Sink
from heedtest.waiting import wait_until
from redis import Redis
from redis.exceptions import RedisError

from gateway.settings import socket_path

MAILS_A_SECOND = 20.0
VICTIMS = {
    "smtp": 4,
    "web": 1,
    "relay": 3,
    "worker": 2,
    "workers": 6,
    "rules": 3,
    "redis": 2,
    "supervisor": 1,
    "redis emptied": 1,
    "redis stopped": 1,
}
"""Who is hit how often, as weights."""


class Run:
    """One long run: a Heed that is restarted when its supervisor was the victim."""

    def __init__(self, folder: Path, sink: Sink, random: Random, toml: str = "") -> None:
        self.home = new_home(folder, toml=toml)
        self.hits: Counter[str] = Counter()
        self._sink = sink
        self._random = random
        self._port = free_port()
        self.served = self._start()

    def _start(self) -> Served:
        return start(self.home, "--smtp-port", str(self._port), "--relay", self._sink.address)

    def hit(self) -> None:
        """Kill somebody, or trouble Redis; another one when the first choice is not there just now."""
        while not self._hit(victim := self._random.choices(list(VICTIMS), list(VICTIMS.values()))[0]):
            time.sleep(0.05)
        self.hits[victim] += 1

    def _hit(self, victim: str) -> bool:
        if victim == "supervisor":
            self.served.end_at_once()
            self.served = self._start()
            return True
        if victim == "redis emptied":
            return self._empty_redis()
        if victim == "redis stopped":
            self.served.signal("redis", SIGSTOP)
            time.sleep(self._random.uniform(0.1, 3.0))
            self.served.signal("redis", SIGCONT)
            return True
        return self._kill_one_of(victim)

    def _empty_redis(self) -> bool:
        try:
            with Redis(unix_socket_path=str(socket_path(self.home))) as redis:
                return bool(redis.flushall())
        except RedisError:
            return False

    def _kill_one_of(self, role: str) -> bool:
        found = self.served.find(role)
        if not found:
            return False
        try:
            self._random.choice(found).kill()
        except psutil.NoSuchProcess:
            return False
        return True

    def check(self, accepted: list[str]) -> list[str]:
        """What is wrong once everything has settled; [] when all is well."""
        wrong = []
        try:
            wait_until(lambda: settled(self.home), "nothing to be under way", seconds=180, every=0.5)
        except AssertionError as error:
            wrong.append(f"{error}: envelopes {envelopes(self.home)}, outbox {outbox(self.home)}")
        sent = self._sink.mails()
        found: Account = account(self.home, accepted, sent)
        if not found.in_order:
            wrong.append(str(found))
        held = rows(self.home / "inbox.db", "SELECT reference, attempts, error FROM envelope WHERE state = 'held'")
        wrong += [f"held: {one}" for one in held]
        wrong += [
            f"blocked: {one}"
            for one in rows(self.home / "record.db", "SELECT error FROM outbox WHERE state = 'blocked'")
        ]
        try:
            heed(self.home, "audit", "verify")
        except AssertionError as error:
            wrong.append(str(error))
        print(f"{len(accepted)} mails accepted, {len(sent)} taken by the relay, {repeated(sent)} of them again")
        return wrong


def free_port() -> int:
    """A port nobody uses now, so that every restart of the door is found where it was."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(minutes: float, kills: int, seed: int, rate: float = MAILS_A_SECOND) -> int:
    """The whole run; the exit code."""
    random, began = Random(seed), time.monotonic()
    print(
        f"kills: seed {seed}, {kills} within {minutes:.1f} minutes, {rate:g} mails a second, 8 connections",
        flush=True,
    )
    folder = Path(tempfile.mkdtemp(prefix="heed-long-"))
    moments = sorted(random.uniform(0, minutes * 60) for _ in range(kills))
    with Sink(keep=False) as sink:
        long = Run(folder, sink, random)
        with Blaster(long.served.door, run=f"long{seed}", rate=rate) as blaster:
            starts = time.monotonic()
            for moment in moments:
                time.sleep(max(0.0, starts + moment - time.monotonic()))
                long.hit()
            time.sleep(max(0.0, starts + minutes * 60 - time.monotonic()))
            blasted = blaster.stop()
        wrong = long.check([one.message_id for one in blasted.accepted])
        took = long.served.end()
    print(f"hit: {dict(long.hits)}; the client met {blasted.others}")
    print(f"ended {took:.1f} s after SIGTERM; the whole run took {time.monotonic() - began:.0f} s")
    for one in wrong:
        print(f"WRONG: {one}")
    if wrong:
        print(f"the home is kept in {folder}; repeat with --seed {seed}")
        return 1
    shutil.rmtree(folder)
    print("every 250 is exactly one case and one acknowledgement; the trail verifies; nothing is held")
    return 0
