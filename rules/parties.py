"""Who is named in a submission: addresses, names, nicknames, initials with surname, job titles, "my manager".

When several people bear a name, all of them count (up to a few): to keep one too many away from a case costs little,
to show it to the accused cannot be undone. Who is only greeted or thanked is no party.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.model.context import Context, Person
from cases.model.runs import words_of
from rules.ruleset import Ruleset, Team
from rules.strangers import strangers_in
from rules.text.index import SUBJECT, TextIndex, Tokens
from rules.text.words import fold

MOST_NAMESAKES = 5
"""People who may bear one name before it says nothing."""

_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words(
    "mr mrs ms miss mx dr prof sir madam herr frau hr fr monsieur madame mademoiselle mme mlle senor senora sr sra "
    "don dona"
)
_MY = _words("my mein meine meinem meinen meiner mon ma mi")
_MANAGERS = _words(
    "manager boss supervisor superior leader chef chefin vorgesetzter vorgesetzte vorgesetzten managerin teamleiter "
    "teamleiterin abteilungsleiter abteilungsleiterin superieur superieure responsable patron patronne cheffe jefe "
    "jefa supervisora"
)
_ADJECTIVES = _words("line direct current former immediate own team department store shift floor general area new old")
_GREETINGS = _words(
    "hi hello hey dear hiya greetings good morning afternoon evening thanks thank you many so much again cheers to all "
    "hallo liebe lieber liebes guten tag morgen sehr geehrte geehrter danke vielen dank an "
    "bonjour bonsoir salut cher chere merci hola estimado estimada querido querida buenos buenas dias tardes gracias "
    "and und et y e team hr everyone"
)
# Names that are words as well: taken for a name only when written with a capital inside a sentence.
_ALSO_WORDS = _words(
    "will mark may grace hope bill rose art rob sue pat grant chase dean drew frank gene jack joy june april august "
    "faith dawn ray miles nick guy max long young brown black white green king price page day hall best good rich "
    "case banks bond bush carter cook cross field fisher forest fox gray hill hunter lane law lee love major marsh "
    "mason miller moore parker penny potter reed ross shore small smart son stone summer sunny taylor turner walker "
    "ward waters wells west wise wood woods worth klein gross lang jung schwarz weiss braun kurz neu alt petit grand "
    "blanc noir roy leon angel rey sol luz rosa paz cruz mercy melody harmony victor victory christian earl duke "
    "jean van chance chip cliff cash ace sandy ruby pearl amber crystal iris lily holly ivy violet olive"
)


@dataclass(frozen=True, slots=True)
class NamedParty:
    """Someone named. `person` is None when the directory knows nobody of that name. `how` says by what."""

    person: Person | None
    words: str
    how: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    """The rest of a name after its first word, and whom it means."""

    rest: tuple[str, ...]
    how: str
    people: tuple[Person, ...]


class NameIndex:
    """Everyone's names by their first word. Built once for a directory.

    A name that too many bear says nothing, but where some of them are `staff` (addresses) it still means those.
    """

    def __init__(self, people: Iterable[Person], staff: frozenset[str] = frozenset()) -> None:
        self._people = tuple(people)
        collected: dict[tuple[tuple[str, ...], str], list[Person]] = defaultdict(list)
        for person in self._people:
            for words, how in _names_of(person):
                collected[words, how].append(person)
        self.patterns: dict[str, list[_Pattern]] = defaultdict(list)
        for (words, how), bearers in collected.items():
            most = 1 if how == "job title" else MOST_NAMESAKES
            if len(bearers) > most and how != "job title":
                bearers = [one for one in bearers if staff & {one.address.lower(), *one.aliases}]  # noqa: PLW2901
            if 0 < len(bearers) <= most:
                self.patterns[words[0]].append(_Pattern(words[1:], how, tuple(dict.fromkeys(bearers))))
        for found in self.patterns.values():
            found.sort(key=lambda pattern: -len(pattern.rest))
        self.openings = frozenset((*self.patterns, *_TITLES, *_MY))
        """Folded words at which someone may be named; every other word of a text is passed over."""

    def knows(self, word: str) -> bool:
        """Whether a folded word begins someone's name."""
        return word in self.patterns

    def bearers(self, name: str) -> tuple[NamedParty, ...]:
        """Everybody whom a name means that was written where only a name is expected."""
        words = tuple(word for word in (fold(word) for word in words_of(name)) if word not in _TITLES)
        fitting = [one for one in self.patterns.get(words[0], ()) if one.rest == words[1:]] if words else []
        return tuple(NamedParty(person, name, "form") for pattern in fitting for person in pattern.people)


def _names_of(person: Person) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every way to write this person's name, as folded words, with what it is."""
    words = tuple(fold(word) for word in words_of(person.name))
    nicknames = [tuple(fold(word) for word in words_of(nickname)) for nickname in person.nicknames]
    if len(words) >= 2:
        first, last = words[0], words[-1]
        yield words, "full name"
        yield from {((first, last), "full name"), ((last, first), "full name"), ((first[0], last), "initial and name")}
        yield (last,), "surname"
        yield from (((*nickname, last), "nickname and name") for nickname in nicknames if nickname)
    if words:
        yield words[:1], "first name"
    yield from ((nickname, "nickname") for nickname in nicknames if nickname)
    title = tuple(fold(word) for word in words_of(person.job_title))
    if title:
        yield title, "job title"


def find_parties(
    ruleset: Ruleset,
    index: TextIndex,
    context: Context,
    sender: Person | None,
    sender_address: str,
    stated: tuple[str, ...] = (),
    sender_name: str = "",
) -> tuple[NamedParty, ...]:
    """Who is named by a form (`stated`) or in the text, the sender left out. In reading order, each person once."""
    found: dict[str, NamedParty] = {}
    names = _name_index(ruleset, context)
    own = {sender_address, sender.address.lower() if sender else ""} - {""}
    for party in (
        *_from_form(stated, ruleset, names, context, sender),
        *_from_text(index, names, context, sender),
        *_unknown(index, names, f"{sender_name} {sender_address} {sender.name if sender else ''}"),
    ):
        key = party.person.address.lower() if party.person else f"?{party.words.casefold()}"
        if key not in own:
            found.setdefault(key, party)
    return tuple(found.values())


def _name_index(ruleset: Ruleset, context: Context) -> NameIndex:
    """The names of the directory and of staff it does not know, kept while the directory stays the same."""
    people = context.directory.people()
    kept = ruleset.memory.get("names")
    if kept is None or kept[0] is not people or kept[2] != context.staff:
        known = {address.lower() for person in people for address in (person.address, *person.aliases)}
        staff = (_from_address(address) for address in sorted(ruleset.staff) if address.lower() not in known)
        everyone = (*people, *(person for person in staff if person.name))
        kept = (people, NameIndex(everyone, context.staff | ruleset.staff), context.staff)
        ruleset.memory["names"] = kept
    names: NameIndex = kept[1]
    return names


def _from_address(address: str) -> Person:
    """Staff without a directory entry: `erin.hall@…` is called Erin Hall; a lone word may be an office, so no name."""
    words = re.split(r"[._-]", address.partition("@")[0])
    name = " ".join(word.capitalize() for word in words) if len(words) > 1 and all(words) else ""
    return Person(address=address, name=name)


def _from_form(
    stated: tuple[str, ...], ruleset: Ruleset, names: NameIndex, context: Context, sender: Person | None
) -> Iterator[NamedParty]:
    """An address, a name, a job title, or "my manager"; a team is not a person, and an unknown name is said to be one."""
    for named in stated:
        words = [fold(word) for word in words_of(named)]
        if "@" in named:
            yield NamedParty(context.directory.find(named) or Person(address=named.strip().lower()), named, "form")
        elif len(words) > 1 and words[0] in _MY and words[-1] in _MANAGERS:
            yield _manager_of(sender, named, context)
        elif bearers := names.bearers(named):
            yield from bearers
        elif words and plain(named) not in {title for team in ruleset.teams.values() for title in titles_of(team)}:
            yield NamedParty(None, named, "form")


def plain(title: str) -> str:
    """A title without case, accents and punctuation."""
    return " ".join(words_of(fold(title).replace("_", " ")))


def titles_of(team: Team) -> frozenset[str]:
    """What a team is called, plainly."""
    return frozenset(plain(title) for title in (team.name, *(label for _, label in team.label)))


def _manager_of(sender: Person | None, words: str, context: Context) -> NamedParty:
    """The directory's manager of the sender, else someone unknown."""
    manager = sender.manager if sender else ""
    person = (context.directory.find(manager) or Person(address=manager.lower())) if manager else None
    return NamedParty(person, words, "manager")


def _from_text(index: TextIndex, names: NameIndex, context: Context, sender: Person | None) -> Iterator[NamedParty]:
    for part, tokens in zip(index.parts, index.tokens, strict=True):
        for match in _ADDRESS.finditer(part.text) if "@" in part.text else ():
            address = match.group().rstrip(".").lower()
            yield NamedParty(context.directory.find(address) or Person(address=address), match.group(), "address")
        place = 0
        for opening in [place for place, word in enumerate(tokens.folded) if word in names.openings]:
            if opening < place:  # inside the name before
                continue
            word = tokens.folded[opening]
            if word in _MY:
                yield from _manager_at(opening, tokens, part.text, context, sender)
            if word in names.patterns or word in _TITLES:
                length, parties = _at(opening, tokens, names, part.text)
                yield from parties
                place = opening + max(1, length)


def _unknown(index: TextIndex, names: NameIndex, own: str) -> Iterator[NamedParty]:
    """Whom the text accuses by a name that nobody in the directory bears. `own` is what the writer is called."""
    written = frozenset(fold(word) for word in words_of(own))
    for part, tokens in zip(index.parts, index.tokens, strict=True):
        if part.name == SUBJECT:  # where people write every word with a capital
            continue
        for first, words in strangers_in(part.text, tokens, written):
            titled = first > 0 and tokens.folded[first - 1] in _TITLES
            known = any(len(word) > 1 and names.knows(fold(word)) for word in words_of(words))
            if not titled and not known and not _greeted(first, tokens, names, part.text):
                yield NamedParty(None, words, "unknown name")


def _at(place: int, tokens: Tokens, names: NameIndex, text: str) -> tuple[int, tuple[NamedParty, ...]]:
    """Who is named by the words from `place` on, and how many words that took."""
    folded = tokens.folded
    for pattern in names.patterns.get(folded[place], ()):
        last = place + len(pattern.rest)
        if tuple(folded[place + 1 : last + 1]) != pattern.rest or tokens.sentences[last] != tokens.sentences[place]:
            continue
        titled = place > 0 and folded[place - 1] in _TITLES
        if not pattern.rest and not _is_name(place, tokens, pattern, text, titled=titled):
            continue
        if _greeted(place, tokens, names, text):
            return len(pattern.rest) + 1, ()
        words = text[tokens.starts[place] : tokens.end(last)]
        alike = [one for one in names.patterns[folded[place]] if one.rest == pattern.rest and one.how != "job title"]
        bearers = {person: one.how for one in (*reversed(alike), pattern) for person in one.people}
        return len(pattern.rest) + 1, tuple(NamedParty(person, words, how) for person, how in bearers.items())
    return 0, _stranger(place, tokens, text, names)


def _is_name(place: int, tokens: Tokens, pattern: _Pattern, text: str, *, titled: bool) -> bool:
    """Whether one word on its own is meant as a name."""
    folded = tokens.folded
    word, written = folded[place], tokens.written[place]
    if titled:
        return pattern.how == "surname"
    if pattern.how == "job title":
        return place > 0 and folded[place - 1] in {"the", "our", "my", "der", "die", "unser", "unsere", "le", "la",
                                                   "notre", "el", "nuestro", "nuestra"}  # fmt: skip
    if len(word) < 3:
        return False
    capital = written[0].isupper()
    if word in _ALSO_WORDS or pattern.how == "surname":
        begins = place == 0 or text[: tokens.starts[place]].rstrip()[-1:] in {".", "!", "?", ":", ""}
        return capital and not written.isupper() and (not begins or word not in _ALSO_WORDS)
    return capital or text == text.lower()


def _stranger(place: int, tokens: Tokens, text: str, names: NameIndex) -> tuple[NamedParty, ...]:
    """A title with a name that nobody in the directory bears: an accusation that matches nobody says so."""
    folded, following = tokens.folded, place + 1
    if folded[place] not in _TITLES or following >= len(folded) or names.knows(folded[following]):
        return ()
    if tokens.written[place].isupper() or text[tokens.end(place) : tokens.starts[following]] not in {" ", ". "}:
        return ()
    name = tokens.written[following]
    if not name[0].isupper() or len(name) < 3 or _greeted(place, tokens, names, text):
        return ()
    return (NamedParty(None, text[tokens.starts[place] : tokens.end(following)], "unknown name"),)


def _manager_at(place: int, tokens: Tokens, text: str, context: Context, sender: Person | None) -> Iterator[NamedParty]:
    """My manager, with an adjective between or not: the directory's manager of the sender, else someone unknown."""
    folded, following = tokens.folded, place + 1
    while following < len(folded) and following < place + 3 and folded[following] in _ADJECTIVES:
        following += 1
    if following < len(folded) and folded[following] in _MANAGERS:
        yield _manager_of(sender, text[tokens.starts[place] : tokens.end(following)], context)


def _greeted(place: int, tokens: Tokens, names: NameIndex, text: str) -> bool:
    """Whether all that comes before the name in its line and sentence is a greeting or thanks ("Hi Erin,")."""
    starts, sentences = tokens.starts, tokens.sentences
    line = text.rfind("\n", 0, starts[place]) + 1
    first = place
    while first > 0 and starts[first - 1] >= line and sentences[first - 1] == sentences[place]:
        first -= 1
    before = tokens.folded[first:place]
    greeting = all(word in _GREETINGS or word in _TITLES or names.knows(word) for word in before)
    return greeting and any(word in _GREETINGS for word in before)
