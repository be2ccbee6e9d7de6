"""Addresses beyond ASCII: written to as they are, or not at all."""

from email import message_from_bytes, policy

import pytest
from heedtest.colleagues import FAY, hired, plain, round_
from heedtest.relay import relay
from heedtest.sink import Sink
from heedtest.worker import mail, rows

from cases.errors import Refused
from cases.store import tables
from gateway.settings.outgoing import Outgoing
from worker.mail.addresses import NO_SUCH_DOMAIN, as_carried
from worker.mail.compose import Mail
from worker.mail.transport import SmtpTransport

LOCAL = "jörg@acme.example"


@pytest.mark.parametrize(
    ("address", "carried"),
    [
        ("sam@acme.example", "sam@acme.example"),
        ("Sam.O'Neill+x@Acme.Example", "Sam.O'Neill+x@Acme.Example"),
        ("sam@bücher.example", "sam@xn--bcher-kva.example"),
        ("sam@BÜCHER.example", "sam@xn--bcher-kva.example"),
        ("sam@例え.example", "sam@xn--r8jz45g.example"),
        (LOCAL, LOCAL),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_carried_whole(address: str, carried: str) -> None:
    assert as_carried(address) == carried


@pytest.mark.parametrize(
    "address", ["sam@büch er.example", "sam@..ü", "@bücher.example", "j ö@a.example", "ü>@a.example", "bücher"]
)
def test_what_cannot_be_an_address_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        as_carried(address)


def raw_from(address: str) -> bytes:
    return mail(subject="My payslip", text="Is it wrong?").replace(b"sam@acme.example", address.encode())


def test_a_reporter_at_a_domain_beyond_ascii_is_answered_there(bench) -> None:
    bench.deliver(raw_from("sam@bücher.example"), sender="sam@xn--bcher-kva.example")
    sent = round_(bench)
    assert "Your reference is" in plain(sent["sam@xn--bcher-kva.example"])
    assert sent["sam@xn--bcher-kva.example"]["To"] == "sam@xn--bcher-kva.example"


def test_a_local_part_beyond_ascii_goes_whole_to_a_relay_that_takes_it(bench) -> None:
    bench.deliver(raw_from(LOCAL), sender="")
    round_(bench)
    (made,) = [one for one in bench.transport.sent if one.to == LOCAL]
    assert message_from_bytes(made.content, policy=policy.SMTPUTF8)["To"] == LOCAL
    with Sink() as sink:
        transport = SmtpTransport(Outgoing(relay=sink.address), "acme.example")
        transport.send(made)
        transport.send(
            Mail("e1", "m1", "hr@acme.example", "sam@acme.example", b"From: hr@acme.example\r\n\r\nHello.\r\n")
        )
        transport.finish()
        assert [one.recipients for one in sink.mails()] == [(LOCAL,), ("sam@acme.example",)]
        assert f"\r\nTo: {LOCAL}\r\n".encode() in sink.mails()[0].raw.decode("latin-1").encode("latin-1")


def test_a_relay_that_does_not_take_it_gets_nothing_and_the_owner_hears_why(monkeypatch, bench) -> None:
    office = hired(bench)
    with relay(implicit=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        strict = SmtpTransport(Outgoing(relay=server.address, tls="tls"), "acme.example")
        office.deliver(raw_from(LOCAL), sender="")
        notice = round_(office)[FAY]
        (made,) = [one for one in office.transport.sent if one.to == LOCAL]
        with pytest.raises(Refused, match="such letters before the @"):
            strict.send(made)
        strict.finish()
    assert server.taken == []
    assert notice["To"] == FAY


def test_an_address_that_cannot_be_is_blocked_with_a_sentence(bench) -> None:
    bench.deliver(raw_from("sam@-bü-.example"), sender="")
    round_(bench)
    assert all("sam" not in one.to for one in bench.transport.sent)
    blocked = [row.error for row in rows(bench.shop.record, tables.outbox) if row.state == "blocked"]
    assert blocked == [NO_SUCH_DOMAIN]
