"""Files that nobody should write: refused with a sentence, and early."""

import pytest

import rules
from cases.errors import Refused, TryLater
from rules.language import files
from rules.language.files import decode, read_file
from rules.language.problems import RulesetInvalid
from rules.language.tree import MOST_NODES, _Builder

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)


@pytest.mark.parametrize(("text", "words"), [
    (BOMB, "values in the file, aliases counted in full"),
    ("a: " + "x" * 10_000_000, "larger than 1,000 KB"),
    ("a: " + "[" * 100_000, "levels inside one another"),
    ("- " * 100_000, "levels inside one another"),
    ("".join(f"{' ' * depth}a:\n" for depth in range(1000)), "levels inside one another"),
    ("lists:\n  many:\n" + "    - word\n" * 10_000, "more than 2,000 entries"),
    ("lists: {many: [" + "word, " * 10_000 + "]}", "more than 2,000 entries"),
    ("", "the file is empty"),
    ("# nothing\n", "the file has no content"),
    ("--- {}\n--- {}\n", "a second document begins here"),
    ("a: \x00", "U+0000 cannot stand in YAML"),
    ("a: \udc80", "U+DC80 cannot stand in YAML"),
    ("a: !!python/object:os.system x", "YAML tags"),
    ("[]", "a ruleset is a block of names"),
    ("just words", "a ruleset is a block of names"),
    ("a: *nothing", "refers to nothing"),
    ("<<: {a: b}", 'there is no section "<<"'),
    ("version: 2\n", "only 1 is known"),
], ids=lambda value: value[:20] if isinstance(value, str) else "")  # fmt: skip
def test_refused(text, words):
    with pytest.raises(RulesetInvalid) as caught:
        rules.load(text)
    assert words in str(caught.value)
    assert isinstance(caught.value, Refused)


def test_what_grows_is_stopped_early(monkeypatch):
    built = []
    original = _Builder._node
    monkeypatch.setattr(_Builder, "_node", lambda self, event, depth: built.append(1) or original(self, event, depth))
    for text in (BOMB, "lists:\n" + "  - word\n" * 50_000, "- " * 100_000):
        built.clear()
        with pytest.raises(RulesetInvalid):
            rules.load(text)
        assert len(built) < MOST_NODES / 10


def test_a_thousand_rules_are_taken_and_one_more_refused(small):
    head = small.split("\nrules:\n")[0]
    lines = [
        f"  - {{id: r{n}, phase: assess, when: {{mentions: [word{n}]}}, then: {{tag: t{n % 7}}}}}" for n in range(1001)
    ]
    assert len(rules.load("\n".join([head, "rules:", *lines[:1000]])).rules) == 1000
    with pytest.raises(RulesetInvalid, match=r"1,001 rules; the engine takes 1,000 at most"):
        rules.load("\n".join([head, "rules:", *lines]))


def test_not_utf_8_is_refused_with_its_place():
    with pytest.raises(RulesetInvalid) as caught:
        decode("version: 1\nname: Bär".encode("latin-1"))
    problem = caught.value.problems[0]
    assert (problem.line, problem.column, problem.message) == (2, 8, "the byte 0xE4 is not UTF-8")


def test_a_file_half_written_while_it_is_read_is_for_later(tmp_path, monkeypatch):
    path = tmp_path / "rules.yaml"
    path.write_text("version: 1\n")
    real = files.Path.read_bytes

    def slow(self):
        content = real(self)
        with self.open("a") as file:
            file.write("settings: {}\n")
        return content

    monkeypatch.setattr(files.Path, "read_bytes", slow)
    with pytest.raises(TryLater, match="being written"):
        read_file(path)


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path):
    with pytest.raises(Refused, match="cannot be read"):
        read_file(tmp_path / "none.yaml")
    (tmp_path / "big.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(Refused, match="larger than 1,000 KB"):
        read_file(tmp_path / "big.yaml")


def test_the_hash_does_not_depend_on_line_ends_or_a_byte_order_mark(small):
    assert rules.load("\ufeff" + small.replace("\n", "\r\n")).hash == rules.load(small).hash
    assert len(rules.load(small).hash) == 16
