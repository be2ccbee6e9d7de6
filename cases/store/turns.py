"""Whose turn it is in a team that takes turns: numbers from the database, so that no two workers draw the same one."""

from sqlalchemy import Connection, Engine, insert, select, update

from cases.store.engine import one_at_a_time, writing
from cases.store.tables import turn


class Turns:
    """Turns for one batch of at most `most` cases. They are drawn together, in a transaction of their own; what is left over
    goes back with the batch's commit unless somebody has drawn since, so that who works alone leaves no gaps.
    """

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._most = max(1, most)
        self._left: dict[str, list[int]] = {}

    def take(self, team: str) -> int:
        """The team's next turn; no other worker has it or gets it."""
        if not self._left.get(team):
            start = _draw(self._engine, team, self._most)
            self._left[team] = list(range(start, start + self._most))
        return self._left[team].pop(0)

    def give_back(self, connection: Connection) -> None:
        """Return what was not needed, where nobody has drawn after us."""
        for team, left in self._left.items():
            if left:
                mine = (turn.c.team == team, turn.c.next == left[-1] + 1)
                connection.execute(update(turn).where(*mine).values(next=left[0]))
        self._left.clear()


def _draw(engine: Engine, team: str, count: int) -> int:
    with writing(engine) as connection:
        one_at_a_time(connection, f"turn {team}")
        start = connection.execute(select(turn.c.next).where(turn.c.team == team)).scalar()
        if start is None:
            connection.execute(insert(turn).values(team=team, next=count))
            return 0
        connection.execute(update(turn).where(turn.c.team == team).values(next=start + count))
        return int(start)
