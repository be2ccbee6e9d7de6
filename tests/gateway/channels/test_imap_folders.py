"""Folder names as different servers write them, and which folder is junk."""

import pytest
from imap_tools.folder import FolderInfo

from gateway.channels.imap.fetching import envelope_id, groups
from gateway.channels.imap.folders import find_junk, placed
from gateway.channels.imap.session import Waiting


@pytest.mark.parametrize(
    ("name", "names", "delimiter", "prefix", "written"),
    [
        ("INBOX", set(), "/", "", "INBOX"),
        ("inbox", set(), ".", "INBOX.", "INBOX"),
        ("Heed/Done", set(), "/", "", "Heed/Done"),
        ("Heed/Done", set(), ".", "INBOX.", "INBOX.Heed.Done"),
        ("Heed/Done", {"Heed/Done"}, ".", "INBOX.", "Heed/Done"),
        ("INBOX.Heed", set(), ".", "INBOX.", "INBOX.Heed"),
        ("Public/HR", {"Public.HR"}, ".", "INBOX.", "Public.HR"),
    ],
)
def test_a_name_as_the_server_writes_it(name: str, names: set[str], delimiter: str, prefix: str, written: str) -> None:
    assert placed(name, names, delimiter, prefix) == written


@pytest.mark.parametrize(
    ("folders", "junk"),
    [
        ([("INBOX", ()), ("Rubbish", ("\\Junk",)), ("Junk", ())], "Rubbish"),
        ([("INBOX", ()), ("INBOX/Spam", ())], "INBOX/Spam"),
        ([("INBOX", ()), ("Junk Email", ()), ("Spam", ())], "Junk Email"),
        ([("INBOX", ())], ""),
    ],
)
def test_the_junk_folder_is_found(folders: list[tuple[str, tuple[str, ...]]], junk: str) -> None:
    assert find_junk([FolderInfo(name, "/", flags) for name, flags in folders]) == junk


def test_small_mails_travel_together_and_large_or_suspect_ones_alone() -> None:
    waiting = [Waiting(1, 10), Waiting(2, 10), Waiting(3, 9_000_000), Waiting(4, 10), Waiting(5, 600)]
    found = [[one.uid for one in group] for group in groups(waiting, {4: 1}, 500_000_000)]
    assert found == [[1, 2], [3], [4], [5]]
    assert [[one.uid for one in group] for group in groups(waiting, {}, 500)] == [[1, 2], [3], [4], [5]]
    assert max(len(group) for group in groups([Waiting(n, 1) for n in range(100)], {}, 500)) == 32


def test_an_envelopes_id_tells_nothing_without_the_salt() -> None:
    assert envelope_id(b"a", b"mail") == envelope_id(b"a", b"mail")
    assert len({envelope_id(b"a", b"mail"), envelope_id(b"b", b"mail"), envelope_id(b"a", b"mail", "again")}) == 3
