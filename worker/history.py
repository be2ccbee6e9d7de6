"""History for one batch: asked of the record once, then kept up with what the batch itself assigns."""

from collections.abc import Sequence
from datetime import timedelta

from cases.keys.hashing import sender_hash
from cases.store.lookups import EarlierCase, RecordLookups
from cases.store.turns import Turns


class BatchHistory:
    """The rules' view of what came before, including what this batch has just decided.

    Earlier cases of the batch's senders are fetched in one query: most rules about history ask about the sender.
    """

    def __init__(self, lookups: RecordLookups, senders: Sequence[str], turns: Turns) -> None:
        self._lookups = lookups
        self._turns = turns
        self._open: dict[str, int] | None = None
        self._hashes = {
            sender: sender_hash(lookups.index_key, sender) for sender in {one.casefold() for one in senders} if sender
        }
        self._earlier: dict[str, list[EarlierCase]] | None = None

    def count(
        self,
        *,
        same: tuple[str, ...],
        submission_sender: str,
        category: str,
        team: str,
        party: str,
        within: timedelta,
        besides: str = "",
    ) -> int:
        """How many earlier cases share every named attribute."""
        digest = self._hashes.get(submission_sender.casefold())
        if "party" in same or "sender" not in same or digest is None:
            return self._lookups.count(
                same=same,
                submission_sender=submission_sender,
                category=category,
                team=team,
                party=party,
                within=within,
                besides=besides,
            )
        if self._earlier is None:
            self._earlier = self._lookups.earlier_of(list(self._hashes.values()))
        since = self._lookups.now - within
        return sum(
            one.received_at >= since
            and one.id != besides
            and ("category" not in same or one.category == category)
            and ("team" not in same or one.team == team)
            for one in self._earlier.get(digest, ())
        )

    def open_by_owner(self) -> dict[str, int]:
        """Open cases by owner, this batch's included."""
        if self._open is None:
            self._open = self._lookups.open_by_owner()
        return self._open

    def turn(self, team: str) -> int:
        """The number of the team's next turn; no other worker gets it."""
        return self._turns.take(team)

    def assigned(self, owner: str) -> None:
        """The batch has given a case to someone."""
        if owner:
            counts = self.open_by_owner()
            counts[owner.casefold()] = counts.get(owner.casefold(), 0) + 1
