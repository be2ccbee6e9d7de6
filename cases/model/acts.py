"""What reporters may do to their own cases by their link, beside adding words: a closed set, each carried by one delivery."""

from dataclasses import dataclass, field
from enum import StrEnum

BY_RECEIPT = "by_receipt"
"""The tag of a case whose reporter comes back by receipt: nothing is mailed to them any more."""
UNCONFIRMED = "unconfirmed"
"""The tag of a case that asks for a change which waits until the directory's address has confirmed it."""
WITHDRAWAL_ASKED = "withdrawal_asked"
"""The tag of a case whose reporter would like to withdraw it, where that alone must not end it."""
SEALING_ASKED = "sealing_asked"
"""The tag of a case that a later message would have sealed: until somebody does, it is restricted."""
CLOSED_BY_TWO = "closed_by_two"
"""The tag of a case that a later message made one for two people to close."""

CONFIRM_FIRST = "confirm_first"
"""The field by which a form says that nothing is changed before the directory's address has confirmed it."""

BEST_RATING = 5


class ActKind(StrEnum):
    """What is done."""

    WITHDRAW = "withdraw"
    RATE = "rate"
    BY_RECEIPT = "by_receipt"
    PROTECT = "protect"
    IDENTIFY = "identify"
    CONFIRM = "confirm"
    NEW_LINK = "new_link"
    MY_CASES = "my_cases"


@dataclass(frozen=True, slots=True)
class ReporterAct:
    """One act. `rating` is 1 to 5; `token` the signed letters of a confirmation; `address` whose open cases are asked for."""

    kind: ActKind
    rating: int = 0
    token: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
