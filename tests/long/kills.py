"""Random kill -9 of whatever there is while every kind of effect happens: each happens once, whatever died.

Run by `make long`, or alone: `python tests/long kills --minutes 10 --seed 42 [--store postgresql]`. The seed, printed first,
repeats who is hit and after how long; what a hit meets is the machine's own.
"""

import shutil
import socket
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGSTOP

import psutil
from heedtest.blaster import Blaster
from heedtest.colleagues import FAY
from heedtest.effects import RULES, Talks, age, settings, what_is_wrong
from heedtest.homes import new_home
from heedtest.hook import Hook
from heedtest.look import Account, account, envelopes, outbox, repeated, rows, settled
from heedtest.postgres import postgres
from heedtest.served import Served, heed, start
from heedtest.sink import Mood, Sink
from heedtest.waiting import wait_until
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, text

from gateway.settings import socket_path

MAILS_A_SECOND = 4.0
VICTIMS = {
    "smtp": 4,
    "web": 1,
    "relay": 4,
    "worker": 2,
    "workers": 8,
    "rules": 3,
    "redis": 2,
    "supervisor": 1,
    "redis emptied": 1,
    "redis stopped": 1,
    "database": 3,
    "mail relay": 2,
    "mail relay after DATA": 4,
    "webhook": 2,
}
"""Who is hit how often, as weights."""
DIRECT = ("smtp", "web", "relay", "worker", "redis")


class Run:
    """One long run: a Heed that is restarted when its supervisor was the victim, with the world around it.

    `toml` is its settings, `rules` its ruleset, the starter's if none; `url` a PostgreSQL instead of SQLite.
    """

    def __init__(self, folder: Path, hook: Hook, random: Random, toml: str, *, rules: str = "", url: str = "") -> None:
        stores = f'[inbox]\nurl = "{url}"\n[record]\nurl = "{url}"\n' if url else ""
        self.home = new_home(folder, toml=stores + toml)
        if rules:
            (self.home / "rules.yaml").write_text(rules, encoding="utf-8")
        self.hits: Counter[str] = Counter()
        self._url, self._hook, self._random = url, hook, random
        self._journal = folder / "relay.jsonl"
        self.sink = Sink(journal=self._journal)
        self._relay = int(self.sink.address.rpartition(":")[2])
        self._port, self._console = free_port(), free_port()
        self.served = self._start()

    def _start(self) -> Served:
        ports = ("--smtp-port", str(self._port), "--console-port", str(self._console))  # notices link to the console
        return start(self.home, *ports, "--relay", self.sink.address)

    def hit(self) -> None:
        """Kill or trouble somebody, then wait until everybody is back; another one when the first choice is not there."""
        while not self._hit(victim := self._random.choices(list(VICTIMS), list(VICTIMS.values()))[0]):
            time.sleep(0.05)
        self.hits[victim] += 1
        wait_until(lambda: all(self.served.find(one) for one in DIRECT), "everybody to be back", seconds=60)

    def _hit(self, victim: str) -> bool:
        others: dict[str, Callable[[], bool]] = {
            "supervisor": self._kill_all,
            "redis emptied": self._empty_redis,
            "redis stopped": self._stop_redis,
            "database": self._trouble_database,
            "mail relay": self._kill_sink,
            "mail relay after DATA": self._kill_sink_after_data,
            "webhook": self._trouble_hook,
        }
        return others[victim]() if victim in others else self._kill_one_of(victim)

    def _kill_all(self) -> bool:
        self.served.end_at_once()
        self.served = self._start()
        return True

    def _stop_redis(self) -> bool:
        self.served.signal("redis", SIGSTOP)
        time.sleep(self._random.uniform(0.1, 3.0))
        self.served.signal("redis", SIGCONT)
        return True

    def _empty_redis(self) -> bool:
        try:
            with Redis(unix_socket_path=str(socket_path(self.home))) as redis:
                return bool(redis.flushall())
        except RedisError:
            return False

    def _trouble_database(self) -> bool:
        """Half of PostgreSQL's connections end; SQLite's file is somebody else's for a while."""
        if self._url:
            admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
            ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND random() < 0.5"
            with admin.connect() as connection:
                connection.execute(text(f"{ending} AND backend_type = 'client backend'"))
            admin.dispose()
            return True
        with closing(sqlite3.connect(self.home / self._random.choice(("inbox.db", "record.db")), timeout=20)) as one:
            one.execute("BEGIN IMMEDIATE")
            time.sleep(self._random.uniform(0.1, 3.0))
            one.rollback()
        return True

    def _kill_sink(self) -> bool:
        self.sink.__exit__(None, None, None)
        time.sleep(self._random.uniform(0.0, 1.0))
        self.sink = Sink(port=self._relay, journal=self._journal)
        return True

    def _kill_sink_after_data(self) -> bool:
        """It has taken a mail for good, and dies before it says so."""
        self.sink.feel(Mood.DIE)
        try:
            wait_until(lambda: not psutil.pid_exists(self.sink.pid) or _is_dead(self.sink.pid), "a mail", seconds=10)
        except AssertionError:
            self.sink.feel(Mood.ACCEPT)
            return False
        return self._kill_sink()

    def _trouble_hook(self) -> bool:
        self._hook.refuse = self._random.choice((0, 1, 3))
        self._hook.die = self._random.choice((0, 1, 3))
        return True

    def _kill_one_of(self, role: str) -> bool:
        found = self.served.find(role)
        if not found:
            return False
        try:
            self._random.choice(found).kill()
        except psutil.NoSuchProcess:
            return False
        return True

    def check(self, accepted: list[str], talks: Talks) -> list[str]:
        """What is wrong once everything has settled; [] when all is well."""
        wrong = []
        try:  # a minute until deadlines, another for notices that are gathered, and back-offs
            wait_until(lambda: self._settled(), "nothing to be under way", seconds=900, every=0.5)
        except AssertionError as error:
            wrong.append(f"{error}: envelopes {envelopes(self.home)}, outbox {outbox(self.home)}")
        sent = self.sink.mails()
        to_mails = [one for one in sent if one.in_reply_to not in talks.asked]
        found: Account = account(self.home, accepted, to_mails)
        if not found.in_order:
            wrong.append(str(found))
        wrong += what_is_wrong(self.home, self._hook, talks, accepted, sent)
        held = rows(self.home / "inbox.db", "SELECT reference, attempts, error FROM envelope WHERE state = 'held'")
        wrong += [f"held: {one}" for one in held]
        stuck = "SELECT kind, key, attempts, error FROM outbox WHERE state = 'blocked'"
        wrong += [f"blocked: {one}" for one in rows(self.home / "record.db", stuck)]
        try:
            heed(self.home, "audit", "verify")
        except AssertionError as error:
            wrong.append(str(error))
        kinds = dict(rows(self.home / "record.db", "SELECT kind, count(*) FROM outbox GROUP BY kind"))
        print(f"{len(accepted)} mails accepted, {len(talks.answered)} talks, effects {kinds}")
        print(f"{len(sent)} mails taken by the relay, {repeated(sent)} of them again")
        return wrong

    def _settled(self) -> bool:
        """Nothing is under way, and every step of every ladder has come."""
        waiting = "SELECT count(*) FROM rung r JOIN clock c ON c.id = r.clock_id WHERE r.state = 'waiting' AND c.ended_at IS NULL"
        return settled(self.home) and rows(self.home / "record.db", waiting) == [(0,)]

    def surveyed(self, talks: Talks) -> None:
        """Let a day or two pass for what is closed, until a relay has looked."""
        asked = "SELECT count(*) FROM outbox WHERE key LIKE 'survey:%'"
        closed = "SELECT count(*) FROM case_file WHERE status = 'closed'"
        wait_until(
            lambda: rows(self.home / "record.db", closed)[0][0] >= len(talks.answered),
            "cases to be closed",
            seconds=600,
        )
        age(self.home)
        self.served.kill("relay")  # the next one looks at once
        wait_until(
            lambda: rows(self.home / "record.db", asked)[0][0] >= len(talks.answered),
            "surveys to be promised",
            seconds=600,
        )


def _is_dead(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def free_port() -> int:
    """A port nobody uses now, so that every restart of the door is found where it was."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(minutes: float, kills: int, seed: int, rate: float = MAILS_A_SECOND, store: str = "sqlite") -> int:
    """The whole run; the exit code."""
    random, began = Random(seed), time.monotonic()
    print(
        f"kills: seed {seed}, {store}, {kills} within {minutes:.1f} minutes, {rate:g} mails a second, 8 connections",
        flush=True,
    )
    folder = Path(tempfile.mkdtemp(prefix="heed-long-"))
    gap = minutes * 60 / max(1, kills)
    with ExitStack() as stack:
        hook = stack.enter_context(Hook())
        url = stack.enter_context(postgres()) if store == "postgresql" else ""
        long = Run(folder, hook, random, settings(hook), rules=RULES, url=url)
        heed(long.home, "staff", "add", FAY, "--name", "Fay Moss", "--role", "handler")
        stack.callback(lambda: long.sink.__exit__(None, None, None))
        stack.callback(lambda: long.served.process.poll() is None and long.served.end_at_once())
        talks = Talks(lambda: long.served.door, lambda: long.sink, every=5.0)
        blaster = stack.enter_context(Blaster(long.served.door, run=f"long{seed}", rate=rate))
        talks.start()
        starts = time.monotonic()
        for number in range(kills):
            time.sleep(max(0.0, starts + number * gap + random.uniform(0, gap) - time.monotonic()))
            long.hit()
        time.sleep(max(0.0, starts + minutes * 60 - time.monotonic()))
        blasted = blaster.stop()
        talks.stop(patience=180)
        wrong = _survey(long, talks)
        wrong += long.check([one.message_id for one in blasted.accepted], talks)
        took = long.served.end()
    print(f"hit: {long.hits.total()}, {dict(long.hits)}; the client met {blasted.others}")
    print(f"ended {took:.1f} s after SIGTERM; the whole run took {time.monotonic() - began:.0f} s")
    for one in wrong[:40]:
        print(f"WRONG: {one}")
    if wrong:
        print(f"the home is kept in {folder}; repeat with --seed {seed}")
        return 1
    shutil.rmtree(folder)
    print(
        "every 250 is exactly one case, and every effect of it happened once; the trail verifies; nothing is held or blocked"
    )
    return 0


def _survey(long: Run, talks: Talks) -> list[str]:
    try:
        long.surveyed(talks)
    except AssertionError as error:
        return [str(error)]
    return []
