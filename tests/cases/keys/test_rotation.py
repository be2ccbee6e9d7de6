"""Rotation: what was sealed before is read after, boxed anew in steps that a kill does not hurt, and old keys can go."""

from pathlib import Path

import pytest
from heedtest.offices import Office
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Refused
from cases.keys import files as module
from cases.keys.files import KeyFiles
from cases.keys.rotation import SERVICE_PARTS, rebox_part, waiting
from cases.keys.sealing import CannotOpen, KeyPair, Place, rebox, seal, unseal
from cases.store.engine import reading
from gateway.serve.key_watch import KeyWatch

PLACE = Place("wrap", "1", "sealed")


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    made = KeyFiles(tmp_path / "keys")
    made.create_missing()
    return made


def test_the_old_key_still_reads_and_the_new_one_seals(files: KeyFiles) -> None:
    sealed = seal(files.public("service"), b"words", PLACE)
    assert files.rotate("service") == 2
    pair = files.pair("service")
    assert unseal(pair, sealed, PLACE) == b"words"
    fresh = seal(files.public("service"), b"more", PLACE)
    assert unseal(KeyPair(pair.public, pair.private), fresh, PLACE) == b"more"
    assert files.forget("service") == 1
    with pytest.raises(CannotOpen):
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
