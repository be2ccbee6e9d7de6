"""Publishing and rolling back from the shell: a second person, the deadlines that move, the cases decided meanwhile."""

import json

from heedtest.offices import FIRST

LOCKED = ("  - id: grave\n    phase: classify\n", "  - id: grave\n    phase: classify\n    locked: true\n")


def written(office, *changes, text=""):
    text = text or office.rules
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = office.home / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def publish(heed, *more):
    by = ("--by", "hana@acme.example", "--password", FIRST.format("hana@acme.example"))
    return heed("publish", "--reason", "because", *by, *more)


def test_publishing_takes_the_homes_file_and_says_whose_deadlines_move(office, heed):
    office.mail("sam@acme.example", "Payslip", "Where is my payslip?")
    office.mail("sue@acme.example", "Payslip", "Where is my payslip, please?")
    written(
        office,
        ("resolve: 10 days}", "resolve: 20 days}"),
        ("routine: {acknowledge: 24 hours", "routine: {acknowledge: 8 hours"),
    )
    said = publish(heed).output
    assert "is in force; 1 test passed" in said
    assert "2 open deadlines (routine: resolve) would end later under it." in said
    assert "(routine: acknowledge) would end earlier under it." in said
    assert "first_response" not in said


def test_what_is_odd_in_this_home_is_said_by_the_file_and_when_it_is_published(office, heed):
    rule = "  - {id: odd, phase: assess, active: {until: 2025-01-31}, when: {recipient: payrol@acme.example}, then: {tag: x}}\n"
    written(office, ("\nrules:\n", f"\nrules:\n{rule}"))
    assert "warnings (from line " in heed("proposed").output
    for said in (heed("check", str(office.home / "rules.yaml")), publish(heed)):
        assert said.exit_code == 0
        assert "the trial of rule odd ended on 2025-01-31" in said.output
        assert 'no mail is taken for "payrol@acme.example" in rule odd' in said.output


def test_weakening_a_locked_rule_needs_the_password_of_another_owner(office, heed):
    written(office, LOCKED)
    assert publish(heed).exit_code == 0
    written(office, ("    locked: true\n", "    locked: true\n    watch: true\n"))
    before = office.rules
    second = "hugo@acme.example"
    for arguments, words in (
        ((), "a second person must approve this"),
        (
            ("--approver", "hana@acme.example", "--approver-password", FIRST.format("hana@acme.example")),
            "a second person",
        ),
        (("--approver", second, "--approver-password", "wrong"), "do not belong together"),
        (
            ("--password", "not hana", "--approver", second, "--approver-password", FIRST.format(second)),
            "do not belong",
        ),
        (("--approver", "pia@acme.example", "--approver-password", FIRST.format("pia@acme.example")), "cannot approve"),
    ):
        refused = publish(heed, *arguments)
        assert refused.exit_code == 1
        assert words in refused.output
        assert office.rules == before
    assert publish(heed, "--approver", second, "--approver-password", FIRST.format(second)).exit_code == 0
    assert "watch: true" in office.rules
    assert f"approved by {second}" in heed("history").output


def test_a_rollback_rewrites_the_file_and_lists_who_was_decided_meanwhile_and_who_saw_it(office, heed, objects):
    first, name = office.rules, heed("history", "--json").output.split('"')[3]
    before = office.mail("tim@acme.example", "Payslip", "Where is my payslip?")
    office.pass_time(days=1)
    path = written(office, ("[harass, bully, grope]", "[harass, grope]"))
    assert publish(heed).exit_code == 0
    office.pass_time(days=2)
    missed = office.mail("sue@acme.example", "Help", "He bullies me every day.")
    office.sign_in("noor@acme.example").get(f"/cases/{missed}")
    office.sign_in("fay@acme.example").case(missed)
    (said,) = objects(heed("rollback", name, "--reason", "a mistake", "--by", "hana@acme.example", "--json"))
    assert path.read_text(encoding="utf-8") == first == office.rules
    listed = {one["reference"]: one["seen_by"] for one in said["decided_meanwhile"]}
    assert "fay@acme.example" in listed[missed]
    assert before not in listed


def test_what_the_homes_file_proposes(office, heed):
    def state():
        result = heed("proposed", "--json")
        return json.loads(result.stdout)

    assert state()["state"] == "absent"
    first = office.rules
    written(office)
    assert state()["state"] == "in_force"
    written(office, ("[harass, bully, grope]", "[harass, grope]"))
    assert state()["state"] == "ready"
    assert "1 tests pass; a person must publish it" in state()["words"]
    written(office, ("[payslip, salary, overtime]", "[salary]"))
    assert "its tests fail: pay goes to payroll" in state()["words"]
    written(office, ("acknowledge: 24", "acknowlege: 24"), ("team: payroll", "team: pairoll"))
    assert state()["state"] == "broken"
    assert "stays in force" in state()["words"]
    (office.home / "rules.yaml").write_bytes(b"version: \xff")
    assert state()["state"] == "broken"
    written(office, ("[harass, bully, grope]", "[harass, grope]"), text=first)
    assert publish(heed).exit_code == 0
    written(office, text=first)
    assert state()["state"] == "earlier"
    assert "heed rules rollback" in state()["words"]
    assert office.rules != first
