"""Starting, restarting and ending: a killed child comes back, SIGTERM ends everything within five seconds."""

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest
from heedtest.door import hand_over
from heedtest.homes import Mailed, new_home, one_case
from heedtest.look import account, settled
from heedtest.mails import make_mail
from heedtest.served import END_WITHIN, Served, heed_command, serve, start
from heedtest.sink import Mood, Sink
from heedtest.waiting import crowding, wait_until

pytestmark = pytest.mark.system


@pytest.mark.parametrize("name", ["smtp", "web", "relay", "worker", "workers", "rules", "redis"])
def test_a_killed_child_is_started_again_and_mail_goes_on(mailed: Mailed, name: str) -> None:
    before = {process.pid for process in wait_until(lambda: mailed.served.find(name), f"{name} to run", seconds=20)}
    mailed.served.kill(name)
    if name != "rules":  # a rules child may be started only when it is asked
        wait_until(lambda: {p.pid for p in mailed.served.find(name)} - before, f"{name} to be back", seconds=20)
    mail = mailed.next_mail(f"restart-{name}")
    assert (
        wait_until(lambda: try_to_hand_over(mailed.served, mail.raw, mail.sender), "the door to answer", seconds=20)
        == 250
    )
    mailed.accepted.append(mail.message_id)
    one_case(mailed.served, mail.message_id)
    mailed.settle()


def try_to_hand_over(served: Served, raw: bytes, sender: str) -> int:
    """The code of the answer, 0 while nobody listens."""
    try:
        return hand_over(served.door, raw, sender=sender).code
    except ConnectionError:
        return 0


@pytest.mark.parametrize("moment", ["idle", "under load"])
def test_sigterm_ends_every_process_and_a_second_start_finds_everything(tmp_path: Path, moment: str) -> None:
    home, accepted = new_home(tmp_path), []
    with Sink() as sink:
        with serve(home, "--relay", sink.address) as served:
            if moment == "under load":
                for number in range(120):
                    mail = make_mail("ending", number)
                    assert hand_over(served.door, mail.raw, sender=mail.sender).code == 250
                    accepted.append(mail.message_id)
        with serve(home, "--relay", sink.address) as served:
            wait_until(lambda: settled(home), "nothing to be under way")
            found = account(home, accepted, sink.mails())
            assert found.in_order, str(found)


def test_sigterm_does_not_wait_for_a_relay_that_hangs(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    with Sink() as sink:
        sink.feel(Mood.HANG)
        with serve(home, "--relay", sink.address) as served:
            mail = make_mail("hanging", 1)
            assert hand_over(served.door, mail.raw, sender=mail.sender).code == 250
            wait_until(sink.offered, "the acknowledgement to be under way")
        sink.feel(Mood.ACCEPT)
        with serve(home, "--relay", sink.address):
            wait_until(lambda: settled(home), "the acknowledgement to go out")
            found = account(home, [mail.message_id], sink.mails())
            assert found.in_order, str(found)


def test_nobody_outlives_a_killed_supervisor_and_the_home_serves_again(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    served = start(home)
    mail = make_mail("supervisor", 1)
    assert hand_over(served.door, mail.raw, sender=mail.sender).code == 250
    served.end_at_once()
    with serve(home) as again:
        one_case(again, mail.message_id)


def test_a_hung_up_terminal_ends_it_too(tmp_path: Path) -> None:
    served = start(new_home(tmp_path))
    everyone = served.everyone()
    os.kill(served.process.pid, signal.SIGINT)
    _, alive = psutil.wait_procs(everyone, timeout=END_WITHIN * crowding())
    for process in alive:
        process.kill()
    served.process.wait(END_WITHIN * crowding())
    served.close()
    assert not alive


def test_sigterm_while_it_starts_ends_everything_too(tmp_path: Path) -> None:
    command = (
        *heed_command("serve"),
        "--home",
        str(new_home(tmp_path)),
        "--smtp-port",
        "0",
        "--web-port",
        "0",
        "--console-port",
        "0",
    )
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        top = psutil.Process(process.pid)
        wait_until(lambda: len(top.children()) > 1, "its first children", seconds=30, every=0.01)
        everyone = [top, *top.children(recursive=True)]
        process.terminate()
        _, alive = psutil.wait_procs(everyone, timeout=END_WITHIN * crowding())
        for left in alive:
            left.kill()
    assert not alive


def test_a_door_comes_back_where_it_was(mailed: Mailed) -> None:
    before = mailed.served.one("smtp").pid
    mailed.served.kill("smtp")
    wait_until(lambda: [p for p in mailed.served.find("smtp") if p.pid != before], "the door to be back", seconds=20)
    mail = mailed.next_mail("comes-back")
    assert wait_until(lambda: try_to_hand_over(mailed.served, mail.raw, mail.sender), "an answer", seconds=20) == 250
    mailed.accepted.append(mail.message_id)
    mailed.settle()
