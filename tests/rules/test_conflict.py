"""Whoever is accused, reports to the accused, or must not see a case gets no place in it: attempts to slip through."""

from datetime import UTC, datetime

import pytest

import rules
from cases.model.assessment import Assessment
from cases.model.context import Context, Person
from cases.model.directory import PeopleDirectory
from cases.model.submission import Address, Submission
from cases.model.words import Authenticity, Channel
from rules.reference import ReferenceEngine

PEOPLE = (
    Person("erin.hall@x.example", "Erin Hall", "cho@x.example", aliases=("erin@x.example",), nicknames=("Ernie",)),
    Person("eli@x.example", "Eli Vance", "erin@x.example"),
    Person("lea@x.example", "Lea Moreau", "cho@x.example", department="People"),
    Person("cho@x.example", "Cho Tanaka", job_title="Chief People Officer"),
    Person("cora@x.example", "Cora Diaz", "chair@x.example"),
    Person("chair@x.example", "Ida Berg"),
    Person("audit@x.example", "Omar Haddad"),
    Person("root@x.example", "Ruth Adler", "cho@x.example"),
    Person("sam@x.example", "Sam Reed", "mia@x.example"),
    Person("mia@x.example", "Mia Stone", "noa@x.example"),
    Person("noa@x.example", "Noa Levi"),
    *(Person(f"anna{number}@x.example", f"Anna Number{number}") for number in range(9)),
)
RULES = """
version: 1
settings: {timezone: Europe/London}
teams:
  er: {label: {en: Employee relations}, members: [erin@x.example, eli@x.example, anna3@x.example], assign: first,
       lead: lea@x.example, backup: cora@x.example}
people:
  leadership: {members: [cho@x.example], backup: noa@x.example}
  guardian: {members: [chair@x.example, audit@x.example]}
risk_levels: [low, high]
categories:
  unsorted: {label: {en: Other}, team: er, risk: high, sla: plain}
slas:
  plain: {acknowledge: 24 hours, resolve: 9 days}
escalation:
  plain:
    - {at: 50%, notify: [owner, team_lead, team], escalate_to: leadership}
    - {at: 100%, escalate_to: guardian}
rules:
  - {id: all, phase: assess, when: {channel: [mail, form]}, then: {notify: [team, on_call, guardian], escalate_to: leadership}}
"""


def decide(text: str, sender: str = "sam@x.example", authenticity: Authenticity = Authenticity.PASS, **said: object):  # type: ignore[no-untyped-def]
    ruleset = rules.load(RULES)
    channel = Channel.FORM if said else Channel.MAIL
    submission = Submission(channel, Address("", sender), new_text=text, authenticity=authenticity, **said)  # type: ignore[arg-type]
    context = Context(PeopleDirectory(PEOPLE), staff=frozenset({"root@x.example"}))
    engine = ReferenceEngine(ruleset.program)
    return rules.decide(
        ruleset, submission, Assessment("", 0, (), 0), context, engine, datetime(2026, 3, 4, tzinfo=UTC)
    )


def everyone_in(decision) -> set[str]:  # type: ignore[no-untyped-def]
    """Whoever has any part in the case."""
    told = [address for notice in decision.notices for address in notice.recipients]
    rungs = [address for rung in decision.ladder for address in (*rung.notify, *rung.escalate_to)]
    return {decision.owner, decision.backup, *decision.readers, *decision.escalated_to, *told, *rungs} - {""}


def test_without_a_conflict_everybody_has_their_part() -> None:
    assert everyone_in(decide("My chair broke.")) == {
        "erin@x.example", "eli@x.example", "anna3@x.example", "lea@x.example", "cora@x.example", "cho@x.example",
        "chair@x.example", "audit@x.example",
    }  # fmt: skip


@pytest.mark.parametrize(("text", "kept_away"), [
    ("Erin Hall bullies me.", {"erin@x.example", "erin.hall@x.example", "eli@x.example"}),  # the owner, and a report
    ("Ernie bullies me.", {"erin@x.example", "eli@x.example"}),  # by nickname
    ("E. Hall bullies me.", {"erin@x.example", "eli@x.example"}),  # by initial
    ("Look what erin.hall@x.example wrote.", {"erin@x.example", "eli@x.example"}),  # the ruleset knows only the alias
    ("It was Cora Diaz.", {"cora@x.example"}),  # the backup
    ("It was Lea Moreau.", {"lea@x.example"}),  # the lead
    ("It was Ida Berg.", {"chair@x.example", "cora@x.example"}),  # a guardian, to whom the backup reports
    ("It was the chief people officer.", {"cho@x.example", "erin@x.example", "eli@x.example", "lea@x.example",
                                          "root@x.example"}),  # by title; a whole line below
    ("Ruth Adler reads our mail.", {"root@x.example"}),  # works with cases by role alone
    ("Anna is rude to me.", {"anna3@x.example"}),  # one of nine of that name, the one who would see it
])  # fmt: skip
def test_the_accused_and_who_reports_to_them_have_no_part(text, kept_away) -> None:
    decision = decide(text)
    assert kept_away <= {one.person for one in decision.excluded}
    assert not everyone_in(decision) & kept_away
    assert decision.owner
    assert not decision.held_because


def test_a_guardian_who_is_not_accused_takes_what_nobody_else_may_see() -> None:
    decision = decide("They all lie.", concerns=("er", "Cora Diaz", "Cho Tanaka"), keep_from=("noa@x.example",))
    assert (decision.owner, everyone_in(decision)) == ("chair@x.example", {"chair@x.example", "audit@x.example"})
    other = decide("Ida Berg too.", concerns=("employee relations", "Cora Diaz", "Cho Tanaka", "Noa Levi"))
    assert (other.owner, everyone_in(other)) == ("audit@x.example", {"audit@x.example"})


def test_both_guardians_accused_it_is_held_with_an_alarm() -> None:
    decision = decide("All.", concerns=("er", "Cora Diaz", "Cho Tanaka", "Noa Levi", "Ida Berg", "Omar Haddad"))
    assert decision.held_because
    assert decision.held_because in decision.alarms
    assert everyone_in(decision) == set()


def test_members_of_a_department_that_a_form_names_are_kept_away() -> None:
    assert "lea@x.example" not in everyone_in(decide("Unfair.", concerns=("People",)))


@pytest.mark.parametrize("authenticity", Authenticity)
def test_the_reporters_whole_line_when_they_ask(authenticity) -> None:
    asked = decide("Please help.", authenticity=authenticity, keep_from_managers=True)
    assert {"mia@x.example", "noa@x.example"} <= {one.person for one in asked.excluded}
    assert not {one.person for one in decide("Please help.").excluded}


@pytest.mark.parametrize("authenticity", Authenticity)
def test_my_manager_is_kept_away_however_little_the_sender_is_believed(authenticity) -> None:
    decision = decide("My line manager shouts at me.", sender="eli@x.example", authenticity=authenticity)
    assert not everyone_in(decision) & {"erin@x.example", "erin.hall@x.example"}


def test_who_left_is_given_nothing_even_when_the_rest_is_away() -> None:
    ruleset = rules.load(RULES)
    away = frozenset({"eli@x.example", "anna3@x.example", "cora@x.example"})
    context = Context(absent=away, gone=frozenset({"erin@x.example", "cora@x.example"}))
    submission = Submission(Channel.MAIL, Address("", "sam@x.example"), new_text="Hello")
    engine = ReferenceEngine(ruleset.program)
    decision = rules.decide(
        ruleset, submission, Assessment("", 0, (), 0), context, engine, datetime(2026, 3, 4, tzinfo=UTC)
    )
    assert decision.owner == "eli@x.example"
    assert not everyone_in(decision) & {"erin@x.example", "cora@x.example"}


def test_who_was_kept_away_stays_away_whatever_a_later_message_says() -> None:
    ruleset = rules.load(RULES)
    context = Context(excluded=("lea@x.example",), follow_up_of=(("owner", "eli@x.example"), ("team", "er")))
    submission = Submission(Channel.MAIL, Address("", "sam@x.example"), new_text="Any news?")
    engine = ReferenceEngine(ruleset.program)
    decision = rules.decide(
        ruleset, submission, Assessment("", 0, (), 0), context, engine, datetime(2026, 3, 4, tzinfo=UTC)
    )
    assert "lea@x.example" not in everyone_in(decision)
