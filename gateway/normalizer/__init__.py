"""Turns raw deliveries into submissions: pure, bounded, and never failing on what people send."""

from gateway.normalizer.form import normalize_form
from gateway.normalizer.mail import is_encrypted, normalize_mail
from gateway.normalizer.output import submission_to_json
from gateway.normalizer.words.forwarded import Forwarded, as_judged, find_forwarded

__all__ = ["Forwarded", "as_judged", "find_forwarded", "is_encrypted", "normalize_form", "normalize_mail",
           "submission_to_json"]  # fmt: skip
