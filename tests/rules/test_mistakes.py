"""The twenty mistakes people make: each has its own message with line, column, caret and suggestion."""

# ruff: noqa: E501, ISC004 (a table reads better in long lines)

from datetime import UTC, datetime

import pytest

import rules
from cases.model.context import Person
from rules.language.circumstances import Circumstances, against, expired_trials, in_view_of, names_in_lists
from rules.language.problems import RulesetInvalid

# What is wrong: (old text, new text) in the small ruleset, then the words at the caret and the message expected.
MISTAKES = {
    "a misspelt list": (("{mentions: harassment_words,", "{mentions: harrasment_words,"), "harrasment_words",
        'error: unknown list "harrasment_words" in condition reads_like_harassment', 'did you mean "harassment_words"?'),
    "a misspelt key": (("raise_risk_to: high, escalate_to: hr", "raise_risc_to: high, escalate_to: hr"), "raise_risc_to",
        'error: there is no action "raise_risc_to" in rule harassment-report', 'did you mean "raise_risk_to"?'),
    "a misspelt condition": (("when: {mentions: [tribunal", "when: {mention: [tribunal"), "mention",
        'error: there is no condition "mention" in rule legal-threat', 'did you mean "mentions"?'),
    "a misspelt team": (("training: {team: frontdesk", "training: {team: frontdeck"), "frontdeck",
        'error: unknown team "frontdeck" in category training', 'did you mean "frontdesk"?'),
    "a misspelt recipient": (("escalate_to: counsel", "escalate_to: council"), "council",
        'error: nobody is called "council" in rule legal-threat', 'did you mean "counsel"?'),
    "wrong indentation": (("    phase: classify\n", "   phase: classify\n"), "phase",
        "error: the YAML cannot be read here", "is this line indented like its neighbours?"),
    "a quote left open": (('[tribunal, solicitor, lawsuit, "sue the company"]', '[tribunal, "solicitor, lawsuit, "sue the company"]'), "sue",
        "error: the YAML cannot be read here", "is a comma or a closing ] missing?"),
    "a colon left out": (("    then: {raise_risk_to: high, escalate_to: counsel, legal_hold: true, tag: legal}", "    then {tag: legal}"), "then {tag",
        'error: "then {tag" is not known here in rule legal-threat', 'write "then:", with a colon behind it'),
    "a tab": (("    phase: classify\n", "\tphase: classify\n"), "\t",
        "error: a tab stands in the indentation", "use spaces; YAML forbids tabs here"),
    "a rule that can never match": (("{all: [{category: payroll}, {history", "{all: [{category: payroll}, {category: leave}, {history"),
        "{all: [{category: payroll}, {category: leave}", "error: this rule can never match in rule third-payroll-error",
        "its conditions contradict one another"),
    "a rule that always matches": (("when: {mentions: [tribunal, solicitor, lawsuit, \"sue the company\"]}",
        "when: {any: [{mentions: [tribunal]}, {none: [{mentions: [tribunal]}]}]}"), "{any",
        "warning: this rule always matches in rule legal-threat", "is that meant? then put it into the category or the settings"),
    "a shadowed rule": (("  - id: legal-threat\n", "  - {id: twin, phase: assess, when: {mentions: [tribunal, solicitor, lawsuit, "
        "\"sue the company\"]}, then: {tag: legal}, priority: -1}\n  - id: legal-threat\n"), "twin",
        "warning: rule legal-threat (line 54) matches whenever this does and leaves it nothing to do in rule twin",
        "remove it, give it a priority, or make the other one narrower"),
    "an empty list": (("not_a_report: [\"harassment training\", \"harassment policy\", \"anti-harassment\"]", "not_a_report: []"), "[",
        "error: this list is empty in list not_a_report", "it would never match; give a word or remove it"),
    "a team without members": (("members: [fay@acme.example], assign", "members: [], assign"), "[",
        "error: a team needs at least one member in team frontdesk", "give a mail address"),
    "a person with no backup": (("hr_leadership: {members: [cho@acme.example], backup: coo@acme.example}",
        "hr_leadership: {members: [cho@acme.example]}"), "[cho",
        "warning: one person and no backup: when away or in conflict, nobody is told in people hr_leadership",
        "add backup: with an address or another group"),
    "a missing template": (("keep: 6 years}", "keep: 6 years, template: polite}"), "polite",
        'error: unknown template "polite" in category harassment', ""),
    "a template without a language": (("checklists:\n", "templates:\n  polite: {en: Thank you}\nchecklists:\n"), "polite",
        "warning: template polite has no wording in de, fr, es", "people who write in it are answered in the first language given"),
    "a deadline longer than its escalation": (("    - {at: 100%, notify: [owner, team_lead], escalate_to: hr_leadership}\n"
        "    - {at: 100% + 4 hours, escalate_to: guardian}\n", ""), "- {at: 75%",
        "warning: a clock runs longer than its escalation: the last step is at 75% in escalation serious",
        "add a step at 100% for when the deadline is missed"),
    "a pattern that matches everything": (('"hostile environment"]', '"hostile environment", "re:/.*/"]'), '"re:/.*/"',
        "error: the pattern matches everything, since it also matches nothing at all in list harassment_words", ""),
    "a duplicate id": (("id: legal-threat", "id: harassment-report"), "harassment-report",
        'error: the id "harassment-report" stands twice (first in line 47) in rule harassment-report', "choose another"),
    "a removed category still in use": (("  training: {team", "  learning: {renamed_to: training}\n  training: {team"), None, None, None),
    "a time zone that does not exist": (("timezone: Europe/London", "timezone: Europe/Londn"), "Europe/Londn",
        'error: there is no time zone "Europe/Londn"; write one like Europe/London', 'did you mean "Europe/London"?'),
    "a word that is a colleague's name": (("members: [erin@acme.example, eli@acme.example]", "members: [grope.hall@acme.example, eli@acme.example]"),
        "grope", 'warning: "grope" is also the name of a colleague in list harassment_words', "use a phrase around it"),
    "a list used nowhere": (("\nlists:\n", "\nlists:\n  spare: [gizmo]\n"), "spare",
        'warning: list "spare" is used nowhere', "remove it, or use it in a rule"),
    "a test that tests nothing": (("expect: {category: training, not_fired: [harassment-report]}", "expect: {}"), "{",
        'error: this test tests nothing in test "asking about the training is not a report"', "say at least one thing under expect:"),
    "a word where a number is expected": (("at_least: 0.70}", "at_least: high}"), "high",
        'error: expected a number from 0 to 1, found "high" in condition reads_like_harassment', ""),
    "a circle of conditions": (("  reads_like_harassment:\n", "  around: {any: [again]}\n  again: {all: [around]}\n  reads_like_harassment:\n"),
        "around", "error: the conditions around → again → around name one another in a circle", ""),
    "a pattern of the kind that hangs": (('"hostile environment"]', '"hostile environment", "re:/(a+)+$/"]'), '"re:/(a+)+$/"',
        'error: the pattern repeats a repetition, "(a+)+"; "a+" means the same in list harassment_words', ""),
    "a pattern that cannot be read": (('"hostile environment"]', '"hostile environment", "re:/(/"]'), '"re:/(/"',
        "error: the pattern cannot be read", ""),
    "a category action in the wrong phase": (("then: {raise_risk_to: high, escalate_to: counsel", "then: {category: leave, escalate_to: counsel"),
        "category", 'error: "category" can only stand in phase classify, and this rule is in assess in rule legal-threat', ""),
    "two conditions side by side": (("when: {mentions: [tribunal", "when: {category: leave, mentions: [tribunal"), "mentions",
        'error: "category" and "mentions" stand side by side in rule legal-threat', "join them: {all: [{…}, {…}]} or {any: […]}"),
    "a tag of two words": (("tag: repeat", "tag: repeat offence"), "repeat offence",
        'error: the tag "repeat offence" is not one word in rule third-payroll-error', 'write "repeat_offence"'),
    "a misspelt clock": (("routine: {acknowledge: 24 hours, first_response:", "routine: {acknowledge: 24 hours, frist_response:"), "2 working days",
        'warning: the clock "frist_response" is one of your own in SLA routine', 'did you mean "first_response"?'),
    "a country by its name": (("keep: 6 years}\n  whistleblow", "keep: 6 years, vary: {country: Germany, keep: 3 years}}\n  whistleblow"), "Germany",
        'warning: "Germany" is no country by its two letters in category harassment', 'did you mean "DE"?'),
    "no guardian": (("  guardian: {members: [chair@acme.example, audit@acme.example]}\n", ""), None, None, None),
}  # fmt: skip


def found(text):
    try:
        return rules.load(text).warnings
    except RulesetInvalid as invalid:
        return invalid.problems


@pytest.mark.parametrize("name", [name for name, mistake in MISTAKES.items() if mistake[1] is not None])
def test_mistake(small, name):
    (old, new), caret, message, suggestion = MISTAKES[name]
    assert small.count(old) == 1, small.count(old)
    problems = [problem.render() for problem in found(small.replace(old, new)) if message in problem.render()]
    assert problems, [problem.render() for problem in found(small.replace(old, new))]
    head, line, under = problems[0].split("\n")
    assert line.startswith(f"{int(head.split(':')[1]):5d} | ")
    assert line[under.index("^") :].startswith(caret.replace("\t", " "))
    assert suggestion in under


# What would never match, or nobody could be meant by: a rule's condition and action, the words at the caret, what is said.
NEVER = [
    ("{sender: {country: Frence}}", "{tag: x}", "Frence", '"Frence" is no country by its two letters', 'did you mean "FR"?'),
    ("{attachment: {name: pdf}}", "{tag: x}", "pdf", 'no file is called just "pdf"', 'write "*.pdf"'),
    ("{attachment: {name: certificate}}", "{tag: x}", "certificate", 'no file is called just "certificate"', 'write "*certificate*"'),
    ("{attachment: {type: pdf}}", "{tag: x}", "pdf", '"pdf" is no whole type, as image/png is', 'write "*pdf*"'),
    ("{language: pl}", "{tag: x}", "pl", '"pl" is not among the languages of the settings (en, de, fr, es)', "add it to languages: there"),
    ("{language: cz}", "{tag: x}", "cz", '"cz" is the code of no language (ISO 639-1)', ""),
    ('{sender: {address: "@acme.example"}}', "{tag: x}", '"@acme.example"', '"@acme.example" is no whole address', 'write "*@acme.example"'),
    ("{recipient: payroll}", "{tag: x}", "payroll", '"payroll" is no whole address and matches none', 'write "payroll@*"'),
    ("{category: payroll}", "{assign_to_skill: de}", "de", 'nobody of payroll has the skill "de"', "er would have them"),
    ("{all: [{mentions: [x]}, {team: frontdesk}]}", "{assign_to_skill: de}", "de", 'nobody of frontdesk has the skill "de"', ""),
    ("{mentions: [x]}", "{route_to: payroll, assign_to_skill: de}", "de", 'nobody of payroll has the skill "de"', ""),
    ("{mentions: [x]}", "{assign_to_skill: fr}", "fr", 'nobody has the skill "fr"', ""),
]  # fmt: skip
ALWAYS_FINE = [
    ('{sender: {country: [DE, "U*"], address: "*@acme.example"}}', "{tag: x}"),
    ('{attachment: {name: ["*.pdf", note.txt], type: "image/*"}}', "{tag: x}"),
    ("{language: [de, zh]}", "{tag: x}"),
    ('{recipient: ["payroll@*", hr@acme.example]}', "{tag: x}"),
    ("{category: harassment}", "{assign_to_skill: de}"),
    ("{category: payroll}", "{route_to: er, assign_to_skill: de}"),
    ("{category: payroll}", "{assign_to_skill: language}"),
]


def with_rule(small, when, then):
    return small.replace(
        "  - id: hr-is-named\n", f"  - {{id: added, phase: route, when: {when}, then: {then}}}\n  - id: hr-is-named\n"
    )


@pytest.mark.parametrize(("when", "then", "caret", "message", "suggestion"), NEVER)
def test_what_can_never_match_is_said_where_it_stands(small, when, then, caret, message, suggestion):
    (problem,) = [one for one in found(with_rule(small, when, then)) if "added" in one.message]
    assert problem.severity == "warning"
    assert problem.message.startswith(message)
    assert problem.text[problem.column - 1 :].startswith(caret)
    assert suggestion in problem.suggestion


@pytest.mark.parametrize(("when", "then"), ALWAYS_FINE)
def test_what_can_match_is_not_doubted(small, when, then):
    assert [one for one in found(with_rule(small, when, then)) if "added" in one.message] == []


def test_the_small_ruleset_is_right(small):
    assert [problem.message for problem in found(small) if problem.severity == "error"] == []


def test_a_removed_category_still_in_use_by_a_rule(small):
    text = small.replace("  training: {team", "  learning: {renamed_to: training}\n  training: {team")
    text = text.replace("then: {category: harassment,", "then: {category: learning,")
    (problem,) = [problem for problem in found(text) if problem.severity == "error"]
    assert (problem.message, problem.suggestion) == (
        'category "learning" was removed in rule harassment-report', 'write "training", its new name',
    )  # fmt: skip


def test_a_removed_category_still_in_use_by_cases(small):
    new = rules.load(small.replace("  leave: {team: frontdesk, risk: low, sla: routine, family: administrative}\n", ""))
    (problem,) = against(rules.load(small), new, categories_in_use=["leave", "training"])
    assert problem.message == 'category "leave" is gone while cases use it'
    assert against(rules.load(small), new, categories_in_use=["training"]) == ()


def test_an_expired_trial(with_rules):
    ruleset = with_rules("- {id: a, phase: assess, active: {until: 2026-03-31}, when: {mentions: [x]}, then: {tag: a}}")
    assert expired_trials(ruleset, datetime(2026, 3, 31, 22, 59, tzinfo=UTC)) == ()
    (problem,) = expired_trials(ruleset, datetime(2026, 3, 31, 23, 1, tzinfo=UTC))  # midnight of summer time
    assert problem.message == "the trial of rule a ended on 2026-03-31"
    assert "^^^^^^" in problem.render()


def test_a_locked_rule_weakened(small):
    old = rules.load(small)
    for change, said in (
        (("    locked: true\n", ""), "a locked rule is unlocked"),
        (("    locked: true\n", "    locked: true\n    watch: true\n"), "a locked rule only watches"),
        ((", escalate_to: hr_leadership}\n  -", "}\n  -"), "a locked rule does less"),
        (("[harass, bully,", "[bully,"), "the condition of a locked rule is another"),
    ):
        problems = against(old, rules.load(small.replace(*change)))
        assert [problem.message for problem in problems] == [f"{said} (rule harassment-report)"]
    assert against(old, rules.load(small.replace("why: Harassment", "why: All harassment"))) == ()


def test_a_word_that_is_a_name_in_the_directory(small):
    people = [Person("g@acme.example", "Grope Müller"), Person("x@acme.example", "Xi", nicknames=("Tribunal",))]
    (problem,) = names_in_lists(rules.load(small), people)
    assert '"grope" in list harassment_words is also the name of a colleague (Grope Müller)' in problem.message


AROUND = Circumstances(
    datetime(2026, 3, 4, tzinfo=UTC),
    people=(Person("cleo@acme.example", "Cleo Grope", grade="executive"),),
    fields=(("form", ("leave", "pay")), ("form", ("staff",)), ("kind", ("benefit", "late")), ("when", ())),
    addresses=("payroll@acme.example",),
)
UNKNOWN = [
    ("{form_field: {name: form, is: leaves}}", "leaves", 'no form of the public site is called "leaves"', 'did you mean "leave"?'),
    ("{form_field: {name: kynd, is: [benefit]}}", "kynd", 'no form of the public site has a field "kynd"', 'did you mean "kind"?'),
    ("{form_field: {name: Kind, is: [late, benefits]}}", "benefits", 'the field kind is never "benefits"', 'did you mean "benefit"?'),
    ("{recipient: payrol@acme.exampel}", "payrol@", 'no mail is taken for "payrol@acme.exampel"', 'did you mean "payroll@acme.example"?'),
    ("{sender: {grade: exectuive}}", "exectuive", 'nobody in the directory has the grade "exectuive"', 'did you mean "executive"?'),
    ("{party: {job_title: boss}}", "boss", 'nobody in the directory has the job title "boss"', ""),
]  # fmt: skip
KNOWN = [
    "{form_field: {name: form, is: [leave, staff]}}", "{form_field: {name: when, is: whatever}}", "{sender: {grade: EXEC*}}",
    "{form_field: {name: kind, is: la*}}", '{recipient: "somebody@*"}', "{recipient: Payroll@acme.example}",
]  # fmt: skip


@pytest.mark.parametrize(("when", "caret", "message", "suggestion"), UNKNOWN)
def test_what_nothing_around_has_is_said_where_it_stands(small, when, caret, message, suggestion):
    ruleset = rules.load(with_rule(small, when, "{tag: x}"))
    problem, name = in_view_of(ruleset, AROUND)[::-1]
    assert (problem.severity, problem.message, problem.suggestion) == (
        "warning",
        f"{message} in rule added",
        suggestion,
    )
    assert problem.text[problem.column - 1 :].startswith(caret)
    assert '"grope" in list harassment_words is also the name of a colleague' in name.message
    assert in_view_of(ruleset, Circumstances(AROUND.now)) == (), "what is not known is not asked for"


def test_what_something_around_has_is_not_doubted(small):
    for when in KNOWN:
        ruleset = rules.load(with_rule(small, when, "{tag: x}"))
        assert len(in_view_of(ruleset, AROUND)) == 1, when


def test_a_name_is_said_once_whoever_tells_it(small):
    text = small.replace("members: [erin@acme.example", "members: [cleo.grope@acme.example")
    ruleset = rules.load(text)
    both = (*ruleset.warnings, *in_view_of(ruleset, AROUND))
    assert len([one for one in both if "is also the name of a colleague" in one.message]) == 1


def test_all_other_errors_come_at_once(small):
    text = (
        small.replace("sla: pay,", "sla: pai,").replace("phase: route", "phase: rout").replace("[tribunal", "[re:/(/")
    )
    text = text.replace("  guardian: {members: [chair@acme.example, audit@acme.example]}\n", "")
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(text)
    said = " ".join(problem.message for problem in caught.value.problems)
    for words in (
        'unknown SLA "pai"',
        '"rout" is not one of',
        "the pattern cannot be read",
        'people "guardian" are missing',
    ):
        assert words in said


def test_a_misspelt_field_is_one_mistake_not_also_a_missing_one(small):
    problems = found(small.replace("frontdesk: {members:", "frontdesk: {membres:"))
    assert [(one.message, one.suggestion) for one in problems if one.severity == "error"] == [
        ('"membres" is not known here in team frontdesk', 'did you mean "members"?')
    ]


def test_a_duplicate_key_is_an_error(small):
    problems = found(small.replace("  unsure_below: 0.60\n", "  unsure_below: 0.60\n  unsure_below: 0.70\n"))
    assert problems[0].message == '"unsure_below" stands twice (first in line 6)'


def test_yaml_1_2_words_stay_words(small):
    ruleset = rules.load(small.replace("[tribunal, solicitor", "[NO, on, 17:30, solicitor"))
    label = ruleset.rules[1].when.words()
    assert label.startswith("mentions [NO, on, 17:30")


def test_a_quote_left_open_is_told_by_the_line_it_begins_in(small):
    text = small.replace('"anti-harassment"]', '"anti-harassment]')
    line = next(number for number, one in enumerate(text.split("\n"), 1) if '"anti-harassment]' in one)
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(text)
    (problem,) = caught.value.problems
    assert problem.line > line
    assert problem.suggestion == f"is a closing quote missing in line {line}?"


def test_one_mistake_in_a_team_is_not_said_again_where_the_team_is_expected(small):
    text = small.replace("members: [fay@acme.example]", "members: [fay.acme.example]")
    text = text.replace("expect: {category: unsorted,", "expect: {category: unsorted, team: frontdesk,", 1)
    assert "team: frontdesk," in text
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(text)
    assert [one.message for one in caught.value.problems if one.severity == "error"] == [
        '"fay.acme.example" is no mail address in team frontdesk'
    ]


# One mistake, and how it is said: every error, and each warning that the ruleset has not without it.
ALONE = {
    "a setting that cannot be read": (("unsure_below: 0.60", "unsure_below: 7"), ['expected a number from 0 to 1, found "7"']),
    "a language that is none": (("languages: [en, de", "languages: [en, dee"), ['"dee" is not one of ar, ca']),
    "a team that is none": (("training: {team: frontdesk", "training: {team: fronddesk"),
                            ['unknown team "fronddesk" in category training']),
    "the section of rules misspelt": (("\nrules:\n", "\nrulez:\n"), ['there is no section "rulez"']),
    "a part of a rule misspelt": (("    when: reads_like", "    whem: reads_like"), ['"whem" is not known here in rule']),
    "a rule's name misspelt": (("  - id: harassment-report", "  - idd: harassment-report"), ['"idd" is not known here']),
    "a member of a team with skills": (("[erin@acme.example", "[erin.acme.example"), ['"erin.acme.example" is no mail address']),
}  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_one_mistake_is_said_and_nothing_untrue_beside_it(small, name):
    change, expected = ALONE[name]
    assert small.count(change[0]) == 1
    text = with_rule(small, "{language: de}", "{tag: x, assign_to_skill: de}")
    known = {problem.message for problem in found(text)}
    new = [problem.message for problem in found(text.replace(*change)) if problem.message not in known]
    assert len(new) == len(expected), new
    assert all(said.startswith(words) for said, words in zip(new, expected, strict=True)), new


def test_a_missing_section_of_rules_is_one_mistake(small):
    without = small[: small.index("\nrules:\n")] + "\n" + small[small.index("tests:\n") :]
    assert [one.message for one in found(without) if "used nowhere" in one.message or one.severity == "error"] == [
        'the section "rules" is missing'
    ]


# A colon that is missing: what is written without it, and the name behind which it belongs.
COLONS = [
    ("\nteams:\n", "teams"), ("\nrules:\n", "rules"), ("version: 1", "version"), ("timezone: Europe", "timezone"),
    ("unsure_below: 0.60", "unsure_below"), ("risk_levels: [", "risk_levels"), ("leave: {team", "leave"),
    ("frontdesk: {members: [", "members"), ("locked: true", "locked"), ("id: legal-threat", "id"), ("  serious:\n", "serious"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "name"), COLONS)
def test_a_missing_colon_is_told_where_it_is_missing(small, written, name):
    assert small.count(written) == 1
    place = small.index(f"{name}:", small.index(written)) + len(name)
    (problem,) = found(small[:place] + small[place + 1 :])
    assert problem.suggestion == f'is a colon missing after "{name}"?'
    before = small[:place]
    assert (problem.line, problem.column) == (before.count("\n") + 1, place - before.rfind("\n"))


def test_a_colon_in_a_text_over_several_lines_is_not_a_missing_one(small):
    (problem,) = found(small.replace("why: Nobody handles", "why: Nobody\n      at all\n      handles: never"))
    assert "needs quotes" in problem.suggestion
