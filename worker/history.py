"""History for one batch: asked of the record once, then kept up with what the batch itself assigns."""

from datetime import timedelta

from cases.store.lookups import RecordLookups


class BatchHistory:
    """The rules' view of what came before, including what this batch has just decided."""

    def __init__(self, lookups: RecordLookups) -> None:
        self._lookups = lookups
        self._open: dict[str, int] | None = None
        self._last: dict[str, str] = {}

    def count(
        self, *, same: tuple[str, ...], submission_sender: str, category: str, team: str, party: str, within: timedelta
    ) -> int:
        """As the record says."""
        return self._lookups.count(
            same=same, submission_sender=submission_sender, category=category, team=team, party=party, within=within
        )

    def open_by_owner(self) -> dict[str, int]:
        """Open cases by owner, this batch's included."""
        if self._open is None:
            self._open = self._lookups.open_by_owner()
        return self._open

    def last_assigned(self, team: str) -> str:
        """Who of the team was given a case last, in this batch or before."""
        if team not in self._last:
            self._last[team] = self._lookups.last_assigned(team)
        return self._last[team]

    def assigned(self, team: str, owner: str) -> None:
        """The batch has given a case to someone."""
        if owner:
            counts = self.open_by_owner()
            counts[owner.casefold()] = counts.get(owner.casefold(), 0) + 1
            self._last[team] = owner
