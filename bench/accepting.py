"""How fast the door takes mail, sealed and synced before each 250: alone, and while triage writes."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from heedtest.bare import BareServer
from heedtest.blaster import Blasted, blast
from heedtest.look import settled
from heedtest.served import Served, heed_command
from heedtest.waiting import wait_until

from bench.figures import Figure, percentile, ratio


@contextmanager
def door_alone(home: Path) -> Iterator[tuple[str, int]]:
    """Nothing but `heed smtp` on a home that was prepared before."""
    environment = {"PATH": os.environ["PATH"], "HEED_SMTP__PORT": "0"}
    command = (*heed_command("smtp"), "--home", str(home))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        assert process.stdout is not None
        try:
            host, _, port = str(json.loads(process.stdout.readline())["smtp"]).rpartition(":")
            yield host, int(port)
        finally:
            process.terminate()


def accept_alone(bare: BareServer, home: Path, *, mails: int, rounds: int) -> list[Figure]:
    """The door by itself."""
    taken, base = list[Blasted](), list[Blasted]()
    with door_alone(home) as door:
        for number in range(-1, rounds):
            base.append(blast(bare.address, run=f"bare{number}", count=mails))
            taken.append(blast(door, run=f"alone{number}", count=mails))
    del taken[0], base[0]  # the first round warms both up
    rates = ratio("accept, alone", [one.rate for one in taken], [one.rate for one in base], floor=0.45, aim=0.6)
    late = percentile([one.latency for each in taken for one in each.accepted], 99)
    return [
        rates,
        Figure("accept, alone: DATA to 250, p99", late * 1000, "ms", f"{mails * rounds} mails, 8 connections"),
    ]


def accept_busy(bare: BareServer, served: Served, *, mails: int, rounds: int) -> Figure:
    """The door while workers triage what came before, measured against bare aiosmtpd on the idle machine."""
    taken, base = list[float](), list[float]()
    for number in range(rounds):
        wait_until(lambda: settled(served.home), "nothing to be under way", seconds=300, every=0.3)
        base.append(blast(bare.address, run=f"barebusy{number}", count=mails).rate)
        blast(served.door, run=f"before{number}", count=mails)  # work for triage, so that it writes all the while
        taken.append(blast(served.door, run=f"busy{number}", count=mails).rate)
        assert not settled(served.home), "triage was done before the measurement: send more"
    wait_until(lambda: settled(served.home), "nothing to be under way", seconds=300, every=0.3)
    return ratio("accept, while triage writes", taken, base, floor=0.45, aim=0.6)
