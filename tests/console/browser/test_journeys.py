"""What HR staff come for, in a real browser, with and without JavaScript."""

import re
import smtplib
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from heedtest.chromium import DESK, PHONE
from heedtest.homes import one_case
from heedtest.look import maildir
from heedtest.waiting import wait_until
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from .conftest import Colleague, Site

pytestmark = pytest.mark.system


def write_to_hr(site: Site, name: str, subject: str, text: str) -> str:
    """An employee's mail, and the reference of the case it becomes."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{name.title()} <{name}@acme.example>", "hr@acme.example", subject
    mail["Message-ID"] = f"<{name}-{abs(hash(text))}@acme.example>"
    mail.set_content(text)
    host, port = site.served.door
    with smtplib.SMTP(host, port) as client:
        client.send_message(mail)
    return one_case(site.served, mail["Message-ID"])


@pytest.mark.parametrize(("javascript", "width", "who"), [(True, DESK, "jo"), (False, PHONE, "kai")])
def test_sign_in_read_reply_and_the_mail_lands(
    site: Site, browse: Callable[..., Colleague], javascript: bool, width: int, who: str
) -> None:
    address = f"{who}@acme.example"
    site.hire(address, who.title(), "triage", "lead")
    reference = write_to_hr(site, f"sam-{who}", "My payslip", "My overtime from last month is missing on my payslip.")
    browser = browse(width, javascript=javascript)
    browser.sign_in(site, address)
    browser.go(f"{site.console}/cases")
    browser.sees(reference)
    assert browser.width <= width
    browser.find(f'a[href="/cases/{reference}"]').click()
    browser.sees("My overtime from last month is missing")
    browser.sees("Why it came here")
    assert browser.width <= width
    browser.type("text", "It will be in the next run.")
    browser.press("Send reply")
    browser.sees("Your reply is on its way.")

    def delivered() -> list[EmailMessage]:
        mails = maildir(site.served.home / "outgoing")
        return [one for one in mails if "next run" in str(one.get_body(("plain",)).get_content())]  # type: ignore[union-attr]

    (mail,) = [one for one in wait_until(delivered, "the reply in the Maildir", seconds=30) if who in str(one["To"])]
    assert who.title() not in str(mail["From"])
    assert str(mail["In-Reply-To"]).startswith(f"<sam-{who}-")
    assert browser.hosts() == {site.console.removeprefix("http://")}
    assert [entry for entry in browser.driver.get_log("browser") if entry["level"] == "SEVERE"] == []
    browser.press("Sign out")
    browser.sees("Your password opens your own key")


def test_a_sealed_case_is_answered_at_the_receipt_page(site: Site, browse: Callable[..., Colleague]) -> None:
    site.hire("gwen@acme.example", "Gwen Adeyemi", "guardian")
    reporter = browse(javascript=False)
    reporter.go(f"{site.public}/en/")
    reporter.press("Report anonymously")
    reporter.driver.find_element(By.ID, "subject").send_keys("Invoices")
    reporter.driver.find_element(By.ID, "text").send_keys("A supplier that does not exist is paid every month.")
    reporter.press("Send the report")
    reporter.sees("Your report is stored")
    found = re.search(r"(?:\w{4}-){4}\w{5}", reporter.find(".receipt").text.replace("\n", ""))
    assert found
    guardian = browse()
    guardian.sign_in(site, "gwen@acme.example")

    def listed() -> bool:
        guardian.go(f"{site.console}/cases")
        return "Sealed" in guardian.find("body").text

    wait_until(listed, "the sealed case in the guardian's list", seconds=30)
    guardian.find(".queue .open").click()
    guardian.sees("A supplier that does not exist")
    guardian.type("text", "Thank you. Since when?")
    guardian.press("Send reply")
    guardian.sees("Your reply waits for them")

    later = browse(javascript=False)
    later.go(f"{site.public}/en/receipt")
    later.driver.find_element(By.ID, "receipt").send_keys(found[0], Keys.ENTER)
    later.sees("Thank you. Since when?")
    assert "Gwen" not in later.find("body").text


def test_the_keyboard_is_enough(site: Site, browse: Callable[..., Colleague]) -> None:
    site.hire("key@acme.example", "Key Board", "lead")
    reference = write_to_hr(site, "lou", "Parental leave", "I would like to take parental leave from March on.")
    browser = browse()
    browser.sign_in(site, "key@acme.example")
    browser.go(f"{site.console}/cases/{reference}")
    browser.sees("parental leave from March")

    def typed(*keys: str) -> WebElement:
        ActionChains(browser.driver).send_keys(*keys).perform()
        return browser.driver.switch_to.active_element

    assert "Skip to the content" in typed(Keys.TAB).text
    typed(Keys.ENTER)
    assert any(typed(Keys.TAB).tag_name == "textarea" for _ in range(30))
    typed("By keyboard.")
    assert any("Send reply" in typed(Keys.TAB).text for _ in range(4))
    typed(Keys.ENTER)
    browser.sees("Your reply is on its way.")


def test_rules_are_mended_in_the_browser(site: Site, browse: Callable[..., Colleague]) -> None:
    site.hire("ops@acme.example", "Ops", "hr_ops")
    browser = browse()
    browser.sign_in(site, "ops@acme.example")
    browser.go(f"{site.console}/rules")
    browser.sees("In force: version")
    area = browser.find("#text")
    area.send_keys(Keys.CONTROL, Keys.HOME)
    area.send_keys("verion: 1\n")
    browser.press("Check")
    browser.sees("Not taken")
    browser.sees("Line 1")
    browser.press("Line 1")
    assert browser.driver.switch_to.active_element.get_attribute("id") == "text"
