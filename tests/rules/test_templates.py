"""The words of mails: who gets which, what may stand in them, and what a wrong one is told."""

from datetime import timedelta
from pathlib import Path

import pytest

import rules
from cases.model.decision import Where
from cases.model.lifecycle import Outcome
from cases.model.wording import LANGUAGES
from rules.language.problems import RulesetInvalid
from rules.ruleset import Decider

TEMPLATES = """\
templates:
  acknowledge:
    en: {subject: We have your message, text: "Hello.\\n\\nYours is $reference.\\n\\nPolicy: $policy"}
    de: "Guten Tag, $reference."
    vary: [{country: AT, de: "Servus, $reference."}]
checklists:
"""


def with_templates(small, templates=TEMPLATES):
    return small.replace("checklists:\n", templates)


def test_everybody_is_written_to_in_their_language_else_in_the_first_one(small):
    ruleset = rules.load(with_templates(small))
    assert ruleset.template("acknowledge", "de").text == "Guten Tag, $reference."
    assert ruleset.template("acknowledge", "de-AT").text == "Guten Tag, $reference."
    assert ruleset.template("acknowledge", "pl").subject == "We have your message"
    assert ruleset.template("acknowledge_brief", "en") is None


def test_words_vary_by_country_within_their_own_entry(small):
    ruleset = rules.load(with_templates(small))
    assert ruleset.template("acknowledge", "de", Where(country="AT")).text == "Servus, $reference."
    assert ruleset.template("acknowledge", "en", Where(country="AT")).subject == "We have your message"


def test_a_decision_carries_the_words_and_what_may_stand_in_them(small, decided):
    text = with_templates(small).replace("training: {team", 'training: {policy: "Handbook 5", team')
    decision = decided(rules.load(text), "{text: hello, model: {training: 0.9}, language: de}")
    assert decision.wording.text == "Guten Tag, $reference."
    assert dict(decision.facts) == {"category": "training", "policy": "Handbook 5"}


def test_a_policy_has_a_title_in_each_language_and_else_its_first(small, decided):
    titles = 'training: {policy: {title: {en: Handbook 5, de: Handbuch 5}, link: "https://p.example"}, team'
    ruleset = rules.load(with_templates(small).replace("training: {team", titles))
    said = {
        language: dict(decided(ruleset, f"{{text: hello, model: {{training: 0.9}}, language: {language}}}").facts)
        for language in ("de", "fr")
    }
    assert {language: facts["policy"] for language, facts in said.items()} == {"de": "Handbuch 5", "fr": "Handbook 5"}
    assert said["de"]["policy_link"] == "https://p.example"


def test_the_starter_names_each_thing_in_every_language_that_mail_is_written_in():
    starter = rules.load((Path(__file__).parents[2] / "rules.yaml").read_text("utf-8"))
    named = [(one.name, one.label) for one in (*starter.categories.values(), *starter.teams.values())]
    named += [(one.name, one.policy.titles) for one in starter.categories.values() if one.policy]
    assert len(named) > 30
    for name, labels in named:
        assert not labels or set(LANGUAGES) <= {language for language, _ in labels}, name


def test_no_words_are_carried_where_nothing_is_sent(small, decided):
    decision = decided(rules.load(with_templates(small)), "{text: hello, automatic: auto-reply}")
    assert (decision.acknowledgement, decision.wording) == ("", None)


@pytest.mark.parametrize(
    ("wrong", "message", "caret", "suggestion"),
    [
        ("$refrence.", 'there is no placeholder "$refrence" in template acknowledge', "$refrence", '"reference"?'),
        ("$body.", 'there is no placeholder "$body" in template acknowledge', "$body", "there are $reference, "),
        ("${policyy}", 'there is no placeholder "$policyy" in template acknowledge', "${policyy", '"policy"?'),
        ("5 $ a day", "a dollar sign begins a placeholder in template acknowledge", "$", 'write "$$"'),
    ],
)
def test_a_placeholder_that_does_not_exist(small, wrong, message, caret, suggestion):
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(with_templates(small).replace("$reference.", wrong, 1))
    (problem,) = [one for one in caught.value.problems if one.severity == "error"]
    _, line, under = problem.render().split("\n")
    assert problem.message == message
    assert line[under.index("^") :].startswith(caret)
    assert suggestion in under


def test_a_placeholder_in_a_block_of_text_is_found_in_its_own_line(small):
    block = "templates:\n  polite:\n    en: |\n      Hello,\n\n      yours is $refrence.\nchecklists:\n"
    text = with_templates(small, block)
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(text)
    (problem,) = [one for one in caught.value.problems if one.severity == "error"]
    assert (problem.text, problem.column) == ("      yours is $refrence.", 16)


def test_a_dollar_is_written_twice(small):
    assert rules.load(with_templates(small).replace("$reference.", "5 $$ a day", 1))


def test_retention_varies_by_outcome_and_country(small):
    text = small.replace("  leave: {team", "  leave: {keep: {spam: 30 days, otherwise: 1 year}, "
                         "vary: {country: DE, keep: 90 days}, team")  # fmt: skip
    ruleset = rules.load(text)
    assert ruleset.keep("leave", Outcome.SPAM) == timedelta(days=30)
    assert ruleset.keep("leave", Outcome.DONE) == timedelta(days=365)
    assert ruleset.keep("leave", Outcome.SPAM, Where(country="de")) == timedelta(days=90)
    assert ruleset.keep("training", Outcome.DONE) is None


def test_a_category_says_who_decides_and_what_may_be_quoted(small):
    text = small.replace("  harassment: {team", "  harassment: {quote: true, decider: someone_else, team")
    ruleset = rules.load(text)
    assert ruleset.categories["harassment"].quote
    assert ruleset.categories["harassment"].decider is Decider.SOMEONE_ELSE
    assert not ruleset.categories["leave"].quote
    assert ruleset.categories["leave"].decider is Decider.ANYONE
