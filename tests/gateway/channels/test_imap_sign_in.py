"""Signing in by XOAUTH2, on a Dovecot that asks the endpoint what a token is worth."""

from pathlib import Path

import pytest
from heedtest.dovecot import dovecot, find_dovecot
from heedtest.mailrooms import letter, mailbox_settings, mailroom
from heedtest.token_endpoint import token_endpoint

pytestmark = pytest.mark.skipif(find_dovecot() is None, reason="Dovecot is not installed")


def test_a_token_that_is_no_longer_believed_is_renewed(tmp_path: Path) -> None:
    with token_endpoint() as endpoint, dovecot(endpoint.url) as server:
        endpoint.user = "hr@acme.example"
        server.deliver(endpoint.user, letter(1))
        mailbox = mailbox_settings(
            server, endpoint.user, token_url=f"{endpoint.url}/token", client_id="app", client_secret="secret"
        )
        with mailroom(tmp_path, mailbox, poll_seconds=0.5) as room, room.open():
            room.wait_for(1)
            server.kill()
            endpoint.revoke()
            server.start()
            server.deliver(endpoint.user, letter(2))
            room.wait_for(2)
    assert len(endpoint.asked) == 2
