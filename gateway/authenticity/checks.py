"""The single checks: SPF (RFC 7208), DKIM (RFC 6376), the DMARC record (RFC 7489), ARC (RFC 8617)."""

from typing import Any

from gateway.authenticity.names import Lookup, NoAnswer
from gateway.normalizer.authenticity import Result, domain_of, organisation_of, results_in
from gateway.normalizer.problems import Problems

MOST_SIGNATURES = 5
OPEN = "temperror"
"""The result where the DNS did not answer (RFC 8601 2.7)."""


def check_spf(peer: str, envelope_sender: str, helo: str, lookup: Lookup) -> Result:
    """Whether the host `peer` may send for the envelope sender's domain (or, for `<>`, for the name it greeted with)."""
    import spf

    class Query(spf.query):  # type: ignore[misc]
        """pyspf's own, asking the DNS where we say."""

        def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
            del cnames
            try:
                found = lookup(str(name), qtype) if qtype != "SPF" else []
            except NoAnswer as error:
                raise spf.TempError("no answer from the DNS") from error
            if not found and not ignore_void:
                self.void_lookups += 1
                if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                    raise spf.PermError("too many lookups without an answer")
            return [(each,) for each in found] if qtype == "TXT" else found

    sender = envelope_sender.strip("<>")
    domain = domain_of(sender) if "@" in sender else helo.lower().rstrip(".")
    try:
        result = Query(peer, sender, helo).check()[0]
    except (ValueError, IndexError, KeyError, AttributeError, UnicodeError, spf.TempError, spf.PermError):
        result = "permerror"
    return Result("spf", str(result), (domain,))


def check_dkim(raw: bytes, lookup: Lookup) -> list[Result]:
    """One result for each of the first signatures. One that covers only a part of the body (`l=`) proves nothing."""
    import dkim

    found: list[Result] = []
    try:
        message = dkim.DKIM(raw)
        signatures = [value for name, value in message.headers if name.lower() == b"dkim-signature"]
    except dkim.DKIMException:
        return []
    for number, signature in enumerate(signatures[:MOST_SIGNATURES]):
        tags = _tags(signature)
        domain = tags.get("d", "").lower().rstrip(".")
        if "l" in tags:
            found.append(Result("dkim", "policy", (domain,)))
            continue
        try:
            result = "pass" if dkim.DKIM(raw).verify(number, dnsfunc=_text_records(lookup)) else "fail"
        except (NoAnswer, dkim.DnsTimeoutError):
            result = OPEN
        except dkim.ValidationError as error:  # another body, or a signature that says too little
            result = "fail" if "body hash" in str(error) else "permerror"
        except (dkim.DKIMException, ValueError, KeyError, IndexError, TypeError, AssertionError, ArithmeticError):
            result = "permerror"
        found.append(Result("dkim", result, (domain,)))
    return found


def check_arc(raw: bytes, sealers: tuple[str, ...], lookup: Lookup) -> list[Result]:
    """What the last sealer of a whole chain found, when it is one of `sealers` (mailing lists, forwarding services)."""
    import dkim

    try:
        outcome, chain, _ = dkim.arc_verify(raw, dnsfunc=_text_records(lookup))
    except (NoAnswer, dkim.DKIMException, ValueError, KeyError, IndexError, TypeError, AssertionError, ArithmeticError):
        return []
    if outcome != dkim.CV_Pass or not chain:
        return []
    last = max(chain, key=lambda each: int(each["instance"]))
    sealer = last["as-domain"].decode("ascii", "replace").lower()
    if sealer not in {each.lower() for each in sealers}:
        return []
    stated = last["aar-value"].decode("utf-8", "replace").partition(";")[2]
    return results_in(stated.strip(), Problems())


def dmarc_record(domain: str, lookup: Lookup) -> dict[str, str] | None:
    """The DMARC tags for `domain`: its own, else its organisation's; None when nobody published one. Raises NoAnswer.

    Written here because the library reads the whole public suffix list anew for every mail.
    """
    for name in dict.fromkeys((domain, organisation_of(domain))):
        if not name:
            continue
        records = [text for text in lookup(f"_dmarc.{name}", "TXT") if text.lower().startswith(b"v=dmarc1")]
        if len(records) == 1:  # RFC 7489 6.6.3: several are none
            return _tags(records[0])
    return None


def _text_records(lookup: Lookup) -> Any:
    def ask(name: bytes | str, timeout: float = 5) -> bytes | None:
        del timeout
        records = lookup(name.decode("ascii", "replace") if isinstance(name, bytes) else name, "TXT")
        return records[0] if records else None

    return ask


def _tags(text: bytes) -> dict[str, str]:
    """`v=1; d=x.example` as a dictionary (RFC 6376 3.2)."""
    pairs = (piece.partition("=") for piece in text.decode("utf-8", "replace").split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, sign, value in pairs if sign}
