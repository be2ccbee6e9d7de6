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
