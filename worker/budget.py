"""The budget of automatic mail: two machines that answer each other without saying that they are machines come to an end."""

import re
from collections import Counter
from collections.abc import Iterable

from cases.keys.hashing import keyed_hash, sender_hash
from cases.model.submission import Submission
from cases.promises import answer_address
from cases.store.lookups import RecordLookups
from gateway.normalizer.headers.subject_prefixes import without_prefixes
from gateway.settings.mail import Mail
from gateway.settings.organisation import Organisation

_OUR_REFERENCE = re.compile(r"\bHR-[0-9A-Z]{4}-[0-9A-Z]{4}\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
FIRST_WORDS = 300
"""Characters of an answer to us that count: the rest of it grows with every round."""


class Budget:
    """Who may still be written to by a machine: RFC 3834 section 2 asks for such a limit, whatever a mail says of itself.

    It counts the cases of the last hour by their sender's keyed hash, those of this batch included.
    """

    def __init__(
        self, lookups: RecordLookups, submissions: Iterable[Submission], organisation: Organisation, limits: Mail
    ) -> None:
        self._key = lookups.index_key
        self._limits = limits
        self._own = {address.casefold() for address in (organisation.hr_address, *limits.aliases)}
        self._domains = {address.rpartition("@")[2] for address in self._own}
        senders = {sender_hash(self._key, one.sender.address) for one in submissions} - {""}
        self._alike = Counter(lookups.recent_of(sorted(senders)))
        self._all = Counter[str]()
        for (sender, _likeness), number in self._alike.items():
            self._all[sender] += number

    def allows(self, submission: Submission, alike: str) -> bool:
        """Whether this sender may be answered by a machine once more; counts it either way. `alike` is its likeness."""
        sender = sender_hash(self._key, submission.sender.address)
        both = (sender, alike)
        within = self._alike[both] < self._limits.alike_an_hour and self._all[sender] < self._limits.answers_an_hour
        self._alike[both] += 1
        self._all[sender] += 1
        return within and not self._is_ours(answer_address(submission).address)

    def _is_ours(self, address: str) -> bool:
        """Whether a mail to this address would come back in at our own door."""
        local, _, domain = address.casefold().rpartition("@")
        plain = local.partition("+")[0]
        return f"{plain}@{domain}" in self._own or (plain == "bounce" and domain in self._domains)


def likeness(index_key: bytes, submission: Submission) -> str:
    """A keyed hash that alike submissions share: same subject, words and files.

    An answer to us, which quotes a reference of ours, is alike whatever numbers it bears and however long it grows.
    """
    subject = without_prefixes(submission.subject).strip()
    files = " ".join(sorted(attachment.sha256 for attachment in submission.attachments))
    words = f"{subject}\n{submission.new_text or submission.text}"
    said = f"{submission.subject}\n{submission.text}"
    if "HR-" in said.upper() and _OUR_REFERENCE.search(said):
        words, files = _collapsed(_DIGITS.sub("0", _OUR_REFERENCE.sub("", words)))[:FIRST_WORDS], ""
    return keyed_hash(index_key, "likeness", _collapsed(f"{words} {files}"))


def _collapsed(words: str) -> str:
    return " ".join(words.split())
