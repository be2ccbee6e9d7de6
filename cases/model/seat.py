"""Whose thread of which case something belongs to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """A thread: the case's reference, and the party's id, "" for the reporter's. `is_theirs`: the sender is that party."""

    reference: str
    party: str = ""
    is_theirs: bool = False
