"""Verifies ourselves who a mail is from (SPF, DKIM, DMARC, ARC), where no mail server of ours has done so."""

from gateway.authenticity.names import Names
from gateway.authenticity.verifying import Asked, Verifier

__all__ = ["Asked", "Names", "Verifier"]
