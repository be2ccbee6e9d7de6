"""The acknowledgement in the words that HR ops wrote: into the mail, with what may stand in them, and no more."""

from email import message_from_bytes, policy

import pytest
from heedtest.worker import mail

from cases.store import rulesets
from cases.store.engine import writing
from rules import load

TEMPLATES = """\
templates:
  acknowledge:
    en:
      subject: Thank you ($reference)
      text: |
        Hello from $organisation.

        It is about $category, by $policy, see $policy_link.

        Ciao.
"""


@pytest.fixture
def own_words(bench):
    """Publishes the bench's rules with words of their own."""
    with writing(bench.shop.record) as connection:
        text = rulesets.published(connection)
        text = text.replace("unsorted:   {", 'unsorted:   {policy: {title: Handbook 1, link: "https://p.example"}, ')
        text = text.replace("harassment: {", "harassment: {policy: Handbook 7, ") + TEMPLATES
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=bench.shop.now())
    return bench


AUTHSERV = "mx.acme.example"
PROVEN = {"Authentication-Results": f"{AUTHSERV}; dmarc=pass header.from=acme.example"}


def acknowledged(bench, raw):
    mail_settings = bench.shop.settings.mail.model_copy(update={"authserv_id": AUTHSERV})
    bench.shop.settings = bench.shop.settings.model_copy(update={"mail": mail_settings})
    bench.deliver(raw)
    bench.triage()
    sent = next(one for one in bench.send() if one.to == "sam@acme.example")
    return message_from_bytes(sent.content, policy=policy.default)


def test_the_mail_has_the_words_of_the_ruleset(own_words):
    message = acknowledged(own_words, mail(subject="", text="How do I apply for a car park?", **PROVEN))
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert message["Subject"].startswith("Thank you (HR-")
    assert "It is about Unsorted, by Handbook 1, see https://p.example.\n\nCiao." in text


def test_a_restricted_case_shows_neither_category_nor_policy(own_words):
    message = acknowledged(own_words, mail(subject="Help", text="He gropes me.", **PROVEN))
    text = message.get_body(("plain",)).get_content()
    assert message["Subject"].startswith("Thank you (HR-")
    assert "Ciao." in text
    assert "about" not in text
    assert "Handbook" not in message.as_string()


def test_a_sender_who_is_not_proven_gets_the_same_words_without_details(own_words):
    message = acknowledged(own_words, mail(subject="", text="How do I apply?"))
    text = message.get_body(("plain",)).get_content()
    assert "Hello from" in text
    assert "about" not in text


def test_a_ruleset_published_meanwhile_does_not_change_a_promised_mail(own_words):
    bench = own_words
    bench.deliver(mail(subject="", text="How do I apply?"))
    bench.triage()
    with writing(bench.shop.record) as connection:
        text = rulesets.published(connection).replace("Ciao.", "Bye.")
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=bench.shop.now())
    sent = next(one for one in bench.send() if one.to == "sam@acme.example")
    assert b"Ciao." in sent.content
