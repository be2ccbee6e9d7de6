"""The reference page's new kind of case, added to the shipped file by someone who never programmed, works as it stands."""

import re

import rules
from rules.language.reference_page import page
from rules.language.tree import parse
from rules.testing import run_tests


def test_the_pages_new_kind_of_case_works_in_the_shipped_file():
    (block,) = [one for one in re.findall(r"```yaml\n(.*?)```", page(), re.DOTALL) if "relocation" in one]
    text = rules.starter_text()
    for key, _ in parse(block).pairs:
        entries = block.split(f"{key.value}:\n", 1)[1].split("\n" + "teams:")[0]
        entries = re.split(r"\n(?=\w)", entries)[0].rstrip("\n") + "\n"
        text = text.replace(f"\n{key.value}:\n", f"\n{key.value}:\n{entries}", 1)
    ruleset = rules.load(text)
    report = run_tests(ruleset)
    assert report.passed
    assert report.untested == ()
    assert ruleset.categories["relocation"].team == "relocation"
