"""Reads how far the sender is believed, from the Authentication-Results of our own mail server only (RFC 8601)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.model.words import Authenticity
from gateway.normalizer.headers.addresses import read_addresses
from gateway.normalizer.headers.block import Headers
from gateway.normalizer.problems import Problems

_FAILED = {"fail", "hardfail", "permerror", "policy", "reject"}
_NAMES = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",), "dmarc": ("header.from",)}
_BESIDE = {"received-spf", "dkim-filter"}
"""What servers write between their Authentication-Results; so are fields whose names begin with `x-` and `arc-`."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one method (`dmarc`, `dkim`, `spf`) came to, and for which domains."""

    method: str
    result: str
    domains: tuple[str, ...] = ()


def read_authenticity(headers: Headers, sender: str, trusted_authserv: str, problems: Problems) -> Authenticity:
    """`pass`, `fail` or `none` for the address in From.

    Headers of any other authserv-id than `trusted_authserv` are ignored, and so are all when it is "". Only headers that
    the receiving server can have added count: those above all Received, else those above the second, and of them the
    topmost that stand together (RFC 8601 section 5 wants forged ones removed at the border; a sender can still write some
    below). What an upper one says of a method, a lower one cannot better. A mail that names several authors proves none.
    """
    if not trusted_authserv or "@" not in sender or _names_several(headers):
        return Authenticity.NONE
    believed: list[Result] = []
    for text in _from_our_server(headers, trusted_authserv.lower()):
        said = {result.method for result in believed}
        believed += [one for one in results_in(text, problems) if one.method not in said or one.result in _FAILED]
    return decide(believed, sender)


def _names_several(headers: Headers) -> bool:
    """Whether From stands there twice or holds more than one address: a server verified one, and readers see the other."""
    fields = headers.all("from")
    return len(fields) > 1 or len([one for one in read_addresses(fields, Problems()) if "@" in one.address]) > 1


def is_judged(headers: Headers, trusted_authserv: str) -> bool:
    """Whether our own mail server wrote down what it found."""
    return bool(trusted_authserv and _from_our_server(headers, trusted_authserv.lower()))


def decide(results: Iterable[Result], sender: str) -> Authenticity:
    """The outcome for the address `sender`. DMARC decides, where it names no other domain, and a failure of it before a
    pass; without a verdict of it, an aligned DKIM signature or SPF domain passes, an aligned failure of either without a
    pass fails.
    """
    results = list(results)
    domain = domain_of(sender)
    verdicts = {
        result.result
        for result in results
        if result.method == "dmarc" and (not result.domains or _aligned(result, domain))
    }
    if verdicts & _FAILED:
        return Authenticity.FAIL
    if "pass" in verdicts:
        return Authenticity.PASS
    aligned = {result.result for result in results if result.method != "dmarc" and _aligned(result, domain)}
    if "pass" in aligned:
        return Authenticity.PASS
    return Authenticity.FAIL if aligned & {"fail", "hardfail"} else Authenticity.NONE


def domain_of(address: str) -> str:
    """What stands behind the last @, in lower case."""
    return address.rpartition("@")[2].lower().rstrip(".")


def same_organisation(one: str, other: str) -> bool:
    """Relaxed alignment (RFC 7489 3.1): both lie below one domain that somebody registered."""
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return one.count(".") > 0 and other.count(".") > 0
    if one.split(".")[-2:] != other.split(".")[-2:]:
        return False
    return organisation_of(one) == organisation_of(other) != ""


def organisation_of(domain: str) -> str:
    """The registered domain above `domain` (public suffix list); "" when there is none."""
    from publicsuffix2 import get_sld

    return get_sld(domain, strict=False) or ""


def results_in(text: str, problems: Problems) -> list[Result]:
    """The results in one Authentication-Results value, by pattern where the grammar is not kept."""
    from authres import AuthenticationResultsHeader, AuthResError

    try:
        parsed = AuthenticationResultsHeader.parse_value(text).results
    except (AuthResError, ValueError, IndexError, AttributeError):
        problems.add("an Authentication-Results header does not follow RFC 8601; read by pattern")
        return _loosely(text)
    return [Result(each.method, each.result, _domains(each)) for each in parsed]


def _from_our_server(headers: Headers, trusted: str) -> list[str]:
    """Values of our server's headers that stand together at the top: above all Received, else above the second."""
    above: dict[int, list[str]] = {0: [], 1: []}
    received = 0
    ended = False
    for name, value in headers.fields:
        received += name == "received"
        if received > 1:
            break
        text = value.decode("utf-8", "replace") if name == "authentication-results" else ""
        if text.partition(";")[0].lower().split()[:1] == [trusted] and not ended:
            above[received].append(text)
        elif above[received] and name not in _BESIDE and not name.startswith(("x-", "arc-")):
            ended = True
    return above[0] or above[1]


def _loosely(text: str) -> list[Result]:
    """Results by pattern: servers write comments and properties that the grammar does not allow."""
    found: list[Result] = []
    for piece in re.sub(r"\([^()]*\)", " ", text).split(";")[1:]:
        match = re.match(r"\s*(dmarc|dkim|spf)\s*=\s*(\w+)", piece, re.IGNORECASE)
        if match:
            method = match.group(1).lower()
            stated = dict(re.findall(r"(header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*\"?([^\s\";]+)", piece))
            domains = tuple(domain_of(stated[name]) for name in _NAMES.get(method, ()) if name in stated)
            found.append(Result(method, match.group(2).lower(), domains))
    return found


def _domains(result: Any) -> tuple[str, ...]:
    """The domains that a result of authres speaks for."""
    stated = {f"{each.type}.{each.name}": str(each.value or "") for each in result.properties}
    return tuple(domain_of(stated[name]) for name in _NAMES.get(result.method, ()) if stated.get(name))


def _aligned(result: Result, domain: str) -> bool:
    return result.method in _NAMES and any(same_organisation(each, domain) for each in result.domains)
