"""From a delivery to a submission: the one place that knows which normaliser reads which channel."""

from dataclasses import replace
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32

from cases.model.submission import Submission
from cases.model.words import Channel
from gateway.inbox.envelope import Delivery
from gateway.normalizer import normalize_form, normalize_mail

IN_JUNK = "it lay in the mailbox's junk folder"


def read_delivery(delivery: Delivery, *, now: datetime, trusted_authserv: str = "") -> Submission:
    """What was said in a delivery; never raises for what is in it, `problems` tells what was given up."""
    if delivery.channel is Channel.MAIL:
        # A mailbox tells less than SMTP: who sent it was written down on delivery, and whom it is for the settings say.
        submission = normalize_mail(
            delivery.raw,
            now=now,
            envelope_sender=delivery.envelope_sender or return_path(delivery.raw),
            envelope_recipients=delivery.envelope_recipients or ((delivery.alias,) if delivery.alias else ()),
            trusted_authserv=trusted_authserv,
        )
        return replace(submission, junk=True, problems=(*submission.problems, IN_JUNK)) if delivery.junk else submission
    return normalize_form(delivery.raw, channel=delivery.channel, now=now)


def return_path(raw: bytes) -> str:
    """The envelope sender that delivery wrote down (RFC 5321 4.4), "<>" included; "" when it did not."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw[:65536])
    value = str(headers.get("Return-Path", ""))
    inside = value.rpartition("<")[2].partition(">")[0] if "<" in value else value
    return inside.strip() or ("<>" if "<>" in value else "")
