"""Large deliveries lie in sealed pieces, are downloaded in bounded memory, swept when orphaned, gone when erased."""

import tracemalloc
from datetime import timedelta

import pytest
from heedtest.offices import Office
from sqlalchemy import Engine, func, select

from cases.keys.sealing import CannotOpen, KeyPair, Sealer
from cases.store import files, tables
from cases.store.engine import reading, writing
from cases.store.key_tables import file as file_table
from cases.store.key_tables import file_piece
from cases.store.rows import Rows

MEGABYTE = 1024 * 1024


def count(office: Office) -> tuple[int, int]:
    with reading(office.desk.record) as connection:
        return tuple(  # type: ignore[return-value]
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (file_table, file_piece)
        )


def test_a_large_mail_is_kept_in_pieces_and_its_files_come_back(office: Office) -> None:
    page = b"<p>" + bytes(range(97, 107)) * 60_000
    reference = office.mail("sam@acme.example", "Plans", "See both.", ("plan.html", page), ("small.html", b"<i>hi</i>"))
    assert count(office)[0] == 3  # the delivery and two files
    with reading(office.desk.record) as connection:
        raw = connection.execute(select(tables.message.c.raw)).scalar_one()
    assert raw is None
    browser = office.sign_in("lena@acme.example")
    answer = browser.get(f"/cases/{reference}/files/1/0")
    assert answer.data == page
    assert answer.headers["Content-Length"] == str(len(page))
    assert browser.get(f"/cases/{reference}/files/1/1").data == b"<i>hi</i>"
    assert browser.get(f"/cases/{reference}/files/1/2").status_code == 404


def test_an_ordinary_mail_stays_in_its_row(office: Office) -> None:
    reference = office.mail("sam@acme.example", "Plans", "See it.", ("small.html", b"<i>hi</i>"))
    assert count(office) == (0, 0)
    assert office.sign_in("lena@acme.example").get(f"/cases/{reference}/files/1/0").data == b"<i>hi</i>"


def test_25_megabytes_go_through_the_database_in_bounded_memory(opened: tuple[Engine, Engine], office: Office) -> None:
    """On both databases. What is measured is what Python holds; the drivers' own buffers are a piece at a time too."""
    pieces, now = files.DatabasePieces(opened[1]), office.clock[0]
    tracemalloc.start()
    try:
        stored = files.store(pieces, 0, (bytes(65536) for _ in range(25 * 16)), now)
        parts = files.open_stream(stored.secret, stored.id, files.stored_pieces(pieces, stored.id, stored.pieces))
        size = sum(len(part) for part in parts)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == stored.size == 25 * MEGABYTE
    assert peak < 16 * MEGABYTE, f"{peak / MEGABYTE:.1f} MiB"


def test_orphans_are_swept_after_two_days_and_files_of_cases_are_not(office: Office) -> None:
    office.mail("sam@acme.example", "Plans", "See it.", ("plan.html", b"<p>" * 200_000))
    kept = count(office)
    files.store(files.DatabasePieces(office.desk.record), 0, [b"left behind"], office.clock[0])
    for days, swept in ((2, 0), (3, 1), (3, 0)):
        with writing(office.desk.record) as connection:
            assert files.sweep(connection, office.clock[0] + timedelta(days=days)) == swept
    assert count(office) == kept


def test_an_erased_case_leaves_no_piece(office: Office) -> None:
    reference = office.mail("sam@acme.example", "Plans", "See it.", ("plan.html", b"<p>" * 200_000))
    with writing(office.desk.record) as connection:
        assert files.erase(connection, office.row(reference).id) == 2
    assert count(office) == (0, 0)


def test_a_file_row_moved_to_another_file_does_not_open(office: Office) -> None:
    keys, pieces, rows = KeyPair.generate(), files.DatabasePieces(office.desk.record), Rows()
    mine, theirs = (files.store(pieces, n, [b"words"], office.clock[0]) for n in range(2))
    sealer = Sealer(keys.public)
    for one in (mine, theirs):
        files.refer(rows, one, case_id="c", message_id="m", epoch=1, seal=sealer.seal)
    first, second = rows.gathered()["file"]
    moved = type("Row", (), {**first, "id": second["id"]})
    with pytest.raises(CannotOpen):
        files.open_found(moved, keys, pieces)  # type: ignore[arg-type]
