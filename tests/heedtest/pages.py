"""Every public page by name: how a browser gets there, on a site with rules and cases. Also for looking at them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import update

from cases.keys.links import receipt_reader, status_reader
from cases.model.codes import new_receipt, read_receipt
from cases.model.submission import Attachment, Submission
from cases.model.words import Access, Channel, Status
from cases.store import tables
from cases.store.engine import writing
from cases.store.rulesets import publish
from heedtest.sites import World
from heedtest.visits import Visitor
from webforms.forms import all_forms

LINK, RECEIPT, CLOSED, OLD = (new_receipt(lambda _bits, bits=bits: bits) for bits in (31337, 4711, 815, 42))
ANSWERS = {
    "kind": "other",
    "text": "For three weeks somebody has been taking my notes from the rota board.",
    "danger": "unsure",
    "span": "limited",
    "sign": "with",
    "period": "March",
    "where": "Hall 2",
    "name": "Ada Byron",
    "contents": "That I work here.",
    "change": "Two children now.",
}
KINDS = {"leave": "parental", "pay": "missing", "data": "bank", "safety": "violence"}

Visit = Callable[[Visitor, str], None]


def prepare(world: World) -> None:
    """Rules, a named case with a dialogue behind LINK, and an anonymous one behind RECEIPT."""
    rules = (Path(__file__).parents[2] / "rules.yaml").read_text("utf-8")
    with writing(world.record_engine) as connection:
        publish(connection, "0" * 64, rules, by="test", reason="", now=world.clock())
    named = world.add_case(
        "HR-3F8V-11TP", channel=Channel.FORM, category="payroll", access=Access.MANAGED, status=Status.IN_PROGRESS
    )
    world.link(*named, status_reader(read_receipt(LINK)))
    file = Attachment("payslip-march.pdf", "application/pdf", b"x" * 40_000)
    said = Submission(channel=Channel.FORM, subject="Overtime", new_text="Six hours are missing.", attachments=(file,))
    world.add_message(*named, said)
    world.answer(*named, "Thank you for telling us. Which week was it?\n\nKind regards\nPia, Payroll", (file,))
    for code, status in ((CLOSED, Status.CLOSED), (OLD, Status.ASSIGNED)):
        made = world.add_case(f"HR-{code[:4]}-0000", channel=Channel.FORM, access=Access.MANAGED, status=status)
        world.link(*made, status_reader(read_receipt(code)))
        world.add_message(*made, said)
    with writing(world.record_engine) as connection:
        old = tables.wrap.c.reader == status_reader(read_receipt(OLD)).lookup
        long_ago = world.clock() - timedelta(days=200)
        connection.execute(update(tables.wrap).where(old).values(created_at=long_ago))
    hidden = world.add_case("HR-0000-0000")
    world.link(*hidden, receipt_reader(read_receipt(RECEIPT), world.site.pepper))
    world.add_message(*hidden, Submission(channel=Channel.ANONYMOUS, new_text="A supplier that does not exist."))


def _get(path: str, visitor: Visitor, lang: str) -> None:
    visitor.go(f"/{lang}{path}")


def _post(path: str, fields: dict[str, str], visitor: Visitor, lang: str) -> None:
    visitor.post(f"/{lang}{path}", **fields)


def _write(form: str, step: str, fields: dict[str, str], visitor: Visitor, lang: str) -> None:
    path = f"/{lang}/write/{form}"
    visitor.post(path, token=visitor.token(path), step=step, **fields)


def _by_receipt(visitor: Visitor, lang: str) -> None:
    visitor.post(f"/{lang}/status", receipt=LINK)
    token = visitor.driver.execute_script("return document.querySelector('[name=token]').value")
    visitor.post(f"/{lang}/status", receipt=LINK, token=token, do="by_receipt")


def _steps() -> dict[str, Visit]:
    found: dict[str, Visit] = {}
    for form in all_forms().values():
        given = ANSWERS | ({"kind": KINDS[form.name]} if form.name in KINDS else {})
        for section in form.sections:
            found[f"write-{form.name}-{section.name}"] = partial(
                _write, form.name, section.name, {**given, "do": f"edit:{section.name}"}
            )
        found.setdefault(f"write-{form.name}", partial(_get, f"/write/{form.name}"))
        found[f"write-{form.name}-slips"] = partial(_write, form.name, "", {"do": "on"})
    return found


PAGES: dict[str, Visit] = {
    "start": partial(_get, "/"),
    "expect": partial(_get, "/expect"),
    "receipt": partial(_get, "/receipt"),
    "receipt-wrong": partial(_post, "/receipt", {"receipt": "nothing"}),
    "status": partial(_get, "/status"),
    "status-link": partial(_get, f"/s/{LINK}"),
    "dialogue": partial(_post, "/status", {"receipt": LINK}),
    "dialogue-slip": partial(_post, "/status", {"receipt": LINK, "do": "add"}),
    "dialogue-anonymous": partial(_post, "/receipt", {"receipt": RECEIPT}),
    "sent": partial(
        _write, "general", "whole", {"do": "on", "name": "Ada", "subject": "Badge", "text": "It is broken."}
    ),
    "sent-anonymous": partial(_write, "anonymous", "whole", {"do": "on", "text": "It is broken."}),
    "links": partial(_get, "/links"),
    "links-slip": partial(_post, "/links", {"email": "ada"}),
    "confirm": partial(_get, "/confirm/abcdefgh"),
    "confirmed": partial(_post, "/confirm/abcdefgh", {}),
    "dialogue-receipt": _by_receipt,
    "dialogue-closed": partial(_post, "/status", {"receipt": CLOSED}),
    "expired": partial(_post, "/status", {"receipt": OLD}),
    "live": partial(_get, "/live/" + "0" * 88),
    "missing": partial(_get, "/nothing"),
    **_steps(),
}
