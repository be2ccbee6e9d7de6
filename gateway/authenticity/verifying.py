"""Puts the checks of one mail together into `pass`, `fail` or `none`."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import ip_address

from cases.model.words import Authenticity
from gateway.authenticity.checks import OPEN, check_arc, check_dkim, check_spf, dmarc_record
from gateway.authenticity.names import Lookup, Names, NoAnswer
from gateway.normalizer.authenticity import Result, decide, domain_of, same_organisation

AT_ONCE = 8
"""Mails of a batch verified side by side: nearly all the time goes into waiting for the DNS."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One mail: its bytes, the address in From (once: see `senders`), and what SMTP said. `peer` is "" when unknown."""

    raw: bytes = field(repr=False)
    sender: str
    senders: int = 1
    envelope_sender: str = ""
    helo: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Verifier:
    """How this office verifies: the DNS, the seconds that one mail may cost, whose ARC seals are believed."""

    names: Names
    seconds: float = 3.0
    sealers: tuple[str, ...] = ()

    def verify_many(self, mails: Sequence[Asked]) -> list[Authenticity]:
        """One outcome for each, in order; `none` where time ran out. Never raises for what is in a mail."""
        if not mails:
            return []
        with ThreadPoolExecutor(min(AT_ONCE, len(mails))) as threads:
            return list(threads.map(self._one, mails))

    def _one(self, mail: Asked) -> Authenticity:
        return verify(mail, self.names.within(self.seconds), sealers=self.sealers)


def verify(mail: Asked, lookup: Lookup, *, sealers: tuple[str, ...] = ()) -> Authenticity:
    """`pass`, `fail` or `none` for the address in From; a failure is only told when nothing remained open.

    Two From, or none, are nobody's (RFC 7489 6.6.1). SPF is checked where the peer is a host of the Internet, not our own
    relay.
    """
    if mail.senders != 1 or "@" not in mail.sender:
        return Authenticity.NONE
    results = check_dkim(mail.raw, lookup)
    if peer := public(mail.peer):
        results.append(check_spf(peer, mail.envelope_sender, mail.helo, lookup))
    try:
        verdict = _by_policy(results, mail.sender, dmarc_record(domain_of(mail.sender), lookup))
    except NoAnswer:
        verdict = Authenticity.NONE
    if verdict is not Authenticity.PASS and sealers:
        sealed = check_arc(mail.raw, sealers, lookup)
        if decide(sealed, mail.sender) is Authenticity.PASS:
            return Authenticity.PASS
    return verdict


def public(peer: str) -> str:
    """The address without its port when it is one of the Internet; else ""."""
    text = peer.rpartition("]")[0].lstrip("[") if peer.startswith("[") else peer
    text = text.rpartition(":")[0] if text.count(":") == 1 else text
    try:
        return text if ip_address(text).is_global else ""
    except ValueError:
        return ""


def _by_policy(results: list[Result], sender: str, record: dict[str, str] | None) -> Authenticity:
    if record is None:
        return _unless_open(decide(results, sender), results)
    strict = {method for method, tag in (("dkim", "adkim"), ("spf", "aspf")) if record.get(tag, "r").lower() == "s"}
    domain = domain_of(sender)
    for result in results:
        if result.result == "pass" and any(
            each == domain if result.method in strict else same_organisation(each, domain) for each in result.domains
        ):
            return Authenticity.PASS
    seen = {result.method for result in results}
    if "spf" not in seen and "fail" not in {result.result for result in results if domain in result.domains}:
        return Authenticity.NONE  # behind a relay nobody can tell whether SPF would have passed
    return _unless_open(Authenticity.FAIL, results)


def _unless_open(verdict: Authenticity, results: list[Result]) -> Authenticity:
    still_open = any(result.result == OPEN for result in results)
    return Authenticity.NONE if verdict is Authenticity.FAIL and still_open else verdict
