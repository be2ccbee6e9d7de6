"""TLS to a real Dovecot whose certificate an authority of our own signed: believed only where that authority is known."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from heedtest.certificates import certify
from heedtest.dovecot import Dovecot, dovecot, find_dovecot
from heedtest.mailrooms import letter, mailbox_settings, mailroom
from heedtest.waiting import wait_until

from gateway.channels.imap.session import UNTRUSTED

pytestmark = pytest.mark.skipif(find_dovecot() is None, reason="Dovecot is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot(tls=True) as running:
        yield running


def over_tls(server: Dovecot, user: str, tls: str) -> dict[str, object]:
    """The mailbox's settings."""
    return mailbox_settings(server, user, tls=tls, port=server.tls_port if tls == "tls" else server.port)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_the_authority_is_known(server: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "ca.pem"))
    user = uuid.uuid4().hex
    server.deliver(user, letter(1))
    with mailroom(tmp_path, over_tls(server, user, tls), poll_seconds=1) as room, room.open():
        assert [one.raw for one in room.wait_for(1)] == [letter(1)]


@pytest.mark.parametrize("tls", ["tls", "starttls"])
@pytest.mark.parametrize("known", ["another authority", "another host"])
def test_it_is_not(server: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str, known: str) -> None:
    certify(tmp_path)
    trusted = tmp_path if known == "another authority" else server.folder
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted / "ca.pem"))
    user = uuid.uuid4().hex
    server.deliver(user, letter(1))
    mailbox = over_tls(server, user, tls) | ({"host": "localhost"} if known == "another host" else {})
    with mailroom(tmp_path / "home", mailbox, poll_seconds=1) as room, room.open():
        wait_until(lambda: (state := room.state()) and state.trouble, "the trouble to be written down")
        assert room.state().trouble == UNTRUSTED
        assert room.stored() == []
    assert server.count(user, "INBOX") == 1
