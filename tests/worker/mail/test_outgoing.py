"""The mail relay as Microsoft 365 and Google have it: STARTTLS, XOAUTH2, a rate; and our signature."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from heedtest.relay import relay
from heedtest.token_endpoint import token_endpoint
from heedtest.worker import mail, rows

from cases.errors import Refused, TryLater, Unreachable
from cases.store import tables
from gateway.settings.outgoing import Outgoing
from worker.jobs.mail import SendMail
from worker.mail.compose import Mail
from worker.mail.transport import SmtpTransport, open_tokens, open_transport

ONE = Mail("e1", "m1@acme.example", "hr@acme.example", "sam@acme.example", b"From: hr@acme.example\r\n\r\nHello.\r\n")


@pytest.fixture
def certified(monkeypatch):
    """A relay with a certificate that this test believes."""
    with relay() as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield server


def test_an_application_signs_in_by_xoauth2_after_starttls(certified, tmp_path) -> None:
    with token_endpoint() as tokens:
        (tmp_path / "keys").mkdir()
        settings = Outgoing(relay=certified.address, tls="starttls", username="hr@acme.example", token_url=tokens.url,
                            client_id="app", client_secret="s")  # fmt: skip
        transport = open_transport(settings, tmp_path, "acme.example")
        certified.believes = lambda user, token: user == "hr@acme.example" and token in tokens.good
        transport.send(ONE)
        transport.finish()
    assert tokens.asked[0]["grant_type"] == "client_credentials"
    assert [(one.recipient, one.encrypted, one.user) for one in certified.taken] == [
        ("sam@acme.example", True, "hr@acme.example")
    ]


def test_a_token_that_is_no_longer_believed_is_renewed_and_blocks_nothing(certified, tmp_path) -> None:
    with token_endpoint() as endpoint:
        (tmp_path / "keys").mkdir()
        settings = Outgoing(relay=certified.address, tls="starttls", username="hr@acme.example", token_url=endpoint.url,
                            client_id="app", client_secret="s")  # fmt: skip
        certified.believes = lambda _user, token: token in endpoint.good
        transport = SmtpTransport(settings, "acme.example", open_tokens(settings, tmp_path))
        transport.send(ONE)
        transport.finish()
        endpoint.revoke()
        with pytest.raises(TryLater, match="sign in"):
            transport.send(ONE)
        transport.send(ONE)
        transport.finish()
    assert len(certified.taken) == 2


def test_a_wrong_password_is_nobodys_mails_fault(certified) -> None:
    settings = Outgoing(relay=certified.address, tls="starttls", username="hr", password="wrong")
    certified.believes = lambda _user, _secret: False
    with pytest.raises(TryLater, match="sign in"):
        SmtpTransport(settings, "acme.example").send(ONE)


def test_a_relay_that_closes_at_one_recipient_gets_the_next_mail_on_another_connection(certified) -> None:
    transport = SmtpTransport(Outgoing(relay=certified.address, tls="starttls"), "acme.example")
    certified.refusals.append("421 4.3.2 closing")
    with pytest.raises(TryLater, match="421") as refused:
        transport.send(ONE)
    assert not isinstance(refused.value, Unreachable), "it may be that one's fault"
    transport.send(ONE)
    transport.finish()
    assert len(certified.taken) == 1


def test_while_the_relay_is_away_nothing_counts_as_tried_and_a_quarter_of_an_hour_later_all_leaves(bench) -> None:
    for number in range(3):
        bench.deliver(mail(text=f"Question {number}.", sender=f"sam{number}@acme.example"))
    bench.triage()
    bench.pass_time(seconds=5)
    bench.transport.error = Unreachable("the mail relay cannot be reached (timeout)")
    for _ in range(3 * 24 * 4):
        bench.send()
        bench.pass_time(minutes=15)
    waiting = [row for row in rows(bench.shop.record, tables.outbox) if row.state != "done"]
    assert {(row.state, row.attempts, row.error) for row in waiting} == {("pending", 0, str(bench.transport.error))}
    tries = len(bench.transport.handed)
    assert tries <= 3 * 24 * 4 * 2, "one mail of a batch finds out, the others of it are spared"
    bench.transport.error = None
    assert {one.to for one in bench.send()} >= {f"sam{number}@acme.example" for number in range(3)}


def test_tls_from_the_first_byte(monkeypatch) -> None:
    with relay(implicit=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        transport = SmtpTransport(Outgoing(relay=server.address, tls="tls"), "acme.example")
        transport.send(ONE)
        transport.finish()
    assert [one.encrypted for one in server.taken] == [True]


def test_a_certificate_that_is_not_the_relays_gets_no_mail() -> None:
    with relay(implicit=True) as server, pytest.raises(TryLater, match="cannot be reached"):
        SmtpTransport(Outgoing(relay=server.address, tls="tls"), "acme.example").send(ONE)
    assert server.taken == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"provider": "microsoft", "username": "hr", "client_secret": "s"}, "tenant"),
        ({"provider": "google", "username": "hr"}, "XOAUTH2 needs"),
        ({"provider": "google", "client_secret": "s"}, "username"),
        ({"relay": "mx.example:25", "username": "hr", "password": "p"}, "in the clear"),
        ({"dkim_selector": "heed"}, "both"),
    ],
)
def test_settings_that_cannot_work_are_refused(given, words) -> None:
    with pytest.raises(ValueError, match=words):
        Outgoing.model_validate(given)


def test_what_microsoft_needs_is_filled_in() -> None:
    settings = Outgoing(provider="microsoft", tenant="t", username="hr@acme.example", client_id="a", client_secret="s")
    assert (settings.host, settings.protection, settings.pace) == ("smtp.office365.com:587", "starttls", 30)
    assert settings.returns_to_token is False
    assert settings.tokens_from.startswith("https://login.microsoftonline.com/t/")


def with_outgoing(bench, **values) -> None:
    outgoing = Outgoing.model_validate(values)
    bench.shop.settings = bench.shop.settings.model_copy(update={"outgoing": outgoing})


def test_the_rate_of_the_relay_is_kept_and_no_attempt_counted(bench) -> None:
    with_outgoing(bench, a_minute=3)
    for number in range(5):
        bench.deliver(mail(text=f"Question {number}.", sender=f"sam{number}@acme.example"))
    bench.triage()
    bench.pass_time(seconds=5)
    assert len(bench.send()) == 3
    assert bench.send() == []
    bench.pass_time(seconds=30)
    assert bench.send() == []
    bench.pass_time(seconds=40)
    assert len(bench.send()) == 3
    pending = [row for row in rows(bench.shop.record, tables.outbox) if row.state == "pending"]
    assert {row.attempts for row in pending} == {0}
    assert all(row.due_at - bench.clock[0] <= timedelta(seconds=10) for row in pending)


def test_where_the_envelope_is_rewritten_and_plus_fails_answers_are_found_by_message_id(bench) -> None:
    with_outgoing(bench, envelope="alias", plus_addresses=False)
    bench.deliver(mail(text="My overtime is missing."))
    bench.triage()
    acknowledged = bench.send()[0]
    message = message_from_bytes(acknowledged.content, policy=policy.default)
    assert acknowledged.envelope_from == "hr@acme.example"
    assert message["Reply-To"] is None
    bench.deliver(mail(text="And October.", reply_to=str(message["Message-ID"])))
    bench.deliver(
        mail(subject="Undeliverable", sender="postmaster@acme.example",
             text=f"550 5.1.1 unknown\n\nMessage-ID: {message['Message-ID']}\nStatus: 5.1.1\n"),
        sender="<>",
    )  # fmt: skip
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    assert case.undeliverable is True
    assert len(rows(bench.shop.record, tables.message)) == 3


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_mail_is_signed_so_that_everybody_can_check_it_and_twice_alike(bench, key, tmp_path) -> None:
    import dkim

    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (tmp_path / "dkim.pem").write_bytes(pem)
    with_outgoing(bench, dkim_selector="heed", dkim_key_file="dkim.pem")
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    bench.deliver(mail(text="My overtime is missing."))
    bench.triage()
    bench.transport.error = TryLater("not now")
    bench.send()
    bench.transport.error = None
    bench.pass_time(seconds=60)
    sent = bench.send()
    assert sent
    assert all(dkim.verify(one.content, dnsfunc=lambda name, timeout=5: record) for one in sent)
    assert all(b"t=" not in one.content.partition(b"\r\nFrom:")[0].replace(b"dns/txt", b"") for one in sent)


def test_a_key_that_cannot_be_read_is_told_at_the_start(bench) -> None:
    with_outgoing(bench, dkim_selector="heed", dkim_key_file="missing.pem")
    with pytest.raises(Refused, match=r"missing\.pem cannot be read"):
        SendMail(bench.shop)
