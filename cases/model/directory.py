"""People who are known, found by any address they have, and who reports to whom; in memory, never changing."""

from collections import defaultdict
from collections.abc import Iterable

from cases.model.context import Person


class PeopleDirectory:
    """A directory made once of a list of people; what it answers costs nothing to ask again."""

    def __init__(self, people: Iterable[Person], gone: Iterable[str] = ()) -> None:
        self._people = tuple(people)
        self.gone = frozenset(address.casefold() for address in gone)
        """Addresses of people who have left; they are found by none of the questions below."""
        self._by_address = {
            address.strip().casefold(): person
            for person in reversed(self._people)
            for address in (*reversed(person.aliases), person.address)
        }
        self._direct: dict[str, list[Person]] = defaultdict(list)
        for person in self._people:
            if person.manager:
                self._direct[self._key(person.manager)].append(person)

    def _key(self, address: str) -> str:
        """One key for a person, by whichever address they are named."""
        known = self.find(address)
        return (known.address if known else address).strip().casefold()

    def find(self, address: str) -> Person | None:
        """The person with this address or alias, or None."""
        return self._by_address.get(address.strip().casefold())

    def people(self) -> tuple[Person, ...]:
        """Everyone, in the order given; the same tuple whenever asked."""
        return self._people

    def reports_of(self, address: str) -> tuple[Person, ...]:
        """Whoever reports to this person, directly or not; never the person, though lines may run in circles."""
        start = self._key(address)
        found: dict[str, Person] = {}
        waiting = [start]
        while waiting:
            for person in self._direct.get(waiting.pop(), ()):
                key = person.address.casefold()
                if key not in found and key != start:
                    found[key] = person
                    waiting.append(key)
        return tuple(found.values())

    def chain_of(self, person: Person) -> tuple[str, ...]:
        """Addresses of everyone above this person, nearest first."""
        found: dict[str, None] = {}
        at: Person | None = person
        while at is not None and at.manager and (key := self._key(at.manager)) not in found:
            found[key] = None
            at = self.find(key)
        return tuple(found)
