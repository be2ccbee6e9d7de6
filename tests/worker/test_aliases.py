"""Mail to an alias of the ruleset: the doors come to know it, its language holds, and two aliases make one case."""

from heedtest.worker import mail, rows

from cases.store import rulesets, tables
from cases.store.engine import reading, writing
from gateway.inbox import accepted
from rules import load

ALIASES = "\naliases:\n  payroll@acme.example: {language: de}\n"


def publish(bench, extra: str) -> None:
    with reading(bench.shop.record) as connection:
        text = (rulesets.published(connection) or "").split("\naliases:")[0] + extra
    with writing(bench.shop.record) as connection:
        rulesets.publish(connection, load(text).hash, text, by="test", reason="", now=bench.shop.now())


def test_the_doors_learn_of_a_published_alias_and_of_its_end(bench) -> None:
    publish(bench, ALIASES)
    bench.shop.rules()
    with reading(bench.shop.inbox) as connection:
        assert accepted.listed(connection) == {"payroll@acme.example"}
    publish(bench, "\n")
    bench.shop.rules()
    with reading(bench.shop.inbox) as connection:
        assert accepted.listed(connection) == frozenset()


def test_one_mail_to_two_aliases_is_one_case_in_the_aliases_language(bench) -> None:
    publish(bench, ALIASES)
    raw = mail(subject="?", text="0815", cc="payroll@acme.example")
    bench.deliver(raw, to=("hr@acme.example",))
    bench.deliver(raw, to=("payroll@acme.example",))
    bench.triage()
    (case,) = rows(bench.shop.record, tables.case)
    assert case.language == "de"
