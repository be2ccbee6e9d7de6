"""Who a mail is from, verified by ourselves: real signatures, a DNS of our own."""

import base64
from collections.abc import Iterator

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from heedtest.dns import LocalDns

from cases.model.words import Authenticity
from gateway.authenticity import Asked, Names, Verifier
from gateway.authenticity.names import NoAnswer
from gateway.authenticity.verifying import verify

PASS, FAIL, NONE = Authenticity.PASS, Authenticity.FAIL, Authenticity.NONE
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
RECORD = f'"v=DKIM1; k=rsa; p={PUBLIC[:200]}" "{PUBLIC[200:]}"'
OURS, THEIRS = "11.0.0.1", "11.0.0.99"
ZONE = {
    ("s._domainkey.x.example", "TXT"): [RECORD],
    ("s._domainkey.list.example", "TXT"): [RECORD],
    ("s._domainkey.m.strict.example", "TXT"): [RECORD],
    ("s._domainkey.nopolicy.example", "TXT"): [RECORD],
    ("_dmarc.x.example", "TXT"): ['"v=DMARC1; p=reject"'],
    ("_dmarc.strict.example", "TXT"): ['"v=DMARC1; p=reject; adkim=s; aspf=s"'],
    ("_dmarc.twice.example", "TXT"): ['"v=DMARC1; p=reject"', '"v=DMARC1; p=none"'],
    ("_dmarc.slow.example", "TXT"): ['"v=DMARC1; p=reject"'],
    ("x.example", "TXT"): ['"other"', f'"v=spf1 ip4:{OURS} include:more.example mx -all"'],
    ("more.example", "TXT"): ['"v=spf1 a:host.example -all"'],
    ("host.example", "A"): ["11.0.0.7"],
    ("x.example", "MX"): ["10 mail.x.example."],
    ("mail.x.example", "A"): ["11.0.0.8"],
    ("nopolicy.example", "TXT"): [f'"v=spf1 ip4:{OURS} -all"'],
}
MAIL = (
    b"From: Anna <anna@DOMAIN>\r\nTo: hr@hr.example\r\nSubject: Leave\r\nDate: Mon, 3 Mar 2025 10:00:00 +0100\r\n\r\n"
    b"Hello,\r\n\r\nmay I?\r\n"
)


@pytest.fixture(scope="module")
def dns() -> Iterator[LocalDns]:
    with LocalDns(ZONE, silent=("s._domainkey.slow.example", "slow.example")) as server:
        yield server


@pytest.fixture
def lookup(dns):
    return Names((dns.address,)).within(5)


def mail(domain="x.example"):
    return MAIL.replace(b"DOMAIN", domain.encode())


def signed(domain="x.example", by="", **more):
    raw = mail(domain)
    return dkim.sign(raw, b"s", (by or domain).encode(), PEM, include_headers=[b"from", b"subject"], **more) + raw


def asked(raw, domain="x.example", **more):
    return Asked(raw, f"anna@{domain}", **more)


def test_a_signature_of_the_senders_domain_passes(lookup):
    assert verify(asked(signed()), lookup) is PASS
    assert verify(asked(signed("nopolicy.example"), "nopolicy.example"), lookup) is PASS


def test_line_ends_that_a_mailbox_changed_do_not_break_a_signature(lookup):
    assert verify(asked(signed().replace(b"\r\n", b"\n")), lookup) is PASS


def test_an_altered_mail_fails(lookup):
    assert verify(asked(signed().replace(b"may I?", b"pay me")), lookup) is FAIL
    altered = signed("nopolicy.example").replace(b"may I?", b"pay me")
    assert verify(asked(altered, "nopolicy.example"), lookup) is FAIL


def test_a_strangers_good_signature_proves_nothing(lookup):
    assert verify(asked(signed(by="list.example")), lookup) is NONE
    assert verify(asked(signed(by="list.example"), peer=THEIRS, envelope_sender="b@list.example"), lookup) is FAIL


def test_a_signature_of_a_part_of_the_body_proves_nothing(lookup):
    assert verify(asked(signed(length=True) + b"And more.\r\n"), lookup) is NONE


def test_strict_alignment(lookup):
    raw = signed("strict.example", by="m.strict.example")
    assert verify(asked(raw, "strict.example"), lookup) is NONE
    assert verify(asked(raw, "strict.example", peer=THEIRS, envelope_sender="a@m.strict.example"), lookup) is FAIL


@pytest.mark.parametrize("peer", [OURS, "11.0.0.7", "11.0.0.8"])
def test_spf_of_a_host_that_may_send(lookup, peer):
    assert verify(asked(mail(), peer=peer, envelope_sender="anna@x.example", helo="h.x.example"), lookup) is PASS
    assert verify(asked(mail(), peer=peer, envelope_sender="<>", helo="x.example"), lookup) is PASS


def test_spf_of_a_host_that_may_not(lookup):
    assert verify(asked(mail(), peer=THEIRS, envelope_sender="anna@x.example"), lookup) is FAIL
    stranger = asked(mail("nopolicy.example"), "nopolicy.example", peer=THEIRS, envelope_sender="a@nopolicy.example")
    assert verify(stranger, lookup) is FAIL


def test_our_own_relay_is_nobody_to_ask_spf_about(lookup):
    assert verify(asked(mail(), peer="10.0.0.3", envelope_sender="anna@x.example"), lookup) is NONE


def test_who_publishes_nothing_is_neither_proven_nor_disproven(lookup):
    assert verify(asked(mail("nothing.example"), "nothing.example", peer=THEIRS), lookup) is NONE


def test_two_policies_are_none(lookup):
    assert verify(asked(mail("twice.example"), "twice.example", peer=THEIRS), lookup) is NONE


def test_two_senders_are_nobody(lookup):
    assert verify(asked(b"From: boss@x.example\r\n" + signed(), senders=2), lookup) is NONE


def test_a_silent_dns_costs_no_more_than_its_seconds_and_proves_nothing(dns):
    raw = signed("slow.example")
    times = iter([0.0, 0.0, 0.05, 0.1, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0])
    budget = Names((dns.address,)).within(0.2, clock=lambda: next(times))
    assert verify(asked(raw, "slow.example", peer=OURS, envelope_sender="a@slow.example"), budget) is NONE
    with pytest.raises(NoAnswer):
        Names((dns.address,)).within(0)("x.example", "TXT")


def test_a_batch_is_answered_in_order_and_asks_each_name_once(dns):
    names = Names((dns.address,))
    before = len(dns.asked)
    good, bad = asked(signed()), asked(signed().replace(b"may I?", b"pay me"))
    Verifier(names).verify_many([good])
    assert Verifier(names).verify_many([good, bad, good]) == [PASS, FAIL, PASS]
    assert len(dns.asked) - before == 2


def arc_sealed(verdict=b"pass", sealer=b"list.example"):
    raw = b"Authentication-Results: list.example; dmarc=" + verdict + b" header.from=x.example\r\n" + mail()
    seals = dkim.arc_sign(raw, b"s", sealer, PEM, b"list.example", include_headers=[b"from", b"subject"])
    return b"".join(seals) + mail()


def test_a_trusted_sealer_vouches_for_a_mail_that_a_list_altered(lookup):
    mails = asked(arc_sealed(), peer=THEIRS, envelope_sender="b@list.example")
    assert verify(mails, lookup) is FAIL
    assert verify(mails, lookup, sealers=("List.example",)) is PASS
    assert verify(asked(arc_sealed(b"fail")), lookup, sealers=("list.example",)) is NONE
    broken = asked(arc_sealed().replace(b"may I?", b"pay me"))
    assert verify(broken, lookup, sealers=("list.example",)) is NONE


@pytest.mark.parametrize(
    "head",
    [
        b"DKIM-Signature: \r\n",
        b"DKIM-Signature: v=1; d=x.example; s=s\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=x.example; s=s; h=from; bh=x; b=x\r\n",
        b"DKIM-Signature: v=9; a=?; d=..; s=\xff; h=; bh==; b==\r\n",
        b"ARC-Seal: i=x\r\nARC-Message-Signature: i=1\r\nARC-Authentication-Results: i=1\r\n",
        b"not a header at all\r\n",
    ],
)
def test_broken_signatures_are_no_fault_of_ours(lookup, head):
    assert verify(asked(head + mail("nothing.example"), "nothing.example"), lookup, sealers=("x.example",)) is NONE
