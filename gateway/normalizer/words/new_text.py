"""Takes the words that a person wrote now out of a mail's whole text. In doubt it keeps."""

import re
from dataclasses import dataclass, field
from itertools import islice

from gateway.normalizer.bodies.marks import ATTRIBUTION_END, ATTRIBUTION_START, EARLIER, without_marks
from gateway.normalizer.words import footers, history
from gateway.normalizer.words import history_phrases as phrases
from gateway.normalizer.words.history import Kind, Mark, is_quoted, mark_at
from gateway.normalizer.words.labels_apart import labels_apart
from gateway.normalizer.words.mobile_footers import is_footer
from gateway.normalizer.words.quote_marks import with_usual_marks
from gateway.normalizer.words.signatures import without_appendages, without_banner

MOST_LINES = 20_000
"""Lines examined; what lies below them is kept when no history began before."""

_MANY_BLANKS = re.compile(r"\n{3,}")
MOST_LOOK = 4
MOST_COVER = 600
MOST_BELOW_CLOSING = 6
_QUOTE_MARKS = re.compile(r"^[ \t]*(?:[>＞] ?)+")
_FRAGMENT = re.compile(r"[ \t]*[a-zà-ž0-9(][^\n]{0,40}$")


@dataclass(frozen=True, slots=True)
class NewText:
    """The person's own words, and where forwarded or quoted history begins in the lines of the text (-1: nowhere).

    `own` is empty where `text` holds what was forwarded, for want of the person's own; `earlier` is what was left out as
    quoted or as history.
    """

    text: str
    history_at: int = -1
    is_forward: bool = False
    own: str = ""
    earlier: str = ""


def find_new_text(
    text: str, *, is_reply: bool = False, is_forward: bool = False, signature: tuple[str, ...] = ()
) -> NewText:
    """The new words in `text` (which may hold the signature marks of html_text). Never raises; linear in the text.

    `is_reply`: the mail answers another (In-Reply-To, References or its subject). `is_forward`: its subject says that it
    forwards one. `signature`: lines that the HTML part marked. When nothing of the person's own is left below a forward
    mark or a header block, the forwarded text is what they sent, and stays.
    """
    lines = labels_apart(_with_unknown_attributions(text.split("\n")))
    if is_reply:
        lines = [*with_usual_marks(lines[:MOST_LINES]), *lines[MOST_LINES:]]
    split = _split(lines[:MOST_LINES], is_reply=is_reply, is_forward=is_forward)
    if split.history_at < 0 and len(lines) > MOST_LINES:
        split.segments[-1].extend(lines[MOST_LINES:])
    own = found = _join(split.segments, signature)
    if not own and split.history_at >= 0:
        own = without_marks("\n".join(lines[split.history_at :])).strip()
    elif not own and not split.introduced:
        own = "\n".join(_QUOTE_MARKS.sub("", line) for line in lines).strip()
    rest = split.quoted if split.history_at < 0 else [*split.quoted, *lines[split.history_at :]]
    earlier = without_marks("\n".join(rest)).strip()
    return NewText(own, split.history_at, is_forward=split.is_forward, own=found, earlier=earlier)


@dataclass(slots=True)
class _Split:
    """Own lines, in runs between quotes."""

    segments: list[list[str]]
    quoted: list[str] = field(default_factory=list)
    history_at: int = -1
    is_forward: bool = False
    introduced: bool = False
    quotes: bool = False
    within: bool = False
    _answered: int | None = None

    def take_quote(self, lines: list[str], at: int, end: int, *, is_reply: bool) -> None:
        """Put a run of quoted lines where it belongs: to what the person brought, or to what was said before.

        What clients quote stands below their attribution; what is quoted between a person's words and it, they brought.
        """
        if (
            not self.introduced
            and not self.quotes
            and _is_own(lines, at)
            and (not is_reply or end < self.answered(lines))
        ):
            self.segments[-1] += lines[at:end]
            return
        self.quotes = True
        self.quoted += lines[at:end]
        if self.segments[-1]:
            self.segments.append([])

    def answered(self, lines: list[str]) -> int:
        """Where the last attribution or header stands in a reply: what is quoted above it, the person brought; -1: nowhere."""
        if self._answered is None:
            marks = (at for at in range(len(lines) - 1, -1, -1) if mark_at(lines, at, is_reply=True))
            self._answered = next(marks, -1)
        return self._answered


def _split(lines: list[str], *, is_reply: bool, is_forward: bool) -> _Split:
    found = _Split([[]])
    first = history.next_written(lines, 0)
    at = 0
    while at < len(lines):
        line = lines[at]
        if is_quoted(line):
            end = _past_quote(lines, at)
            found.take_quote(lines, at, end, is_reply=is_reply)
            at = end
            continue
        mark = _marked(lines, at) or mark_at(lines, at, is_reply=is_reply)
        if mark is None:
            found.segments[-1].append(line)
            at += 1
            continue
        end = mark.start + mark.length
        following = history.next_written(lines, end)
        quoted_below = following < len(lines) and is_quoted(lines[following])
        if not mark.strong and not quoted_below and following < len(lines):
            found.segments[-1].append(line)
            at += 1
            continue
        if not is_forward and mark.start > first and _is_shown(lines, mark, is_reply=is_reply, quoted=quoted_below):
            found.segments[-1] += lines[at:end]
            at = end
            continue
        found.introduced = True
        _take_back(found.segments[-1], at - mark.start)
        at = end
        if quoted_below and mark.kind is not Kind.FORWARD:
            continue
        if mark.kind is not Kind.FORWARD and not found.within and _answers_within(found.segments):
            found.within = True
            found.segments.append([])
            continue
        found.history_at = mark.start
        found.is_forward = mark.kind is Kind.FORWARD
        break
    return found


def _marked(lines: list[str], at: int) -> Mark | None:
    """The introduction that the client itself marked in HTML."""
    if lines[at] == EARLIER:
        return Mark(Kind.HEADERS, 1 + history.headers_below(lines, at), strong=True, start=at)
    if lines[at] == ATTRIBUTION_START:
        return Mark(Kind.ATTRIBUTION, 3, strong=False, start=at)
    return None


def _with_unknown_attributions(lines: list[str]) -> list[str]:
    """The lines with marks of attributions only around single lines of a language that is not known here.

    People type into the marked element too; what is known of attributions tells their words from the client's.
    """
    if ATTRIBUTION_START not in lines:
        return lines
    kept: list[str] = []
    at = 0
    while at < len(lines):
        marked = lines[at] == ATTRIBUTION_START and lines[at + 2 : at + 3] == [ATTRIBUTION_END]
        if marked and mark_at([lines[at + 1]], 0, is_reply=True) is None:
            kept += lines[at : at + 3]
            at += 3
            continue
        if lines[at] not in {ATTRIBUTION_START, ATTRIBUTION_END}:
            kept.append(lines[at])
        at += 1
    return kept


def _is_shown(lines: list[str], mark: Mark, *, is_reply: bool, quoted: bool) -> bool:
    """Whether a person shows an earlier mail between their own words: a colon announces it, or the mail answers none and
    a bare attribution or block of headers stands below what they wrote without a closing. Where it ends, nothing says.
    """
    if mark.kind is Kind.FORWARD:
        return False
    written = (lines[number].rstrip() for number in range(mark.start - 1, -1, -1) if lines[number].strip())
    above = list(islice(written, MOST_BELOW_CLOSING))
    announced = above[0].endswith((":", "："))
    bare = not quoted and mark.kind is not Kind.REPLY
    if announced or is_reply or not bare:
        return announced and (bare or not is_reply)
    return not any(footers.CLOSING.match(line) or is_footer(line) for line in above)


def _is_own(lines: list[str], at: int) -> bool:
    """Whether a first line with `>` may be the person's: they wrote something above, and it does not begin as a client's
    quote does.
    """
    if not any(line.strip() for line in lines[:at]):
        return False
    unmarked = [_QUOTE_MARKS.sub("", line) for line in lines[at : at + MOST_LOOK] if is_quoted(line)]
    return all(mark_at(unmarked, number, is_reply=False) is None for number in range(len(unmarked)))


def _answers_within(segments: list[list[str]]) -> bool:
    """Whether a short text above says that the answers stand within the earlier mail, which then cannot be told apart."""
    above = " ".join(line.strip() for segment in segments for line in segment if line.strip())
    return len(above) < MOST_COVER and phrases.ANSWERS_WITHIN.search(above) is not None


def _take_back(segment: list[str], count: int) -> None:
    """Remove the first lines of a wrapped attribution, which were kept before its last line told."""
    if count:
        del segment[-count:]


def _past_quote(lines: list[str], at: int) -> int:
    """Past one run of quoted lines, with the unquoted crumbs that wrapping leaves between them."""
    while at < len(lines):
        if is_quoted(lines[at]) or (
            at + 1 < len(lines)
            and is_quoted(lines[at + 1])
            and len(lines[at - 1]) >= 66
            and lines[at - 1].rstrip()[-1:] not in ".!?:"
            and _FRAGMENT.match(lines[at])
        ):
            at += 1
        else:
            break
    return at


def _join(segments: list[list[str]], signature: tuple[str, ...]) -> str:
    written = [segment for segment in segments if any(line.strip() for line in segment)]
    if not written:
        return ""
    written[0] = without_banner(written[0])
    last = len(written) - 1
    cleaned = []
    for number, segment in enumerate(written):
        if number in {0, last}:
            segment = without_appendages(segment, signature, alone=not last)  # noqa: PLW2901
        cleaned.append("\n".join(line.rstrip() for line in segment).strip("\n"))
    joined = "\n\n".join(segment for segment in cleaned if segment.strip())
    return _MANY_BLANKS.sub("\n\n", without_marks(joined)).strip()
