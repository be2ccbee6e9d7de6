"""What people come for, in a real browser without JavaScript."""

import re

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from cases.keys.links import receipt_reader, status_reader
from cases.model.codes import new_receipt, read_receipt
from cases.model.submission import Submission
from cases.model.words import Access, Channel, Status

pytestmark = pytest.mark.system


def test_an_anonymous_report_and_the_conversation_after_it(world, browse, tmp_path):
    paper = tmp_path / "note.txt"
    paper.write_text("what I found")
    browser = browse()
    browser.go("/en/")
    browser.press("Report anonymously")
    browser.type("subject", "Invoices")
    browser.type("text", "A supplier that does not exist.")
    browser.find("#files").send_keys(str(paper))
    browser.press("Send the report")
    browser.sees("Your report is stored")
    receipt = re.search(r"(?:\w{4}-){4}\w{5}", browser.find(".receipt").text.replace("\n", ""))[0]
    assert world.envelopes()[0]["payload"]["files"][0]["filename"] == "note.txt"

    browser.press("I have kept my receipt")
    browser.sees("It is stored")
    world.triage_all()
    browser.press("Look again")
    browser.sees("A supplier that does not exist.")
    world.answer(*world.cases[receipt_reader(read_receipt(receipt), world.site.pepper).lookup], "Which weeks?")

    later = browse()
    later.go("/en/receipt")
    later.type("receipt", receipt.lower())
    later.press("Open")
    later.sees("Which weeks?")
    later.type("text", "The second week of February.")
    later.press("Send the message")
    later.sees("Your message is stored.")
    world.triage_all()
    later.press("Look for news")
    later.sees("The second week of February.")
    for one in (browser, later):
        assert one.driver.get_cookies() == []
        requests = one.requests()
        assert not [url for url in requests if receipt[:9] in url or read_receipt(receipt)[:8] in url]
        assert {url.split("/")[2] for url in requests if url.startswith("http")} == {one.site.removeprefix("http://")}


def test_a_named_request_and_its_status_page(world, browse):
    browser = browse()
    browser.go("/de/write/general")
    browser.type("name", "Ada Byron")
    browser.type("email", "ada@acme.example")
    browser.type("subject", "Überstunden")
    browser.type("text", "Sechs Stunden fehlen.")
    browser.press("Senden")
    browser.sees("Danke.")
    browser.sees(world.envelopes()[0]["reference"])

    code = new_receipt(lambda _bits: 31337)
    case = world.add_case(
        "HR-3F8V-11TP", channel=Channel.FORM, category="payroll", access=Access.MANAGED, status=Status.IN_PROGRESS
    )
    world.link(*case, status_reader(read_receipt(code)))
    world.add_message(*case, Submission(channel=Channel.FORM, new_text="Sechs Stunden fehlen."))
    browser.go(f"/de/s/{code}")
    assert "Sechs Stunden" not in browser.words
    browser.press("Meine Anfrage zeigen")
    browser.sees("Sechs Stunden fehlen.")
    browser.sees("Es wird bearbeitet.")
    assert code not in browser.driver.current_url


def test_slips_keep_the_words_and_enter_sends_instead_of_switching_the_language(browse):
    browser = browse()
    browser.go("/en/write/general")
    browser.type("email", "ada")
    browser.type("text", "My words")
    browser.type("subject", "Subject" + Keys.ENTER)
    browser.sees("Something is missing")
    assert browser.find("html").get_attribute("lang") == "en"
    assert browser.find("#text").get_attribute("value") == "My words"
    assert browser.find("#email").get_attribute("aria-invalid") == "true"
    browser.find("nav.languages button[lang=fr]").click()
    browser.sees("Écrire aux")
    assert browser.find("html").get_attribute("lang") == "fr"
    assert browser.find("#text").get_attribute("value") == "My words"


def test_the_whole_journey_by_keyboard(world, browse):
    browser = browse()
    browser.go("/en/write/anonymous")
    active = browser.driver.switch_to.active_element
    active.send_keys(Keys.TAB)
    assert browser.driver.switch_to.active_element.text == "Skip to the content"
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    for _ in range(25):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        if browser.driver.switch_to.active_element.get_attribute("id") == "text":
            break
    browser.driver.switch_to.active_element.send_keys("By keyboard")
    for _ in range(25):
        ActionChains(browser.driver).send_keys(
            Keys.TAB
        ).perform()  # sent to a file field itself, a key is a file's name
        if browser.driver.switch_to.active_element.text == "Send the report":
            break
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.sees("Your report is stored")
    assert world.envelopes()[0]["payload"]["text"] == "By keyboard"


@pytest.mark.parametrize("lang", ["en", "de", "fr", "es"])
def test_nothing_is_wider_than_a_narrow_phone(world, browse, lang):
    from pathlib import Path

    from cases.store.engine import writing
    from cases.store.rulesets import publish

    rules = (Path(__file__).parents[2] / "rules" / "small.yaml").read_text("utf-8")
    with writing(world.record_engine) as connection:
        publish(connection, "0" * 64, rules, by="test", reason="", now=world.clock())
    browser = browse(320)
    for path in ("", "expect", "write/general", "write/anonymous", "receipt", "status", "nothing"):
        browser.go(f"/{lang}/{path}")
        assert browser.width <= 320, path
    browser.go(f"/{lang}/write/anonymous")
    browser.type("text", "x" * 300)
    browser.find("main button[type=submit]").click()
    browser.sees("-", ".receipt")
    assert browser.width <= 320
    world.triage_all()
    browser.find("main button[type=submit]").click()
    browser.sees("x" * 300, ".talk")
    assert browser.width <= 320


def test_every_control_has_a_name_and_every_page_its_parts(browse):
    browser = browse()
    for path in ("/en/", "/en/write/general", "/en/write/anonymous", "/en/receipt", "/en/status", "/en/expect"):
        browser.go(path)
        assert len(browser.driver.find_elements(By.CSS_SELECTOR, "h1")) == 1
        assert len(browser.driver.find_elements(By.CSS_SELECTOR, "main, header, footer")) == 3
        for control in browser.driver.find_elements(By.CSS_SELECTOR, "main input:not([type=hidden]), main textarea"):
            assert control.accessible_name, path
        for control in browser.driver.find_elements(By.CSS_SELECTOR, "a, button:not([aria-hidden])"):
            assert control.accessible_name, path
        assert browser.driver.get_cookies() == []
