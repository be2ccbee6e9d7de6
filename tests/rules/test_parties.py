"""Who is named in a text, and who is not."""

import pytest

import rules
from cases.model.context import Context, Person
from cases.model.directory import PeopleDirectory
from cases.model.submission import Submission
from cases.model.words import Channel
from rules.parties import find_parties
from rules.text.index import TextIndex

PEOPLE = (
    Person(
        "erin@acme.example", "Erin Hall", job_title="Head of HR", nicknames=("Ernie",), aliases=("e.hall@acme.example",)
    ),
    Person("robert@acme.example", "Robert Smith", manager="erin@acme.example", nicknames=("Bob",), job_title="Driver"),
    Person("mark@acme.example", "Mark Young", manager="robert@acme.example", job_title="Driver"),
    Person("jose@acme.example", "José Núñez"),
    Person("jana@acme.example", "Jana Smith"),
)


@pytest.fixture
def named(small):
    ruleset = rules.load(small)

    def find(text, sender=""):
        context = Context(directory=PeopleDirectory(PEOPLE))
        person = context.directory.find(sender)
        index = TextIndex(Submission(Channel.MAIL, new_text=text), ruleset.lexicon)
        found = find_parties(ruleset, index, context, person, sender)
        return [party.person.address.split("@")[0] if party.person else f"?{party.words}" for party in found]

    return find


@pytest.mark.parametrize(("text", "expected"), [
    ("Erin Hall shouted at me.", ["erin"]),
    ("HALL, ERIN did it.", ["erin"]),
    ("I spoke with Erin about it.", ["erin"]),
    ("erin keeps shouting at me", ["erin"]),
    ("Ernie did it.", ["erin"]),
    ("It was E. Hall who did it", ["erin"]),
    ("Dear Mr. Smith,\nplease help.", []),
    ("It was E Hall who did it", ["erin"]),
    ("Bob Smith stole it.", ["robert"]),
    ("Mr Smith stole it.", ["robert", "jana"]),
    ("Then the head of HR laughed.", ["erin"]),
    ("The driver was late.", []),  # two people are drivers
    ("I will mark the date.", []),
    ("Yesterday Mark hit me.", ["mark"]),
    ("Mark my words.", []),
    ("jose nunez was rude", ["jose"]),
    ("Write to e.hall@acme.example.", ["erin"]),
    ("He is outsider@other.example", ["outsider"]),
    ("Herr Brackwasser hat mich beschimpft", ["?Herr Brackwasser"]),
    ("Hi Erin,\nmy pay is wrong.", []),
    ("Dear Ms Hall,\nmy pay is wrong.\nThanks Erin", []),
    ("Hi Bob and Erin,\nmy pay is wrong.", []),
    ("Hi Erin,\nErin Hall bullies me.", ["erin"]),
    ("Thanks for nothing. Erin Hall bullies me.", ["erin"]),
], ids=lambda value: str(value)[:24])  # fmt: skip
def test_named(named, text, expected):
    assert named(text) == expected


@pytest.mark.parametrize("text", [
    "My manager yelled.", "my line manager yelled", "Mein Chef schreit.", "Mon responsable ment.", "Mi jefe grita.",
])  # fmt: skip
def test_my_manager_is_the_one_of_the_directory(named, text):
    assert named(text, "mark@acme.example") == ["robert"]
    assert named(text, "nobody@acme.example")[0].startswith("?")


def test_the_sender_is_no_party_of_theirs(named):
    assert named("My name is Mark Young. Erin Hall lies.", "mark@acme.example") == ["erin"]


def test_staff_without_a_directory_are_known_by_their_addresses(small):
    ruleset = rules.load(small.replace("erin@acme.example", "erin.hallam@acme.example"))
    index = TextIndex(
        Submission(Channel.MAIL, new_text="Erin Hallam lies. I want legal advice and an audit."), ruleset.lexicon
    )
    found = find_parties(ruleset, index, Context(), None, "")
    assert [party.person.address for party in found] == ["erin.hallam@acme.example"]


@pytest.mark.parametrize(("text", "expected"), [
    ("Rebecca Smithers keeps touching me.", "Rebecca Smithers"),
    ("Yesterday Rebecca Smithers groped me in the lift.", "Rebecca Smithers"),
    ("I was insulted by Tobias van der Berg again.", "Tobias van der Berg"),
    ("I want to complain about Anna-Lena O'Neill.", "Anna-Lena O'Neill"),
    ("Then Rebecca J. Smithers shouted at me.", "Rebecca J. Smithers"),
    ("Hello HR team,\nRebecca Smithers bullies me.\nThanks,\nJohn Doe", "Rebecca Smithers"),
    ("My colleague Rebecca shouts at me.", "Rebecca"),
    ("Tobias Brackwasser hat mich beleidigt und bedroht.", "Tobias Brackwasser"),
    ("Mein Kollege Brackwasser schreit mich an.", "Brackwasser"),
    ("Jean-Luc Fontanelle me harcèle depuis un mois.", "Jean-Luc Fontanelle"),
    ("Paloma Iturbide me grita y me amenaza.", "Paloma Iturbide"),
], ids=lambda value: str(value)[:24])  # fmt: skip
def test_an_accusation_that_matches_nobody_says_so(named, text, expected):
    assert named(text) == [f"?{expected}"]


@pytest.mark.parametrize("text", [
    "Rebecca Smithers sent me the new payslip.",  # accuses nobody
    "Dear Rebecca Smithers,\nsomebody keeps shouting at me.",  # who is written to
    "Somebody shouts at me.\nKind regards\nRebecca Smithers",  # who writes
    "Somebody shouts at me.\nBest wishes, Rebecca Smithers",
    "My name is Rebecca Smithers and I am being bullied.",
    "I am Rebecca Smithers. I was insulted.",
    "I was insulted in Milton Keynes.",  # places
    "He shouted at me at Green Park on Bank Holiday Monday.",
    "The Equality Act forbids to harass anybody.",  # laws, policies, products, teams
    "The Dignity At Work policy says that nobody may be harassed.",
    "Microsoft Teams crashed while he shouted at me.",
    "Human Resources and the Works Council heard my complaint about the canteen.",
    "When is the Preventing Harassment course?",
    "Gestern hat der Leiter der Abteilung Einkauf geschrien.",
    "Hier, la Direction des Ressources Humaines a reçu ma plainte.",
    "HR. They insulted me.",
    "Dear Sir, MBO insulted me.",
], ids=lambda value: str(value)[:24])  # fmt: skip
def test_what_only_looks_like_a_name_is_nobody(named, text):
    assert named(text) == []


def test_the_writers_own_name_accuses_nobody(small):
    ruleset = rules.load(small)
    text = "Rebecca Smithers was insulted: that is me. Rebecca Smithers"
    said = Submission(Channel.MAIL, new_text=text)
    index = TextIndex(said, ruleset.lexicon)
    for own, address, found in (("Rebecca Smithers", "", 0), ("", "rebecca.smithers@acme.example", 0), ("", "", 1)):
        assert len(find_parties(ruleset, index, Context(), None, address, sender_name=own)) == found, (own, address)
