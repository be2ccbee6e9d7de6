"""Cuts what a client or a company appended below (or put above) the person's words: signatures, footers, notices."""

import re

from gateway.normalizer.bodies.marks import SIGNATURE_END, SIGNATURE_START
from gateway.normalizer.words import footers
from gateway.normalizer.words.mobile_footers import MOST_FOOTER_WIDTH, is_footer

MOST_SIGNATURE_LINES = 25
MOST_CARD_LINES = 14
MOST_NOTICE_LINES = 80
MOST_NOTICE = 1500
MOST_CARD_WIDTH = 100
MOST_BANNER = 700
MOST_ADVERTISEMENT_LINES = 14
MOST_BARE_LINES = 5
MOST_FRAMED_LINES = 8
LEAST_NOTICE_WORDS, LEAST_GENERIC_WORDS = 2, 3

_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_WORDS_OF_PROSE = re.compile(r"(?<![\w@./-])[a-zß-ÿ][a-zß-ÿ'’]+(?![\w@/-])")
_OF_PEOPLE = re.compile(r"\b(?:[Hh]e|[Ss]he|me|us|mich|mir|uns|moi|nous|[Ee]lle|nos)\b")
LEAST_PROSE = 6
MOST_SENTENCE = 500


def without_appendages(lines: list[str], marked: tuple[str, ...] = (), *, alone: bool = True) -> list[str]:
    """The lines without signature, mobile footer, legal notice and list footer. `marked` are signature lines that the
    HTML part of the same mail marked. In doubt a line is kept; so is the last one of lines that stand `alone`.
    """
    lines = _without_marked_blocks(lines, alone=alone)
    lines = _trimmed(lines)
    for _ in range(4):
        before = len(lines)
        lines = _without_delimited(lines, alone=alone)
        lines = _without_framed_card(lines)
        lines = _without_footers(lines)
        lines = _without_advertisement(lines)
        lines = _without_notice(lines, alone=alone)
        lines = _without_known(lines, marked)
        lines = _without_card(lines)
        if len(lines) == before:
            break
    return lines


def without_banner(lines: list[str]) -> list[str]:
    """The lines without a mail server's warning above them; never without all of them."""
    lines = _trimmed(lines)
    for _ in range(3):
        cut = _paragraph_end(lines, 0)
        paragraph = " ".join(line.strip() for line in lines[:cut])
        if cut < len(lines) and is_banner(paragraph) and (cut == 1 or _only_warns(paragraph)):
            pass
        elif len(lines) > 1 and is_banner(lines[0]):
            cut = 1
        else:
            break
        lines = _trimmed(lines[cut:])
        while len(lines) > 1 and footers.RULE.match(lines[0]):
            lines = _trimmed(lines[1:])
    return lines


def is_banner(text: str) -> bool:
    """Whether a paragraph is a mail server's warning about mail from outside."""
    if len(text) > MOST_BANNER:
        return False
    if footers.BANNER_TAG.match(text):
        return True
    if footers.BANNER_START.match(text) is None or footers.BANNER_ABOUT.search(text) is None:
        return False
    return footers.BANNER_SAYS.search(text) is not None and not _speaks_a_person([text])


def _only_warns(paragraph: str) -> bool:
    """Whether each sentence of a warning is one; what a person wrote right below it is none."""
    sentences = _SENTENCES.split(paragraph)
    known = (footers.BANNER_SAYS, footers.BANNER_ASKS, footers.BANNER_START)
    return all(any(each.search(sentence) for each in known) for sentence in sentences if sentence.strip())


def _trimmed(lines: list[str]) -> list[str]:
    start, stop = 0, len(lines)
    while start < stop and not lines[start].strip():
        start += 1
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    return lines[start:stop]


def _without_marked_blocks(lines: list[str], *, alone: bool) -> list[str]:
    """Signatures between the private marks of html_text."""
    if not any(SIGNATURE_START in line for line in lines):
        return lines
    kept: list[str] = []
    inside = False
    for line in lines:
        if SIGNATURE_START in line:
            inside = True
            while kept and (not kept[-1].strip() or footers.DELIMITER.match(kept[-1])):
                kept.pop()
        elif SIGNATURE_END in line:
            inside = False
        elif not inside:
            kept.append(line)
    return kept if not alone or any(line.strip() for line in kept) else [each for each in lines if not _is_mark(each)]


def _is_mark(line: str) -> bool:
    return SIGNATURE_START in line or SIGNATURE_END in line


def _without_delimited(lines: list[str], *, alone: bool) -> list[str]:
    """From the usual delimiter `-- ` (RFC 3676 4.3) down; the delimiter without its space needs a short block below it.

    A postscript below a signature stays. So does everything where what is below reads as prose.
    """
    for number in range(_low_start(lines), len(lines)):
        line = lines[number]
        if not footers.DELIMITER.match(line):
            continue
        below = [each for each in lines[number + 1 :] if each.strip()]
        most = MOST_SIGNATURE_LINES if line == "-- " else MOST_CARD_LINES
        short = all(len(each) <= MOST_CARD_WIDTH for each in below[:6])
        if len(below) <= most and (line == "-- " or short) and (number or not alone or line == "-- "):
            if _is_divider(lines[number + 1 :], bare=line != "-- "):
                continue
            ps = next((at for at in range(number, len(lines)) if _goes_on(lines, number, at)), len(lines))
            return _trimmed([*_trimmed(lines[:number]), *([""] if ps < len(lines) else []), *lines[ps:]])
    return lines


def _low_start(lines: list[str]) -> int:
    """The first line below which no more is written than a signature may hold; delimiters above it are none."""
    written = 0
    for number in range(len(lines) - 1, -1, -1):
        if not lines[number].strip():
            continue
        written += 1
        if written > MOST_SIGNATURE_LINES + 1:
            return number + 1
    return 0


def _goes_on(lines: list[str], delimiter: int, at: int) -> bool:
    """Whether the person goes on at line `at`, below their signature: with a postscript, or apart from it with what is said."""
    if footers.POSTSCRIPT.match(lines[at]):
        return True
    apart = at > delimiter + 2 and lines[at].strip() and not lines[at - 1].strip()
    return bool(apart) and _is_said_apart(lines[at : _paragraph_end(lines, at)])


def _is_said_apart(paragraph: list[str]) -> bool:
    """Whether a paragraph apart from a signature is something that the person says, and no notice, footer or quotation."""
    joined = " ".join(line.strip() for line in paragraph)[:MOST_NOTICE]
    appended = footers.LEGAL.search(joined) or footers.QUOTATION.match(joined) or footers.PRINTING.match(joined)
    if (
        appended
        or is_footer(paragraph[0])
        or _has_link(paragraph)
        or footers.CONTACT.search(joined)
        or is_banner(joined)
    ):
        return False
    if _OF_PEOPLE.search(joined) or any(_is_said(line) or _is_sentence(line) for line in paragraph):
        return True
    return len(_WORDS_OF_PROSE.findall(joined)) >= LEAST_PROSE


def _is_divider(below: list[str], *, bare: bool) -> bool:
    """Whether a delimiter divides two matters of the person: right below it (where it is `bare` of its space), or after a
    blank line, they go on in prose.
    """
    first = next((line for line in below if line.strip()), "")
    apart = bool(below) and not below[0].strip()
    sentences = [line for line in below if _is_sentence(line)] if apart else []
    if bare and (_is_sentence(first) or _is_said(first)):
        sentences.append(first)
    if len(first) > MOST_FOOTER_WIDTH:
        sentences.append(first)
    return any(
        not _has_link([line])
        and not is_footer(line)
        and not footers.LEGAL.search(line)
        and not footers.QUOTATION.match(line)
        for line in sentences
    )


def _is_sentence(line: str) -> bool:
    """Whether a line is a sentence; a longer one than people write in a signature is taken for one unread."""
    return len(line) > MOST_SENTENCE or footers.SENTENCE.match(line) is not None


def _without_footers(lines: list[str]) -> list[str]:
    """Footers of phones, webmail and lists, and rules left over, at the end."""
    kept = list(lines)
    while kept:
        last = kept[-1]
        if not last.strip() or (len(kept) > 1 and footers.RULE.match(last)) or is_footer(last):
            kept.pop()
            continue
        above = _list_footer_start(kept)
        if above is None:
            break
        kept = kept[:above]
    return kept


def _without_advertisement(lines: list[str]) -> list[str]:
    """What webmail and list servers add below a rule, and virus scanners also without one."""
    if not _has_link(lines[-MOST_ADVERTISEMENT_LINES:]):
        return lines
    for number in range(max(1, len(lines) - MOST_ADVERTISEMENT_LINES), len(lines)):
        line, above, rest = lines[number], lines[number - 1], lines[number:]
        ruled = bool(footers.RULE.match(above) or footers.DELIMITER.match(above)) or "----" in line
        if not ruled and (above.strip() or len(rest) > MOST_BARE_LINES):
            continue
        known = footers.SCANNED.match(line) or (ruled and footers.ADVERTISEMENT.match(line))
        apart = number == 1 or not lines[number - 2].strip()
        webmail = apart and footers.UNDERSCORES.match(above) and len(rest) <= MOST_BARE_LINES
        if (known or webmail) and _has_link(rest) and not _speaks_a_person(rest):
            return _trimmed(lines[: number - 1 if ruled else number])
    return lines


def _has_link(lines: list[str]) -> bool:
    return any(mark in line for line in lines for mark in footers.LINKS)


def _without_framed_card(lines: list[str]) -> list[str]:
    """Contact details between two long rules at the end, unless a line that ends in a colon announces them."""
    if len(lines) < 4 or not footers.LONG_RULE.match(lines[-1]):
        return lines
    for number in range(len(lines) - 2, max(0, len(lines) - MOST_FRAMED_LINES - 2), -1):
        if footers.LONG_RULE.match(lines[number]):
            above = _trimmed(lines[:number])
            inside = lines[number + 1 : -1]
            announced = not above or above[-1].rstrip().endswith((":", "："))
            if announced or not any(map(footers.CONTACT.search, inside)):
                return lines
            return above
    return lines


def _list_footer_start(lines: list[str]) -> int | None:
    """Where the footer of a mailing list begins: a rule, then the list's name or how to leave it."""
    for number in range(max(1, len(lines) - 8), len(lines)):
        if footers.LIST_FOOTER.match(lines[number]) and footers.RULE.match(lines[number - 1]):
            return number - 1
    return None


def _without_notice(lines: list[str], *, alone: bool) -> list[str]:
    """From a legal notice down, when it opens a paragraph and uses two different words of the trade."""
    for number in range(max(int(alone), len(lines) - MOST_NOTICE_LINES), len(lines)):
        if number and lines[number - 1].strip() and not footers.RULE.match(lines[number - 1]):
            continue
        joined = " ".join(line.strip() for line in lines[number : number + 12])[:MOST_NOTICE]
        if not joined:
            continue
        if footers.PRINTING.match(joined) and len(lines) - number <= 6:
            return _trimmed(lines[:number])
        if _is_notice(joined) and not _speaks_a_person(lines[number : _paragraph_end(lines, number)]):
            return _trimmed(lines[:number])
        if number and is_banner(joined) and len(lines) - number <= 6:
            return _trimmed(lines[:number])
    return lines


def _is_notice(text: str) -> bool:
    """Whether a text is a legal notice: it begins so, is about this mail and whom it is meant for, in the words of the trade."""
    if (
        not footers.DISCLAIMER.match(text)
        or not footers.BANNER_ABOUT.search(text)
        or not footers.ADDRESSEE.search(text)
    ):
        return False
    least = LEAST_GENERIC_WORDS if footers.GENERIC_OPENING.match(text) else LEAST_NOTICE_WORDS
    return len({found.lower() for found in footers.LEGAL.findall(text)}) >= least


def _without_known(lines: list[str], marked: tuple[str, ...]) -> list[str]:
    """The lines that the HTML part marked as signature, when they are the last ones here and something stands above."""
    if not marked:
        return lines
    at = len(lines)
    for wanted in reversed(marked):
        while at and not lines[at - 1].strip():
            at -= 1
        if not at or " ".join(lines[at - 1].split()).strip("*_ ") != " ".join(wanted.split()).strip("*_ "):
            return lines
        at -= 1
    return _trimmed(lines[:at]) if any(line.strip() for line in lines[:at]) else lines


def _without_card(lines: list[str]) -> list[str]:
    """A business card below a closing: the closing and the name stay, the rest goes.

    Without a closing nothing is cut: people send new addresses and phone numbers to HR.
    """
    for number in range(len(lines) - 1, max(0, len(lines) - MOST_CARD_LINES - 4), -1):
        if len(lines[number]) > MOST_CARD_WIDTH or not footers.CLOSING.match(lines[number]):
            continue
        card = [index for index in range(number + 1, len(lines)) if lines[index].strip()]
        if len(card) < 2 or len(card) > MOST_CARD_LINES or any(len(lines[index]) > MOST_CARD_WIDTH for index in card):
            return lines
        if not any(footers.CONTACT.search(lines[index]) for index in card[1:]):
            return lines
        if any(map(_is_said, (lines[index] for index in card))) or _prose_below(lines, card[0]):
            return lines
        return _trimmed(lines[: card[0] + 1]) if not footers.CONTACT.search(lines[card[0]]) else lines[: number + 1]
    return lines


def _prose_below(lines: list[str], name: int) -> bool:
    """Whether a paragraph apart from the card that begins at `name` is something that the person says."""
    starts = (at for at in range(name + 2, len(lines)) if lines[at].strip() and not lines[at - 1].strip())
    return any(_is_said_apart(lines[at : _paragraph_end(lines, at)]) for at in starts)


def _is_said(line: str) -> bool:
    """Whether a line below a closing is something that the person says, and no part of a business card."""
    sentence = footers.LONG_SENTENCE.match(line[-MOST_SENTENCE:]) is not None and not footers.LEGAL.search(line)
    return sentence or footers.NEWS.match(line) is not None or _speaks_a_person([line])


def _speaks_a_person(lines: list[str]) -> bool:
    """Whether the words are about the one who writes them, or about somebody in particular."""
    return any(footers.PERSONAL.search(line) or footers.SOMEBODY.search(line) for line in lines)


def _paragraph_end(lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at].strip():
        at += 1
    return at
