"""Finds who first wrote a forwarded mail, attached or quoted, in the languages of the clients we meet."""

import re
from dataclasses import dataclass, replace

from cases.model.submission import Address, Submission
from gateway.normalizer.headers.addresses import read_addresses
from gateway.normalizer.headers.subject_prefixes import says_forward, says_reply
from gateway.normalizer.problems import Problems
from gateway.normalizer.words import history_phrases as phrases
from gateway.normalizer.words.history import Kind, header_block, is_quoted, label_of, mark_at, next_written, read_labels
from gateway.normalizer.words.labels_apart import labels_apart
from gateway.normalizer.words.new_text import MOST_LINES, find_new_text
from gateway.normalizer.words.notes import name_above

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
    lines = labels_apart(submission.text.split("\n")[:MOST_LINES])
    is_forward = says_forward(submission.subject, names_parent=bool(submission.in_reply_to))
    for at, line in enumerate(lines):
        if is_quoted(line):
            if is_forward and phrases.FORWARD_SENTENCE.match(_QUOTE.sub("", line).strip()):
                return _below(lines, at + 1)  # newer Apple Mail quotes its own sentence too
            continue
        mark = mark_at(lines, at, is_reply=False)
        if mark is None:
            continue
        if mark.kind is Kind.FORWARD:
            return _below(lines, mark.start + mark.length)
        if is_forward and mark.strong:
            return _from_mark(lines, mark.start, mark.length, mark.kind)
    return None


def as_judged(submission: Submission, *, first: bool) -> Submission:
    """The submission as rules and model read it: a `first` mail about a matter also says what it forwards or shows.

    Of a mail that answers none, all that was left out as quoted or earlier counts: whoever pastes a mail may have written
    below it, and nothing says where the paste ends.
    """
    if not first:
        return submission
    found = find_forwarded(submission)
    answers = bool(submission.in_reply_to or submission.references or says_reply(submission.subject))
    if found is None and (answers or len(submission.text) == len(submission.new_text)):
        return submission
    read = find_new_text(submission.text, is_reply=answers, is_forward=found is not None)
    earlier = f"{found.subject}\n{found.text}".strip() if found is not None and found.text else read.earlier
    if not earlier or (found is None and earlier in submission.new_text):
        return submission
    body = found.text if found is not None and found.text else earlier
    own = read.own if body in submission.new_text else submission.new_text
    return replace(submission, new_text=own, forwarded_text=earlier)


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
    at = next_written(below, 0)
    return Forwarded(
        senders[0] if senders else Address(values.get("from", "")),
        values.get("date", ""),
        values.get("subject", ""),
        "\n".join(below[1 + at :] if _is_separator(below, at) else below).strip(),
    )


def _is_separator(below: list[str], at: int) -> bool:
    """Whether the mark of forwarding stands once more below its labels, as Zoho writes it."""
    return at < len(below) and phrases.FORWARD_SEPARATOR.match(below[at].strip()) is not None
