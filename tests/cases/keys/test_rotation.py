"""Rotation: what was sealed before is read after, boxed anew in steps that a kill does not hurt, and old keys can go."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from heedtest.offices import Office
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import LargeBinary, select, update

from cases import reviews
from cases.errors import Refused
from cases.keys import files as module
from cases.keys.files import KeyFiles
from cases.keys.rotation import SERVICE_PARTS, note, rebox_part, waiting
from cases.keys.sealing import CannotOpen, KeyNotHere, KeyPair, Place, Sealer, rebox, seal, unseal
from cases.model.words import Channel
from cases.store import tables
from cases.store.engine import reading, writing
from cases.store.sealed import Sealed
from gateway.inbox.envelope import Delivery
from gateway.inbox.tables import envelope
from gateway.inbox.tables import metadata as inbox
from gateway.serve.key_watch import KeyWatch
from gateway.shell import main
from worker.process import open_keys

PLACE = Place("wrap", "1", "sealed")


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    made = KeyFiles(tmp_path / "keys")
    made.create_missing()
    return made


def keys(office: Office, *words: str) -> None:
    done = CliRunner().invoke(main, ["keys", *words, "--json", "--home", str(office.home)])
    assert done.exit_code == 0, done.output


def test_the_old_key_still_reads_and_the_new_one_seals(files: KeyFiles) -> None:
    sealed = seal(files.public("service"), b"words", PLACE)
    assert files.rotate("service") == 2
    pair = files.pair("service")
    assert unseal(pair, sealed, PLACE) == b"words"
    fresh = seal(files.public("service"), b"more", PLACE)
    assert unseal(KeyPair(pair.public, pair.private), fresh, PLACE) == b"more"
    assert files.forget("service") == 1
    with pytest.raises(KeyNotHere):
        unseal(files.pair("service"), sealed, PLACE)
    assert files.rotate("service") == 3  # a number is never used twice


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_rotation_that_dies_between_two_steps_loses_no_key(
    files: KeyFiles, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Whichever write is the last one: what was sealed before opens, and so does what a door seals now."""
    before, write, left = seal(files.public("triage"), b"words", PLACE), module._write, [steps]

    def dying(path: Path, value: bytes) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        write(path, value)

    with monkeypatch.context() as patched:
        patched.setattr(module, "_write", dying)
        with pytest.raises(KeyboardInterrupt):
            files.rotate("triage")
    for sealed in (before, seal(files.public("triage"), b"words", PLACE)):
        assert unseal(files.pair("triage"), sealed, PLACE) == b"words"
    files.create_missing()  # what the next start does: the public half follows the private one
    assert KeyPair.of_private(files.secret("triage")).public == files.public("triage")
    files.rotate("triage")
    assert unseal(files.pair("triage"), before, PLACE) == b"words"


def test_tokens_keep_their_numbers(files: KeyFiles) -> None:
    first = files.secret("token")
    files.rotate("token")
    assert files.tokens().keys == ((1, first), (2, files.secret("token")))
    files.forget("token")
    assert files.tokens().keys == ((2, files.secret("token")),)


def test_who_holds_a_rotated_key_is_started_anew_once(files: KeyFiles) -> None:
    watch = KeyWatch(files)
    assert watch.changed() == []
    files.rotate("token")
    files.rotate("receipt")
    assert watch.changed() == ["worker", "web"]
    assert watch.changed() == []


def test_a_name_that_is_none_is_refused(files: KeyFiles) -> None:
    with pytest.raises(Refused, match="keys are triage, service"):
        files.rotate("master")


def test_the_index_key_is_not_rotated_and_says_why(files: KeyFiles) -> None:
    with pytest.raises(Refused, match="mail would no longer find its case"):
        files.rotate("index")
    assert files.numbers()["index"] == 0


@given(st.binary(max_size=200))
def test_boxing_anew_changes_no_byte_of_the_body(words: bytes) -> None:
    old, new = KeyPair.generate(), KeyPair.generate()
    both = KeyPair(new.public, new.private, (old,))
    sealed = seal(old.public, words, PLACE)
    again = rebox(sealed, both)
    assert again[85:] == sealed[85:]
    assert unseal(new, again, PLACE) == words
    with pytest.raises(CannotOpen):
        unseal(old, again, PLACE)
    with pytest.raises(CannotOpen):
        unseal(new, again, Place("wrap", "2", "sealed"))


def test_the_record_is_boxed_anew_goes_on_after_a_kill_and_needs_the_old_key_no_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = [office.mail("sam@acme.example", f"Payslip {n}", f"Where is number {n}?") for n in range(5)]
    files = KeyFiles(office.home / "keys")
    files.rotate("service")
    pair, engine = files.pair("service"), office.desk.record
    monkeypatch.setattr("cases.keys.rotation.AT_ONCE", 2)

    def killed(_count: int) -> None:
        raise KeyboardInterrupt

    with reading(engine) as connection:
        todo = [waiting(connection, part, pair) for part in SERVICE_PARTS]
    assert todo[0] == 5
    with pytest.raises(KeyboardInterrupt):
        rebox_part(engine, SERVICE_PARTS[0], pair, killed)
    steps: list[int] = []
    assert [rebox_part(engine, part, pair, steps.append) for part in SERVICE_PARTS] == [todo[0] - 2, *todo[1:]]
    with reading(engine) as connection:
        assert [waiting(connection, part, pair) for part in SERVICE_PARTS] == [0] * len(SERVICE_PARTS)
    office.restart_with(service=KeyPair(pair.public, pair.private))
    browser = office.sign_in("lena@acme.example")
    for n, reference in enumerate(references):
        assert f"number {n}" in browser.case(reference)
    office.pass_time(minutes=1)
    assert office.send()


def test_a_worker_that_does_not_know_of_a_rotation_yet_blocks_no_mail(office: Office) -> None:
    """What is boxed anew while it still holds the old ring waits for it, whole, and costs no attempt."""
    office.mail("sam@acme.example", "Payslip", "Where is it?")
    office.anonymous("The books are cooked")
    keys(office, "rotate", "service")
    office.pass_time(days=2)
    assert office.send() == []
    with reading(office.desk.record) as connection:
        rows = connection.execute(select(tables.outbox).where(tables.outbox.c.kind == "mail")).all()
    assert {(row.state, row.attempts, row.payload is None) for row in rows} == {("pending", 0, False)}
    assert len({row.case_id for row in rows}) == 2
    office.shop.keys = open_keys(office.shop.settings)
    office.pass_time(minutes=1)
    assert len(office.send()) == len(rows)


def test_a_quote_waits_for_a_worker_that_can_open_its_case(office: Office) -> None:
    """The notice itself may be sealed to the old key by a process that still runs on it, its case's wrap anew already."""
    reference = office.mail("sam@acme.example", "Payslip", "Where is it?")
    files = KeyFiles(office.home / "keys")
    with writing(office.desk.record) as connection:
        note(connection, "key.rotated", "service", files.rotate("service"), "shell", office.clock[0])
    rebox_part(office.desk.record, SERVICE_PARTS[0], files.pair("service"), lambda _: None)
    office.pass_time(minutes=5)
    office.send()
    with reading(office.desk.record) as connection:
        notices = connection.execute(select(tables.outbox).where(tables.outbox.c.key.like("notice:%owner%"))).all()
    assert [(row.state, row.attempts) for row in notices] == [("pending", 0)]
    office.shop.keys = open_keys(office.shop.settings)
    office.pass_time(minutes=1)
    assert [b"Where is it?" in mail.content for mail in office.send() if mail.to == office.row(reference).owner] == [
        True
    ]


def test_a_worker_that_does_not_know_of_a_rotation_yet_holds_no_envelope(office: Office) -> None:
    message = b"From: sam@acme.example\r\nTo: hr@acme.example\r\nMessage-ID: <1@acme.example>\r\n\r\nWhere is it?\r\n"
    door = Delivery(Channel.MAIL, message, envelope_sender="sam@acme.example", envelope_recipients=("hr@acme.example",))
    reference = office.inbox.put(door).result(10)
    keys(office, "rotate", "triage")
    for _ in range(6):
        office.triage()
        office.pass_time(seconds=30)
    with reading(office.shop.inbox) as connection:
        assert [(row.state, row.attempts) for row in connection.execute(select(envelope))] == [("new", 0)]
    office.shop.keys = open_keys(office.shop.settings)
    office.triage()
    assert office.row(reference).status == "assigned"


def test_what_is_sealed_to_a_key_that_never_was_is_damaged_and_seen(office: Office) -> None:
    """Only a rotation is waited for: what was altered where it names its key is blocked, or held, as anything damaged."""
    office.mail("sam@acme.example", "Payslip", "Where is it?")
    delivery = Delivery(Channel.MAIL, b"From: kim@acme.example", envelope_recipients=("hr@acme.example",))
    office.inbox.put(delivery).result(10)
    keys(office, "rotate", "service")
    office.shop.keys = open_keys(office.shop.settings)
    with writing(office.desk.record) as connection:
        connection.execute(update(tables.outbox).values(payload=b"\x01" + b"x" * 200))
    with writing(office.shop.inbox) as connection:
        damaged = update(envelope).where(envelope.c.state == "new").values(sealed=b"\x01" + b"x" * 200)
        connection.execute(damaged)
    office.pass_time(minutes=5)
    office.send()
    office.triage()
    with reading(office.desk.record) as connection:
        rows = connection.execute(select(tables.outbox)).all()
    assert {(row.state, row.error) for row in rows} == {("blocked", "the value is sealed to another key")}
    with reading(office.shop.inbox) as connection:
        assert sorted(connection.execute(select(envelope.c.state)).scalars()) == ["held", "triaged"]


def test_every_column_of_bytes_says_whom_it_is_sealed_to() -> None:
    """What is boxed anew follows from it (`heedtest.sealing` holds it against what is sealed): none can be forgotten."""
    columns = [
        one for tables_of in (tables.metadata, inbox) for each in tables_of.sorted_tables for one in each.columns
    ]
    unsaid = [one for one in columns if isinstance(one.type, LargeBinary) and not isinstance(one.type, Sealed)]
    assert [str(one) for one in unsaid if "public" not in one.name] == []


def test_what_reviews_found_outlives_the_key_it_was_sealed_to(office: Office) -> None:
    with writing(office.desk.record) as connection:
        review = reviews.begin(connection, office.clock[0])
        to_service = Sealer(office.desk.service.public)
        reviews.look_through(
            connection, review, "lena@acme.example", ["lead"], "B is slow", to_service, office.clock[0]
        )
    keys(office, "rotate", "service")
    keys(office, "forget", "service", "--yes")
    service = KeyFiles(office.home / "keys").pair("service")
    with reading(office.desk.record) as connection:
        assert [one.words for one in reviews.newest(connection, service)] == ["B is slow"]


def test_a_key_is_needed_again_while_somebody_thinks_about_destroying_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was not started anew seals to it while the question stands."""
    keys(office, "rotate", "service")

    def thinks(*_words: object, **_how: object) -> bool:
        office.mail("sam@acme.example", "Payslip", "Where is it?")
        return True

    monkeypatch.setattr("click.confirm", thinks)
    answer = CliRunner().invoke(main, ["keys", "forget", "service", "--home", str(office.home)])
    assert (answer.exit_code, KeyFiles(office.home / "keys").older("service") != ()) == (1, True)
    assert "still sealed to it" in answer.output
