"""Addresses beyond ASCII as mail carries them: the domain in its ASCII form, the local part as it is or not at all."""

import re

from cases.errors import Refused

NO_SUCH_DOMAIN = "the address holds a domain that cannot be: correct it, or reach the person otherwise"
NOT_CARRIED = "the mail relay carries no address with such letters before the @: ask for another one"
_PART = re.compile(r"[^\s<>()\[\],;:\"\\@\x00-\x1f\x7f-\x9f]+")


def as_carried(address: str) -> str:
    """The address as it stands in the envelope and in `To`: a domain beyond ASCII as IDNA has it (RFC 5891, as UTS 46 reads
    what people write); a local part beyond ASCII stays, for relays that offer SMTPUTF8 (RFC 6531).

    Raises `Refused` where that cannot be: nothing is ever sent to an address that is nearly right.
    """
    if address.isascii():
        return address
    from idna import IDNAError, encode

    local, _, domain = address.rpartition("@")
    if _PART.fullmatch(local) is None:
        raise Refused(NO_SUCH_DOMAIN if not local else NOT_CARRIED)
    try:
        return f"{local}@{domain if domain.isascii() else encode(domain, uts46=True).decode('ascii')}"
    except (IDNAError, UnicodeError) as error:
        raise Refused(NO_SUCH_DOMAIN) from error
