"""Who a protected reporter says they are; it never lies beside what they wrote."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Identity:
    """A name and how to reach them, in their own words; either may be ""."""

    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        """Whether they said anything."""
        return bool(self.name or self.contact)
