"""What the rules tell the record about how long cases are kept."""

from collections.abc import Callable
from datetime import timedelta

from cases.model.decision import Where
from cases.model.lifecycle import Outcome

Keeping = Callable[[str, Outcome | None, Where], timedelta | None]
"""How long a case of this category is kept after closing with this outcome, there; None: for ever."""
