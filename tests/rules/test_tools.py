"""check, test, schema, docs, diff, try, explain, publish, rollback: what HR ops work with."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import rules
from cases.errors import Refused
from cases.model.assessment import Assessment
from cases.model.context import Context, Person
from cases.model.submission import Address, Submission
from cases.model.words import Channel
from rules.commands import rules as command
from rules.diff import diff
from rules.explain import explain
from rules.language.circumstances import Circumstances
from rules.language.reference_page import page
from rules.language.schema import schema
from rules.publishing import Version, propose, publish, roll_back
from rules.testing import run_tests
from rules.trial import Stored, try_out

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.fixture
def file(tmp_path, small):
    path = tmp_path / "rules.yaml"
    path.write_text(small)
    return path


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_check_says_what_it_read(file, small):
    done = run("check", file, "--json")
    assert done.exit_code == 0
    *problems, found = [json.loads(line) for line in done.stdout.splitlines()]
    assert (found["ruleset"], found["rules"], found["tests"]) == (rules.load(small).hash, 4, 1)
    assert {problem["severity"] for problem in problems} == {"warning"}


def test_check_of_a_wrong_file_exits_with_1_and_a_caret(file, small):
    file.write_text(small.replace("sla: pay,", "sla: pai,"))
    done = run("check", file)
    assert (done.exit_code, done.stdout.count("^")) == (1, done.stdout.count("^"))
    assert 'error: unknown SLA "pai" in category payroll' in done.stderr
    assert 'did you mean "pay"?' in done.stderr
    lines = [json.loads(line) for line in run("check", file, "--json").stdout.splitlines()]
    assert {"line": 20, "column": 78, "severity": "error", "message": 'unknown SLA "pai" in category payroll',
            "suggestion": 'did you mean "pay"?'} in lines  # fmt: skip


def test_check_takes_the_file_of_the_home(file):
    assert run("check", "--home", file.parent).exit_code == 0
    assert run("check", file.parent / "none.yaml").exit_code == 1


def test_check_against_the_version_before(file, tmp_path, small):
    old = tmp_path / "old.yaml"
    old.write_text(small)
    file.write_text(small.replace("    locked: true\n", ""))
    assert "a locked rule is unlocked (rule harassment-report)" in run("check", file, "--against", old).output


def test_test_says_which_rules_no_test_fires(file, small):
    done = run("test", file, "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert found[-1] == {"tests": 1, "passed": 1, "untested": [
        "harassment-report", "legal-threat", "third-payroll-error", "hr-is-named"]}  # fmt: skip
    file.write_text(small.replace("expect: {category: training", "expect: {category: payroll"))
    done = run("test", file)
    assert done.exit_code == 1
    assert "category: expected payroll, found training" in done.stdout


def test_a_test_fails_for_each_thing_it_expects(small):
    expect = """{category: payroll, risk: high, access: sealed, team: er, owner: x@y.example, backup: x@y.example,
      template: none, checklist: investigation, escalated_to: [x@y.example], notified: [], excluded: [x@y.example],
      tags: [x], fired: [hr-is-named], watched: [hr-is-named], deadlines: {resolve: 2026-01-01 10:00},
      legal_hold: true, review_before_close: true, held: true}"""
    ruleset = rules.load(small.replace("{category: training, not_fired: [harassment-report]}", expect))
    (result,) = run_tests(ruleset).results
    named = [
        pair.split(":")[0].strip()
        for pair in expect.strip("{}").replace("{resolve", "").replace("\n", " ").split(", ")
        if ":" in pair
    ]
    assert len(result.failures) == len(named) == 18


def test_diff_says_what_changed_and_puts_the_weakened_first(file, tmp_path, small):
    new = tmp_path / "new.yaml"
    changed = small.replace("[harass, bully,", "[bully,").replace("keep: 6 years", "keep: 7 years")
    new.write_text(changed.replace("  - id: third-payroll-error", "  - id: another-name"))
    lines = [json.loads(line) for line in run("diff", file, new, "--json").stdout.splitlines()]
    assert lines[0]["name"] == "harassment-report"
    assert lines[0]["weakens"] == "the condition of a locked rule is another"
    assert {(line["name"], line["kind"]) for line in lines} == {
        ("harassment-report", "changed"), ("harassment", "changed"), ("harassment_words", "changed"),
        ("third-payroll-error", "removed"), ("another-name", "added"),
    }  # fmt: skip
    assert run("diff", file, file).stdout == "They mean the same.\n"


def test_diff_of_the_same_meaning_is_empty(small):
    moved = small.replace("lists:\n", "lists:\n  spare: [gizmo]\n", 1).replace("# A small", "# The small")
    assert [change.name for change in diff(rules.load(small), rules.load(moved))] in ([], ["spare"])


def test_the_published_reference_page_and_schema_are_those_of_the_code():
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == page(), "run: heed rules docs --output docs/rules.md"
    assert json.loads((ROOT / "rules" / "schema.json").read_text("utf-8")) == json.loads(json.dumps(schema())), (
        "run: heed rules schema --output rules/schema.json"
    )


def submission(text):
    return Submission(Channel.MAIL, sender=Address("", "bob@acme.example"), new_text=text)


def stored(reference, text, *, may_open=True):
    return Stored(reference, submission(text), Assessment("", 0, (), 0), Context(), NOW, may_open)


def test_try_shows_the_weakened_first_and_nobody_a_case_they_could_not_open(small):
    new = rules.load(small.replace("[harass, bully,", "[bully, gizmo,"))
    seen = []
    found = try_out(rules.load(small), new, [
        stored("HR-1", "A gizmo."), stored("HR-2", "He harasses me."), stored("HR-3", "He harasses me.", may_open=False),
        stored("HR-4", "Nothing."), stored("HR-5", "He bullies me."),
    ], progress=seen.append)  # fmt: skip
    assert [(moved.reference, bool(moved.weakened)) for moved in found.moved] == [("HR-2", True), ("HR-1", False)]
    assert ("category", "harassment", "unsorted") in found.moved[0].changes
    assert set(found.moved[0].weakened) == {"risk", "access", "escalation"}
    assert ("start_investigation", datetime(2026, 3, 6, 10, tzinfo=UTC), None) in found.moved[0].deadlines
    assert (found.replayed, found.hidden, seen) == (5, 0, [1, 2, 3, 4, 5])
    assert (found.newly_fired, found.no_longer_fired) == ((("harassment-report", 1),), (("harassment-report", 1),))


def test_try_replays_a_further_message_on_the_case_as_each_ruleset_has_it_by_then(small):
    new = rules.load(small.replace("[tribunal, solicitor, lawsuit", "[solicitor, lawsuit"))
    further = stored("HR-1", "I go to the tribunal."), stored("HR-1", "To the tribunal, I say.")
    found = try_out(rules.load(small), new, [
        stored("HR-1", "He harasses me."), *(replace(one, number=n) for n, one in enumerate(further, 2)),
        stored("HR-2", "Where is my payslip?"),
        replace(stored("HR-2", "I go to the tribunal."), number=2, meanwhile=(("risk", "critical"), ("category", "leave"))),
    ])  # fmt: skip
    assert found.replayed == 5
    moved = [(one.reference, one.number, one.changes, one.weakened) for one in found.moved]
    assert moved == [
        ("HR-1", 2, (), ("escalation", "legal hold")),  # its risk was high by then by either
        ("HR-2", 2, (), ("escalation", "legal hold")),  # a person had made it critical
    ]


def test_try_says_once_what_a_case_has_been_since_its_first_message(small):
    new = rules.load(small.replace("[harass, bully,", "[gizmo,"))
    found = try_out(rules.load(small), new, [
        stored("HR-1", "He harasses me."),
        replace(stored("HR-1", "Any news?"), number=2), replace(stored("HR-1", "And now?"), number=3, asked=False),
    ])  # fmt: skip
    assert [(one.reference, one.number) for one in found.moved] == [("HR-1", 1)]
    assert found.replayed == 2


def test_explain_says_the_words_that_matched_and_what_lost(small, decided):
    lines = list(explain(decided(rules.load(small), "{text: Erin Hall bullies me., directory: "
                                 "[{address: erin@acme.example, name: Erin Hall}]}")))  # fmt: skip
    text = "\n".join(lines)
    assert 'yes: reads_like_harassment: "bullies" in text' in text
    assert "harassment-report: matched (Harassment complaints go to HR leadership immediately (handbook 7.2))" in text
    assert "kept away: erin@acme.example (named in the case (full name))" in text
    assert "legal-threat" not in text
    everything = "\n".join(explain(decided(rules.load(small), "{text: Hello}"), everything=True))
    assert "no: mentions [tribunal, solicitor, lawsuit, … (4)]" in everything


def test_explain_leaves_out_what_is_wholly_unknown_but_not_what_hangs_on_it(with_rules, decided):
    form = "{form_field: {name: form, is: leave}}"
    ruleset = with_rules(
        f"- {{id: form-leave, phase: assess, when: {form}, then: {{tag: a}}}}\n"
        f"- {{id: half-known, phase: assess, when: {{all: [{{mentions: [gizmo]}}, {form}]}}, then: {{tag: b}}}}"
    )
    mail = decided(ruleset, "{text: My gizmo.}")
    shown, everything = "\n".join(explain(mail)), "\n".join(explain(mail, everything=True))
    assert "form-leave" not in shown
    assert "half-known: did not match" in shown
    assert "form-leave: did not match" in everything


class Memory:
    """Versions in a list."""

    def __init__(self, *versions: Version, used=()):
        self.versions, self.used = list(versions), used

    def current(self):
        return self.versions[-1] if self.versions else None

    def get(self, name):
        return next((version for version in self.versions if version.hash == name), None)

    def add(self, version):
        self.versions.append(version)

    def categories_in_use(self):
        return self.used


def test_publish_then_roll_back(small):
    versions = Memory()
    first = publish(small, versions, author="hana@acme.example", reason="the first", now=NOW)
    other = small.replace("unsure_below: 0.60", "unsure_below: 0.65")
    second = publish(other, versions, author="hana@acme.example", reason="the model improved", now=NOW)
    assert (second.replaces, versions.current()) == (first.hash, second)
    back = roll_back(versions, first.hash, author="hana@acme.example", reason="it did not", now=NOW)
    assert (back.text, back.replaces, versions.current()) == (small, second.hash, back)
    with pytest.raises(Refused, match="in force already"):
        roll_back(versions, first.hash, author="h", reason="again", now=NOW)
    with pytest.raises(Refused, match="never published"):
        roll_back(versions, "0" * 16, author="h", reason="again", now=NOW)


def test_publish_wants_a_reason_passing_tests_and_a_change(small):
    versions = Memory()
    with pytest.raises(Refused, match="say why"):
        publish(small, versions, author="h", reason=" ", now=NOW)
    with pytest.raises(Refused, match="1 of its tests fail: asking about the training"):
        publish(
            small.replace("{category: training, not", "{category: payroll, not"),
            versions,
            author="h",
            reason="r",
            now=NOW,
        )
    publish(small, versions, author="h", reason="r", now=NOW)
    with pytest.raises(Refused, match="in force already"):
        publish(small, versions, author="h", reason="r", now=NOW)


def test_publish_of_a_weakened_locked_rule_wants_a_second_person(small):
    weaker = small.replace("    locked: true\n", "")
    versions = Memory()
    publish(small, versions, author="hana@acme.example", reason="r", now=NOW)
    assert [change.name for change in propose(weaker, versions).weakens] == ["harassment-report"]
    for approver in ("", "Hana@acme.example"):
        with pytest.raises(
            Refused, match="a second person must approve this \\(harassment-report: a locked rule is unlocked"
        ):
            publish(weaker, versions, author="hana@acme.example", reason="r", now=NOW, approver=approver)
    publish(weaker, versions, author="hana@acme.example", reason="r", now=NOW, approver="ines@acme.example")
    assert versions.current().approver == "ines@acme.example"


def test_a_proposal_is_seen_in_view_of_the_day_and_the_directory(small):
    around = Circumstances(NOW, (Person("cleo@acme.example", "Cleo Grope"),))
    trial = small.replace("  - id: legal-threat\n", "  - id: legal-threat\n    active: {until: 2026-01-31}\n")
    said = [problem.message for problem in propose(trial, Memory(), around=around).problems]
    assert "the trial of rule legal-threat ended on 2026-01-31" in said
    assert '"grope" in list harassment_words is also the name of a colleague (Cleo Grope)' in said


def test_publish_keeps_a_category_that_cases_use(small):
    versions = Memory(used=("leave",))
    publish(small, versions, author="h", reason="r", now=NOW)
    without = small.replace("  leave: {team: frontdesk, risk: low, sla: routine, family: administrative}\n", "")
    with pytest.raises(Refused, match='category "leave" is gone while cases use it'):
        publish(without, versions, author="h", reason="r", now=NOW)


def test_a_version_is_a_value(small):
    version = publish(small, Memory(), author="h", reason="r", now=NOW)
    assert replace(version) == version
