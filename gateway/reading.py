"""From a delivery to a submission: the one place that knows which normaliser reads which channel."""

from dataclasses import replace
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32

from cases.model.submission import Submission
from cases.model.words import Channel
from gateway.authenticity import Asked
from gateway.inbox.envelope import Delivery
from gateway.normalizer import normalize_form, normalize_mail
from gateway.normalizer.authenticity import domain_of, is_judged
from gateway.normalizer.headers.addresses import read_addresses
from gateway.normalizer.headers.block import read_block
from gateway.normalizer.problems import Problems

IN_JUNK = "it lay in the mailbox's junk folder"


def read_delivery(delivery: Delivery, *, now: datetime, trusted_authserv: str = "") -> Submission:
    """What was said in a delivery; never raises for what is in it, `problems` tells what was given up."""
    if delivery.channel is Channel.MAIL:
        # A mailbox tells less than SMTP: who sent it was written down on delivery, and whom it is for the settings say.
        recipients = delivery.envelope_recipients or ((delivery.alias,) if delivery.alias else ())
        submission = normalize_mail(
            delivery.raw,
            now=now,
            envelope_sender=delivery.envelope_sender or return_path(delivery.raw),
            envelope_recipients=recipients,
            trusted_authserv=trusted_authserv,
            own_domains=tuple(dict.fromkeys(map(domain_of, recipients))),
        )
        return replace(submission, junk=True, problems=(*submission.problems, IN_JUNK)) if delivery.junk else submission
    return normalize_form(delivery.raw, channel=delivery.channel, now=now)


def to_verify(delivery: Delivery, submission: Submission, *, trusted_authserv: str, with_spf: bool) -> Asked | None:
    """What to verify of a mail, or None when our own mail server has judged it, or when it is no mail.

    `with_spf`: the door's peer is the host that sent the mail, so that what SMTP said can be checked.
    """
    if delivery.channel is not Channel.MAIL:
        return None
    headers, _ = read_block(delivery.raw, 0, len(delivery.raw), Problems(), outermost=True)
    if is_judged(headers, trusted_authserv):
        return None
    senders = len(read_addresses(headers.all("from"), Problems()))
    asked = Asked(delivery.raw, submission.sender.address, senders)
    if not with_spf:
        return asked
    return replace(asked, envelope_sender=delivery.envelope_sender, helo=delivery.helo, peer=delivery.peer)


def return_path(raw: bytes) -> str:
    """The envelope sender that delivery wrote down (RFC 5321 4.4), "<>" included; "" when it did not."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw[:65536])
    value = str(headers.get("Return-Path", ""))
    inside = value.rpartition("<")[2].partition(">")[0] if "<" in value else value
    return inside.strip() or ("<>" if "<>" in value else "")
