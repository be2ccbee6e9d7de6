"""What a stranger holds or pretends, and what it does not give them: a forged sender, a bounce address, a Reply-To."""

from email import message_from_bytes, policy

from heedtest.worker import mail, rows

from cases.store import tables

PAYSLIP = mail(subject="My payslip", text="My overtime is missing.")
AUTHSERV = "mx.acme.example"
FORGED = {"Authentication-Results": f"{AUTHSERV}; dmarc=fail header.from=acme.example"}
PROVEN = {"Authentication-Results": f"{AUTHSERV}; dmarc=pass header.from=acme.example"}


def with_authserv(bench) -> None:
    mail_settings = bench.shop.settings.mail.model_copy(update={"authserv_id": AUTHSERV})
    bench.shop.settings = bench.shop.settings.model_copy(update={"mail": mail_settings})


def with_site(bench) -> None:
    ours = bench.shop.settings.organisation.model_copy(update={"public_url": "https://x.example"})
    bench.shop.settings = bench.shop.settings.model_copy(update={"organisation": ours})


def acknowledged(bench):
    """The first mail has become a case; its acknowledgement, and that as a message."""
    bench.deliver(PAYSLIP)
    bench.triage()
    sent = next(one for one in bench.send() if one.to == "sam@acme.example")
    return sent, message_from_bytes(sent.content, policy=policy.default)


def confirmed(bench) -> list[bool]:
    return [row.confirmed for row in rows(bench.shop.record, tables.message)]


def test_whoever_writes_to_a_bounce_address_does_not_speak_as_the_reporter(bench) -> None:
    sent, _ = acknowledged(bench)
    bench.deliver(mail(text="I withdraw.", sender="mallory@elsewhere.example"), to=(sent.envelope_from,))
    bench.triage()
    assert confirmed(bench) == [True, False]


def test_a_bounce_that_finds_its_case_marks_it_undeliverable(bench) -> None:
    sent, _ = acknowledged(bench)
    bounce = mail(subject="Undelivered", sender="mailer-daemon@acme.example", Auto_Submitted="auto-replied")
    bench.deliver(bounce, sender="<>", to=(sent.envelope_from,))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 1
    assert confirmed(bench) == [True, True]


def test_a_forged_sender_who_knows_a_message_id_joins_nothing(bench) -> None:
    with_authserv(bench)
    acknowledged(bench)
    known = message_from_bytes(PAYSLIP)["Message-ID"]
    bench.deliver(mail(text="I withdraw.", reply_to=known, **FORGED))
    bench.triage()
    assert len(rows(bench.shop.record, tables.case)) == 2


def test_a_forged_sender_with_a_good_token_joins_unconfirmed(bench) -> None:
    with_authserv(bench)
    _, message = acknowledged(bench)
    bench.deliver(mail(text="I withdraw.", reply_to=message["Message-ID"], **FORGED))
    bench.triage()
    assert confirmed(bench) == [True, False]


def test_a_link_that_opens_the_case_goes_to_the_stated_sender_only(bench) -> None:
    with_site(bench)
    bench.deliver(mail(text="What do I earn?", Reply_To="mallory@elsewhere.example"))
    bench.triage()
    sent = bench.send()
    assert "mallory@elsewhere.example" not in {one.to for one in sent}
    assert b"/s/" in next(one for one in sent if one.to == "sam@acme.example").content


def test_a_proven_sender_is_answered_where_they_ask(bench) -> None:
    with_authserv(bench)
    bench.deliver(mail(text="What do I earn?", Reply_To="sam@home.example", **PROVEN))
    bench.triage()
    assert "sam@home.example" in {one.to for one in bench.send()}


def test_our_own_addresses_are_never_written_to(bench) -> None:
    bench.deliver(mail(sender="hr@acme.example"))
    bench.deliver(mail(sender="bounce+x@acme.example", text="Other."))
    bench.triage()
    assert not {one.to for one in bench.send()} & {"hr@acme.example", "bounce+x@acme.example"}
