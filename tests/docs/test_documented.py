"""What exists is documented: every setting, every command, every promise's test."""

import re
from pathlib import Path

import pytest

from gateway.settings.page import described, markdown, sections
from gateway.shell import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(path for path in ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))


def test_the_settings_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == markdown()


def test_every_setting_says_what_it_does() -> None:
    assert [one.name for one in described() if len(one.words) < 10] == []
    assert [name for name, words in sections().items() if not words] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"heed {name}" in (ROOT / "README.md").read_text(encoding="utf-8") or name in {"classifier", "rules"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.name))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_tests_named_in_security_md_exist() -> None:
    for target in re.findall(r"`(tests/[\w/]+\.py)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
