"""History for one batch: asked of the record once, then kept up with what the batch itself assigns."""

from collections.abc import Sequence

from cases.keys.hashing import sender_hash
from cases.model.context import Alike
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

    def count(self, alike: Alike) -> int:
        """How many earlier cases are alike."""
        digest = self._hashes.get(alike.sender.casefold())
        if "party" in alike.same or "sender" not in alike.same or digest is None:
            return self._lookups.count(alike)
        if self._earlier is None:
            self._earlier = self._lookups.earlier_of(list(self._hashes.values()))
        since = self._lookups.now - alike.within
        return sum(
            one.received_at >= since
            and one.id != alike.besides
            and ("category" not in alike.same or one.category == alike.category)
            and ("team" not in alike.same or one.team == alike.team)
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
