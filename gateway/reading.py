"""From a delivery to a submission: the one place that knows which normaliser reads which channel."""

from datetime import datetime

from cases.model.submission import Submission
from cases.model.words import Channel
from gateway.inbox.envelope import Delivery
from gateway.normalizer import normalize_form, normalize_mail


def read_delivery(delivery: Delivery, *, now: datetime, trusted_authserv: str = "") -> Submission:
    """What was said in a delivery; never raises for what is in it, `problems` tells what was given up."""
    if delivery.channel is Channel.MAIL:
        return normalize_mail(
            delivery.raw,
            now=now,
            envelope_sender=delivery.envelope_sender,
            envelope_recipients=delivery.envelope_recipients,
            trusted_authserv=trusted_authserv,
        )
    return normalize_form(delivery.raw, channel=delivery.channel, now=now)
