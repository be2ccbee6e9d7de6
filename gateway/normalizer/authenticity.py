"""Reads how far the sender is believed, from the Authentication-Results of our own mail server only (RFC 8601)."""

import re
from typing import Any

from cases.model.words import Authenticity
from gateway.normalizer.headers.block import Headers
from gateway.normalizer.problems import Problems

_FAILED = {"fail", "hardfail", "permerror", "policy", "reject"}


def read_authenticity(headers: Headers, sender: str, trusted_authserv: str, problems: Problems) -> Authenticity:
    """`pass`, `fail` or `none` for the address in From.

    Headers of any other authserv-id than `trusted_authserv` are ignored, and so are all when it is "". Only headers that
    the receiving server can have added count: those above all Received, else those above the second (RFC 8601 section 5
    wants forged ones removed at the border; a sender can still write some below). DMARC decides; without a verdict of
    it, an aligned DKIM signature or SPF domain passes, an aligned failure of either without a pass fails.
    """
    if not trusted_authserv or "@" not in sender:
        return Authenticity.NONE
    results = _results(headers, trusted_authserv.lower(), problems)
    verdicts = {result.result for result in results if result.method == "dmarc"}
    if "pass" in verdicts:
        return Authenticity.PASS
    if verdicts & _FAILED:
        return Authenticity.FAIL
    domain = sender.rpartition("@")[2].lower().rstrip(".")
    aligned = {result.result for result in results if _aligned(result, domain)}
    if "pass" in aligned:
        return Authenticity.PASS
    return Authenticity.FAIL if aligned & {"fail", "hardfail"} else Authenticity.NONE


def _results(headers: Headers, trusted: str, problems: Problems) -> list[Any]:
    from authres import AuthenticationResultsHeader, AuthResError

    found: list[Any] = []
    for text in _from_our_server(headers, trusted):
        try:
            found += AuthenticationResultsHeader.parse_value(text).results
        except (AuthResError, ValueError, IndexError, AttributeError):
            problems.add("an Authentication-Results header does not follow RFC 8601; read by pattern")
            found += _loosely(text)
    return found


def _from_our_server(headers: Headers, trusted: str) -> list[str]:
    """Values of our server's headers: those above all Received if there are any, else those above the second."""
    above: dict[int, list[str]] = {0: [], 1: []}
    received = 0
    for name, value in headers.fields:
        received += name == "received"
        if received > 1:
            break
        if name == "authentication-results":
            text = value.decode("utf-8", "replace")
            if text.partition(";")[0].lower().split()[:1] == [trusted]:
                above[received].append(text)
    return above[0] or above[1]


class _Loose:
    """One result of a header that authres refuses."""

    def __init__(self, method: str, result: str, properties: dict[str, str]) -> None:
        self.method = method
        self.result = result
        self.properties = properties


def _loosely(text: str) -> list[Any]:
    """Results by pattern: servers write comments and properties that the grammar does not allow."""
    found: list[Any] = []
    for piece in re.sub(r"\([^()]*\)", " ", text).split(";")[1:]:
        match = re.match(r"\s*(dmarc|dkim|spf)\s*=\s*(\w+)", piece, re.IGNORECASE)
        if match:
            properties = dict(re.findall(r"(header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?([^\s\";]+)", piece))
            found.append(_Loose(match.group(1).lower(), match.group(2).lower(), properties))
    return found


def _aligned(result: Any, domain: str) -> bool:
    """Relaxed alignment (RFC 7489 3.1): one domain is the other, or lies below it."""
    if result.method not in {"dkim", "spf"}:
        return False
    names = ("header.d", "header.i") if result.method == "dkim" else ("smtp.mailfrom",)
    for name in names:
        other = _property(result, name).rpartition("@")[2].lower().rstrip(".")
        if other and other.count(".") and _same_organisation(other, domain):
            return True
    return False


def _same_organisation(one: str, other: str) -> bool:
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return True
    if one.split(".")[-2:] != other.split(".")[-2:]:
        return False
    from publicsuffix2 import get_sld

    return get_sld(one) is not None and get_sld(one) == get_sld(other)


def _property(result: Any, name: str) -> str:
    if isinstance(result, _Loose):
        return result.properties.get(name, "")
    kind, _, key = name.partition(".")
    for each in result.properties:
        if each.type == kind and each.name == key:
            return str(each.value or "")
    return ""
