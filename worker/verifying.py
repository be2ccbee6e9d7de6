"""Verifies who wrote the mails of a batch that no mail server of ours has judged, side by side."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from cases.model.submission import Submission
from gateway.authenticity import Names, Verifier
from gateway.inbox.envelope import Delivery
from gateway.reading import to_verify
from gateway.settings.mail import Mail


class Read(Protocol):
    """What is looked at of one item of a batch, and what is set."""

    delivery: Delivery
    submission: Submission


def open_verifier(mail: Mail) -> Verifier | None:
    """How this office verifies, or None when it leaves that to its mail server."""
    if mail.verify == "no":
        return None
    return Verifier(Names(mail.dns_servers), mail.verify_seconds, mail.trusted_sealers)


def verify_batch(items: Sequence[Read], mail: Mail, verifier: Verifier | None) -> None:
    """Set how far the sender of each is believed, where nobody has told. Does nothing without a verifier."""
    if verifier is None:
        return
    asked = []
    for item in items:
        one = to_verify(
            item.delivery, item.submission, trusted_authserv=mail.authserv_id, with_spf=mail.verify == "all"
        )
        if one is not None:
            asked.append((item, one))
    for (item, _), outcome in zip(asked, verifier.verify_many([one for _, one in asked]), strict=True):
        item.submission = replace(item.submission, authenticity=outcome)
