"""How complete a case's record is: the six things that every case file holds, each there or not."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Filled:
    """Date received, description, parties, actions, outcome, resolution date: what every documented case has."""

    received: bool = True
    description: bool = False
    parties: bool = False
    actions: bool = False
    outcome: bool = False
    resolution_date: bool = False

    @property
    def percent(self) -> int:
        """How much of it is there, 0 to 100."""
        there = [bool(getattr(self, one.name)) for one in fields(self)]
        return round(100 * there.count(True) / len(there))

    @property
    def lacking(self) -> tuple[str, ...]:
        """What is not there, in words."""
        return tuple(one.name.replace("_", " ") for one in fields(self) if not getattr(self, one.name))
