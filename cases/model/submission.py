"""What was said, whichever door it came in by."""

from dataclasses import dataclass, field
from datetime import datetime

from cases.model.words import Authenticity, AutomaticKind, Channel


@dataclass(frozen=True, slots=True)
class Address:
    """A display name and an address as sent; either may be empty."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that came along. `content` is its decoded bytes; in the record they stay in the raw delivery and only
    `stored_size` tells their length. `inline` is what belongs to a mail's looks, a logo or a signature's key, and was not
    sent along by anybody. `cleaned` says that it is a copy without what its maker's programs wrote into it.
    """

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    sha256: str = ""
    inline: bool = False
    stored_size: int = 0
    cleaned: bool = False

    @property
    def size(self) -> int:
        """The decoded length in bytes."""
        return len(self.content) or self.stored_size


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says: whose address, which status (RFC 3463), which of our messages."""

    recipient: str = ""
    status: str = ""
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Automatic:
    """Whether a machine wrote it, and how that shows."""

    kind: AutomaticKind = AutomaticKind.NONE
    reason: str = ""
    bounce: Bounce | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One delivery, channel-neutral.

    `text` is everything readable; `new_text` is what this person wrote now, without quotes and signature.
    `forwarded_text` is what a first mail forwards or shows of others, where it is judged.
    `language` is an ISO 639-1 code or "" when unknown. `message_id`, `in_reply_to` and `references` hold mail ids
    without angle brackets. `problems` says in words what was repaired or given up. `concerns` is whom a form says it is about,
    `keep_from` who must not see it: addresses, names, job titles or teams, as written. `keep_from_managers` asks the same of
    everyone whom the reporter reports to.
    """

    channel: Channel
    sender: Address = Address()
    reply_to: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    envelope_sender: str = ""
    envelope_recipients: tuple[str, ...] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    new_text: str = ""
    forwarded_text: str = ""
    html: str = ""
    language: str = ""
    automatic: Automatic = Automatic()
    authenticity: Authenticity = Authenticity.NONE
    attachments: tuple[Attachment, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    junk: bool = False
    concerns: tuple[str, ...] = ()
    keep_from: tuple[str, ...] = ()
    keep_from_managers: bool = False
