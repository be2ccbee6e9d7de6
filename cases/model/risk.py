"""High risk: one line through a ruleset's levels, for whatever is held more closely above it."""

from collections.abc import Sequence

HIGH = "high"
"""The level that is high by its name."""


def is_grave(risk: str, levels: Sequence[str]) -> bool:
    """Whether a risk is high: of the two highest of these levels (lowest first), or from `high` on where that is lower.

    The lowest of several is never; a level that is none of them, of an older ruleset, is.
    """
    if risk not in levels:
        return True
    highest = len(levels) - 2
    from_here = min(highest, levels.index(HIGH)) if HIGH in levels else highest
    return levels.index(risk) >= max(from_here, min(1, len(levels) - 1))
