"""After a restore: what the done folder still has comes back, and what Heed has stays one case."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from heedtest.dovecot import Dovecot, dovecot, find_dovecot
from heedtest.mailrooms import letter, mailbox_settings, mailroom
from heedtest.waiting import wait_until

from gateway.shell import main

pytestmark = pytest.mark.skipif(find_dovecot() is None, reason="Dovecot is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def test_a_lost_inbox_is_filled_again_once(server: Dovecot, tmp_path: Path) -> None:
    user = uuid.uuid4().hex
    mailbox = mailbox_settings(server, user)
    server.deliver(user, letter(1), letter(2))
    server.deliver(user, letter(3), folder="Rubbish")
    with mailroom(tmp_path / "before", mailbox, poll_seconds=1) as room, room.open():
        room.wait_for(3)
        wait_until(lambda: server.count(user, "Heed/Done") == 3, "all to be done")
    with mailroom(tmp_path / "restored", mailbox) as room:
        (room.home / "heed.toml").write_text(_toml(mailbox))
        for _ in range(2):
            _refetch(room.home, datetime.now(UTC) - timedelta(days=2))
        assert sorted(one.raw for one in room.stored()) == [letter(1), letter(2), letter(3)]
        assert [one.raw for one in room.stored() if one.junk] == [letter(3)]


def test_what_the_inbox_saw_but_the_record_lost_comes_again(server: Dovecot, tmp_path: Path) -> None:
    user = uuid.uuid4().hex
    mailbox = mailbox_settings(server, user)
    server.deliver(user, letter(1))
    with mailroom(tmp_path, mailbox, poll_seconds=1) as room:
        with room.open():
            wait_until(lambda: server.count(user, "Heed/Done") == 1, "it to be done")
        (room.home / "heed.toml").write_text(_toml(mailbox))
        said = _refetch(room.home, datetime.now(UTC) - timedelta(days=1))
        assert '"folder": "Heed/Done", "stored": 1, "left": 0' in said
        assert [one.raw for one in room.stored()] == [letter(1)] * 2  # triage finds that they are the same


def test_a_day_to_come_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    done = CliRunner().invoke(main, ["imap", "refetch", "--since", "2999-01-01", "--home", str(tmp_path)])
    assert done.exit_code == 2


def _refetch(home: Path, since: datetime) -> str:
    words = ["imap", "refetch", "--since", f"{since:%Y-%m-%d}", "--home", str(home), "--json"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.output


def _toml(mailbox: dict[str, object]) -> str:
    lines = [
        f"{name} = {value if isinstance(value, int) else f'{chr(34)}{value}{chr(34)}'}"
        for name, value in mailbox.items()
    ]
    return "\n".join(("[imap.mailboxes.hr]", *lines))
