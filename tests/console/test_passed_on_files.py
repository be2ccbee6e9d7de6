"""The files of a mail that a colleague passed on as an attachment: the first writer's own, wherever they are asked for."""

import io
import re
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from heedtest.colleagues import AUTHSERV, PROVEN
from heedtest.offices import Office

from cases.exporting.case import Request, export
from cases.keys.links import status_reader
from cases.model.acts import ActKind, ReporterAct
from cases.model.codes import read_receipt
from cases.model.words import Channel
from cases.store import tables
from cases.store.engine import reading, writing
from cases.store.files import DatabasePieces
from gateway.inbox.envelope import Delivery
from gateway.message_files import files_in
from webforms.payload import Filled, encode

SAM, TRIA, LEAD = "sam@acme.example", "tria@acme.example", "lena@acme.example"
FILES = {"payslip.html": b"<p>the payslip</p>", "roster.html": b"<p>the roster</p>"}
SITE = "https://hr.acme.example"


@pytest.fixture
def office(office: Office) -> Office:
    """An office whose mail server vouches for senders, and whose site has an address."""
    settings = office.shop.settings
    mail = settings.mail.model_copy(update={"authserv_id": AUTHSERV})
    ours = settings.organisation.model_copy(update={"public_url": SITE})
    office.shop.settings = settings.model_copy(update={"mail": mail, "organisation": ours})
    return office


@pytest.fixture
def reference(office: Office) -> str:
    inner = EmailMessage(policy=policy.default)
    inner["From"], inner["To"], inner["Subject"] = f"Sam Doe <{SAM}>", TRIA, "My payslip"
    inner["Message-ID"], inner["Date"] = "<first@acme.example>", office.clock[0]
    inner.set_content("It is wrong.")
    for name, content in FILES.items():
        inner.add_attachment(content, maintype="text", subtype="html", filename=name)
    outer = EmailMessage(policy=policy.default)
    outer["From"], outer["To"], outer["Subject"] = TRIA, "hr@acme.example", "Fw: My payslip"
    outer["Message-ID"], outer["Date"] = "<passed@acme.example>", office.clock[0]
    for name, value in PROVEN.items():
        outer[name] = value
    outer.set_content("See attached.")
    outer.add_attachment(inner)
    raw = outer.as_bytes()
    return office.deliver(Delivery(Channel.MAIL, raw, envelope_sender=TRIA, envelope_recipients=("hr@acme.example",)))


def downloads(office: Office, reference: str) -> list[bytes]:
    """What the console gives for each file that the case's page lists."""
    browser = office.sign_in(TRIA)
    page = browser.case(reference)
    assert all(name in page for name in FILES)
    links = re.findall(rf"/cases/{reference}/files/1/\d+", page)
    return [browser.get(link).data for link in dict.fromkeys(links)]


def test_the_console_gives_each_file_under_its_own_name(office: Office, reference: str) -> None:
    assert downloads(office, reference) == list(FILES.values())


def test_an_export_holds_each_of_them(office: Office, reference: str) -> None:
    asked = Request(reference, office.viewer(LEAD), office.vault(LEAD), office.desk.service, office.clock[0])
    with writing(office.desk.record) as connection:
        package = export(connection, asked, DatabasePieces(office.desk.record), files_in)
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        held = {one.rpartition("-")[2]: opened.read(one) for one in opened.namelist() if one.endswith(".html")}
    assert held == FILES


def test_they_stay_when_the_first_writer_asks_to_be_protected(office: Office, reference: str) -> None:
    ack = next(one for one in office.send() if one.to == SAM)
    body = message_from_bytes(ack.content, policy=policy.default).get_body(("plain",))
    assert body is not None
    code = re.search(rf"{SITE}/s/(\S+)", body.get_content())
    assert code
    act = ReporterAct(ActKind.PROTECT)
    link = status_reader(read_receipt(code[1]))
    office.deliver(Delivery(Channel.FORM, encode(Filled("dialogue", "en", ""), case_link=link, act=act)))
    with reading(office.desk.record) as connection:
        assert all(row.raw is None for row in connection.execute(tables.message.select()))
    assert downloads(office, reference) == list(FILES.values())
