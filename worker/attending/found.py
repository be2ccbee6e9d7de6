"""Something that is due: what it is, once and for all time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """`key` begins with the name of its attender and is used once, ever; `case_id` is None for the deployment's own things."""

    key: str
    case_id: str | None = None
    urgent: bool = False
