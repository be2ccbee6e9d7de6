"""Finds who first wrote a forwarded mail, attached or quoted, in the languages of the clients we meet."""

import re
from dataclasses import dataclass

from cases.model.submission import Address, Submission
from gateway.normalizer.headers.addresses import read_addresses
from gateway.normalizer.problems import Problems
from gateway.normalizer.words import history_phrases as phrases
from gateway.normalizer.words.history import Kind, header_block, is_quoted, label_of, mark_at, next_written, read_labels
from gateway.normalizer.words.new_text import MOST_LINES
from gateway.normalizer.words.notes import name_above

FORWARD_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|wg|tr|rv|i|enc|res|doorst|pd|vb|vs|vl|転送|fw转发|转发|轉寄)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"^[ \t]*(?:> ?)+")


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail inside a mail: who wrote it, its date and subject as stated there, and its text."""

    sender: Address
    date: str = ""
    subject: str = ""
    text: str = ""


def find_forwarded(submission: Submission) -> Forwarded | None:
    """The forwarded mail in a submission, or None when it forwards nothing. Never raises.

    A mark of forwarding is enough; a bare block of headers counts when the subject says forward.
    """
    lines = submission.text.split("\n")[:MOST_LINES]
    says_forward = FORWARD_SUBJECT.match(submission.subject) is not None
    for at, line in enumerate(lines):
        if is_quoted(line):
            if says_forward and phrases.FORWARD_SENTENCE.match(_QUOTE.sub("", line).strip()):
                return _below(lines, at + 1)  # newer Apple Mail quotes its own sentence too
            continue
        mark = mark_at(lines, at, is_reply=False)
        if mark is None:
            continue
        if mark.kind is Kind.FORWARD:
            return _below(lines, mark.start + mark.length)
        if says_forward and mark.strong:
            return _from_mark(lines, mark.start, mark.length, mark.kind)
    return None


def text_that_counts(submission: Submission, *, first: bool) -> str:
    """What to classify: the person's own words, and on a `first` mail about a matter also what they forwarded."""
    forwarded = find_forwarded(submission) if first else None
    if forwarded is None or not forwarded.text or forwarded.text in submission.new_text:
        return submission.new_text
    return f"{submission.new_text}\n\n{forwarded.subject}\n{forwarded.text}".strip()


def _below(lines: list[str], at: int) -> Forwarded:
    """The labels below a forward mark, quoted or not, and the text below them."""
    rest = [_QUOTE.sub("", line) for line in lines[at:]]
    start = next_written(rest, 0)
    values, length = read_labels(rest, start) if start < len(rest) else ({}, 0)
    if "from" not in values and "date" not in values:
        if found := _below_name(rest, start):
            return found
        return Forwarded(Address(), text="\n".join(rest).strip())
    return _made(values, rest[start + length :])


def _below_name(rest: list[str], start: int) -> Forwarded | None:
    """A name and a date without labels, then `To`, `cc`, `Subject`, as Lotus Notes writes."""
    for at in range(start, min(len(rest), start + 6)):
        if label_of(rest[at]) is None or (first := name_above(rest, at)) is None:
            continue
        values, length = read_labels(rest, at)
        named = re.sub(r"\s(?:on\s+)?\d{1,4}[./-]\d.*$", "", rest[first]).strip()
        return _made({**values, "from": named}, rest[at + length :])
    return None


def _from_mark(lines: list[str], start: int, length: int, kind: Kind) -> Forwarded | None:
    if kind is Kind.ATTRIBUTION:
        joined = " ".join(line.strip() for line in lines[start : start + length])
        found = phrases.MAIL_ADDRESS.search(joined)
        below = "\n".join(_QUOTE.sub("", line) for line in lines[start + length :]).strip()
        return Forwarded(Address("", found.group().strip("<>")), text=below) if found else None
    for at in range(start, start + length):
        if block := header_block(lines, at, after_rule=True):
            return _made(block.values, lines[at + block.length :])
    return _below(lines, start + length)


def _made(values: dict[str, str], below: list[str]) -> Forwarded:
    stated = values.get("from", "").replace("[mailto:", "<").replace("]", ">").replace("*", "")
    senders = read_addresses([stated.encode("utf-8", "replace")], Problems())
    return Forwarded(
        senders[0] if senders else Address(values.get("from", "")),
        values.get("date", ""),
        values.get("subject", ""),
        "\n".join(below).strip(),
    )
