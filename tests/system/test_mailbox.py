"""A whole Heed with a mailbox: killed mid-fetch, ended in IDLE; every mail is one case, and what others called junk waits."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from heedtest.dovecot import PASSWORD, Dovecot, dovecot, find_dovecot
from heedtest.homes import new_home
from heedtest.look import answers_to, cases_by_message_id, rows, settled
from heedtest.mailrooms import letter
from heedtest.memory import secrets_in_memory
from heedtest.served import END_WITHIN, Served, heed, serve
from heedtest.waiting import crowding, wait_until

pytestmark = [pytest.mark.system, pytest.mark.skipif(find_dovecot() is None, reason="Dovecot is not installed")]

COUNT = 30


@pytest.fixture(scope="module")
def mail() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(scope="module")
def served(mail: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    mailbox = (
        f'[imap]\npoll_seconds = 600\n[imap.mailboxes.hr]\nhost = "127.0.0.1"\nport = {mail.port}\ntls = "none"\n'
        f'user = "hr"\npassword = "{PASSWORD}"\n'
    )
    mail.deliver("hr", *(letter(number, size=150_000) for number in range(COUNT)))
    mail.deliver("hr", letter(COUNT), folder="Rubbish")
    with serve(new_home(tmp_path_factory.mktemp("mailbox"), toml=mailbox)) as running:
        for reached in (1, COUNT // 3, COUNT // 2):
            wait_until(lambda reached=reached: _taken(running) >= reached, f"{reached} mails")  # type: ignore[misc]
            running.kill("imap")
            wait_until(lambda: running.find("imap"), "the door to be started again")
        wait_until(lambda: _taken(running) >= COUNT + 1, "all mails")
        wait_until(lambda: mail.count("hr", "INBOX") + mail.count("hr", "Rubbish") == 0, "all to be moved")
        wait_until(lambda: settled(running.home), "nothing to be under way")
        yield running


def test_killed_while_it_fetches_it_loses_nothing_and_brings_nothing_twice(served: Served) -> None:
    ids = [f"<{number}@acme.example>" for number in range(COUNT + 1)]
    assert {one: len(found) for one, found in cases_by_message_id(served.home, ids).items()} == dict.fromkeys(ids, 1)
    assert len(answers_to(served.home / "outgoing", ids[0])) == 1


def test_junk_is_a_case_that_waits_for_a_person_and_is_not_answered(served: Served) -> None:
    message_id = f"<{COUNT}@acme.example>"
    (reference,) = cases_by_message_id(served.home, [message_id])[message_id]
    ((tags, status),) = rows(
        served.home / "record.db", "SELECT tags, status FROM case_file WHERE reference = ?", reference
    )
    assert "junk" in tags.split()
    assert status != "closed"
    assert not answers_to(served.home / "outgoing", message_id)


def test_read_again_it_stays_one_case(served: Served) -> None:
    heed(served.home, "imap", "refetch", "--since", time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86400)))
    wait_until(lambda: _taken(served) == 2 * (COUNT + 1), "all mails once more")
    wait_until(lambda: settled(served.home), "nothing to be under way")
    assert rows(served.home / "record.db", "SELECT count(*) FROM case_file") == [(COUNT + 1,)]


def test_the_door_holds_one_public_key_and_its_mailbox(served: Served) -> None:
    process = served.one("imap")
    environment = json.dumps(process.environ()).casefold()
    assert not any(word in environment for word in ("redis", "password", "secret", "outgoing", PASSWORD))
    assert secrets_in_memory(process, served.home) == []
    assert {Path(one.path).suffix for one in process.open_files()} & {".key"} == set()
    assert not any("record" in one.path for one in process.open_files())


def test_the_doctor_tells_and_sigterm_ends_it_in_idle(served: Served) -> None:
    found = heed(served.home, "doctor", check=False)
    assert [one["state"] for one in found if one["check"] == "mailbox hr"] == ["green"]
    process = served.one("imap")
    process.terminate()
    _, alive = psutil.wait_procs([process], timeout=END_WITHIN * crowding())
    assert not alive
    wait_until(lambda: [one for one in served.find("imap") if one.pid != process.pid], "it to be started again")


def _taken(served: Served) -> int:
    return int(rows(served.home / "inbox.db", "SELECT count(*) FROM envelope")[0][0])
