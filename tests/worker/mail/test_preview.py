"""`heed mail preview`: what is shown is what would be sent, and no more than the risk lets be said."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from cases.errors import Refused
from cases.model.wording import LANGUAGES
from gateway.serve.home import prepare
from gateway.settings import Everything, load
from gateway.shell import main
from rules import load as load_rules
from worker.mail.compose import Sender
from worker.mail.preview import Wanted, known_mails, preview

ROOT = Path(__file__).parents[3]
RULES = load_rules((ROOT / "rules.yaml").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ACME = Sender("Acme", "Acme HR", "hr@acme.example")


def shown(template: str, **wanted: str):
    return preview(Wanted(template, **wanted), RULES, ACME, "https://heed.acme.example", NOW)


@pytest.mark.parametrize("template", known_mails(RULES))
def test_every_mail_can_be_looked_at_and_nothing_in_it_is_left_open(template: str) -> None:
    read = {language: shown(template, language=language) for language in LANGUAGES}
    for language, made in read.items():
        assert made.subject
        assert made.text.strip()
        assert f'<html lang="{language}">' in made.html
        assert "<p>" in made.html
        assert "$" not in made.subject + made.text
    assert len({made.text for made in read.values()}) == len(LANGUAGES)


def test_the_owners_notice_quotes_below_high_risk_alone() -> None:
    first = "My overtime from October is missing on my payslip."
    assert f"> {first}" in shown("notice_owner", category="payroll", risk="low").text
    high = shown("notice_owner", category="payroll", risk="high").text
    assert first not in high
    assert "carries nothing of what was said" in high


def test_the_language_is_that_asked_for() -> None:
    assert "Personalabteilung" in shown("acknowledge", language="de").text


@pytest.mark.parametrize(
    "wanted", [{"template": "acknowlege"}, {"category": "paryoll"}, {"risk": "hi"}, {"language": "xx"}]
)
def test_an_unknown_name_gives_the_list(wanted: dict[str, str]) -> None:
    with pytest.raises(Refused, match=r"there is acknowledge|payroll|moderate|en, de"):
        shown(**{"template": "acknowledge", **wanted})


def test_the_command_prints_the_published_words_and_writes_the_html(tmp_path: Path) -> None:
    home, page = tmp_path / "home", tmp_path / "mail.html"
    home.mkdir()
    prepare(load(Everything, home))
    words = ("mail", "preview", "acknowledge", "--category", "payroll", "--home", str(home))
    done = CliRunner().invoke(main, [*words, "--html", str(page), "--json"])
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert "HR-EXAM-PLE2" in made["text"]
    assert page.read_text() == made["html"]
    assert CliRunner().invoke(main, words).stdout.startswith(f"Subject: {made['subject']}\n\n")
    assert CliRunner().invoke(main, [*words, "--risk", "hi"]).exit_code == 1
    every = CliRunner().invoke(main, ["mail", "preview", "--language", "es", "--home", str(home)]).stdout
    assert every.count("\nSubject: ") == len(known_mails(RULES))
    assert "=== notice_deadline\nSubject: Caso HR-EXAM-PLE2: primera respuesta" in every


def test_a_paragraph_about_what_the_mail_never_gets_is_left_out_as_when_it_is_sent() -> None:
    own = '\ntemplates:\n  progress: {en: {text: "We are at it.\\n\\nIt is about $category: $words"}}'
    ruleset = load_rules(RULES.text.replace("\ntemplates:", own, 1))
    made = preview(Wanted("progress", category="payroll"), ruleset, ACME, "https://heed.example", NOW)
    assert made.text == "We are at it.\n"
