"""HR ops write notices anew per language; whatever is shipped is known by name, and reporters read it in their language."""

import re
from importlib.resources import files

import pytest
from heedtest.colleagues import FAY, PROVEN, SAM, hired, plain, round_
from heedtest.worker import mail

from cases.model.wording import NOTICES, PLACEHOLDERS
from cases.store import rulesets
from cases.store.engine import writing
from rules import load
from worker.mail.compose import OUR_LINKS
from worker.mail.phrases import above

SHIPPED = {path.name: path.read_text("utf-8") for path in (files("worker") / "notices").iterdir()}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_each_notice_is_known_with_what_may_stand_in_it(name) -> None:
    assert name.partition(".")[0] in {*NOTICES, "acknowledgement"}
    assert set(re.findall(r"\$\{?([a-z_]+)", SHIPPED[name])) <= set(PLACEHOLDERS)


def test_a_notice_in_hr_ops_own_words_keeps_the_line_to_answer_above(bench) -> None:
    office = hired(bench)
    with writing(office.shop.record) as connection:
        text = rulesets.published(connection)
        text += "\ntemplates:\n  notice_owner: {en: {subject: Yours, text: 'Look at $reference, please. $quote'}}\n"
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=office.shop.now())
    office.deliver(mail(text="My overtime is missing.", sender=SAM, **PROVEN))
    notice = round_(office)[FAY]
    assert notice["Subject"] == "Yours"
    assert plain(notice).startswith(above("en"))
    assert "please. > My overtime is missing." in plain(notice)


def test_every_link_that_a_template_may_name_can_be_clicked() -> None:
    assert {name for name in PLACEHOLDERS if name.endswith(("_url", "_link"))} | {"console"} == set(OUR_LINKS)
