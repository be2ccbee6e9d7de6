"""Signing outgoing mail (DKIM, RFC 6376), so that the receiver can tell that it is ours; the same mail, the same bytes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cases.errors import Refused
from gateway.settings.outgoing import Outgoing

_SIGNED = (b"from", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"reply-to", b"mime-version",
           b"content-type", b"auto-submitted")  # fmt: skip
"""Names of fields that are signed where they are there (RFC 6376 5.4.1)."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A domain's key. Read once, when a worker starts."""

    selector: str
    domain: str
    key: bytes = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """The mail with its signature above it. Raises `Refused` when the key cannot sign."""
        from dkim import DKIM, DKIMException

        class Timeless(DKIM):  # type: ignore[misc]
            """Leaves out `t=`, which is optional: a mail that is composed twice has the same bytes."""

            def gen_header(self, fields: list[Any], *rest: Any) -> bytes:
                made: bytes = super().gen_header([one for one in fields if one[0] != b"t"], *rest)
                return made

        signer = Timeless(content, minkey=1024)
        present = {name.lower() for name, _ in signer.headers}
        try:
            header: bytes = signer.sign(
                self.selector.encode(),
                self.domain.encode(),
                self.key,
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=[name for name in _SIGNED if name in present],
            )
        except DKIMException as error:
            raise Refused(f"the DKIM key cannot sign ({type(error).__name__})") from None
        return header + content


def open_signature(settings: Outgoing, home: Path, domain: str) -> Signature | None:
    """The signature that the settings name, or None. Raises `Refused` when its key cannot be read."""
    if settings.dkim_key_file is None:
        return None
    try:
        key = (home / settings.dkim_key_file).read_bytes()
    except OSError as error:
        raise Refused(f"the DKIM key {settings.dkim_key_file} cannot be read ({error.strerror})") from None
    signature = Signature(settings.dkim_selector, settings.dkim_domain or domain, key)
    signature.sign(f"From: a@{domain}\r\n\r\n".encode("ascii"))  # better now than at the first mail
    return signature
