"""Finding classed data in a text of any language we write: by shape and check digits, and by words. Pure, in bounded time.

IBAN: ISO 13616, check by ISO 7064 MOD 97-10. Cards: ISO/IEC 7812 (Luhn). National numbers: US SSN, UK NINO, German
Steuer-ID (ISO 7064 MOD 11,10), French NIR (key of 97), Spanish DNI and NIE (letter of 23), Italian codice fiscale.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from cases.privacy.classes import FIELDS, DataClass
from cases.privacy.words import BIRTH, MEDICAL, PAY


@dataclass(frozen=True, slots=True)
class Found:
    """Where a class of data stands in a text."""

    start: int
    end: int
    of: DataClass


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())


def is_iban(text: str) -> bool:
    """Whether the check digits of an IBAN hold."""
    plain = re.sub(r"\s", "", text).upper()
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """Whether the check digit of a payment card holds."""
    total = 0
    for place, digit in enumerate(reversed(_digits(text))):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_steuer_id(text: str) -> bool:
    """Whether the check digit of a German Steuer-ID holds."""
    number, product = _digits(text), 10
    for digit in number[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return len(number) == 11 and number[0] != "0" and (11 - product) % 10 == int(number[10])


def is_nir(text: str) -> bool:
    """Whether the key of a French social security number holds."""
    plain = re.sub(r"\s", "", text).upper().replace("2A", "19").replace("2B", "18")
    return len(plain) == 15 and plain.isdigit() and 97 - int(plain[:13]) % 97 == int(plain[13:])


def is_dni(text: str) -> bool:
    """Whether the letter of a Spanish DNI or NIE holds."""
    plain = re.sub(r"[\s.-]", "", text).upper()
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == plain[-1]


def is_ssn(text: str) -> bool:
    """Whether a US social security number could have been issued."""
    area, group, serial = text.split("-")
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def is_phone(text: str) -> bool:
    """Whether so many digits are a telephone number (ITU-T E.164: at most 15)."""
    return 7 <= len(_digits(text)) <= 15


def _always(_text: str) -> bool:
    return True


_MONTHS = r"[^\W\d_]{3,10}\.?"
_DATE = rf"(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{1,2}}\.? (?:de )?{_MONTHS} (?:de )?\d{{4}}|{_MONTHS} \d{{1,2}},? \d{{4}})"
_MONEY = r"(?:[€$£]|EUR|USD|GBP|CHF|euros?|dollars?|pounds?|francs?|Franken|libras)"
_NUMBER = r"\d{1,3}(?:[ .,'’]\d{3}){0,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"

PATTERNS: tuple[tuple[DataClass, re.Pattern[str], Callable[[str], bool]], ...] = (
    (DataClass.IDENTIFIERS, re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ ]?[A-Za-z0-9]){11,30}\b"), is_iban),
    (
        DataClass.IDENTIFIERS,
        re.compile(r"\b[1-4]\s?\d\d\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d\d|2[AB])\s?\d{3}\s?\d{3}\s?\d\d\b"),
        is_nir,
    ),
    (DataClass.IDENTIFIERS, re.compile(r"\b\d(?:[ -]?\d){12,18}\b"), is_card),
    (DataClass.IDENTIFIERS, re.compile(r"\b\d{2}\s?\d{3}\s?\d{3}\s?\d{3}\b"), is_steuer_id),
    (DataClass.IDENTIFIERS, re.compile(r"\b\d{2} ?\d{6} ?[A-Z] ?\d{3}\b"), _always),  # German pension insurance
    (DataClass.IDENTIFIERS, re.compile(r"\b\d{3}-\d{2}-\d{4}\b"), is_ssn),
    (DataClass.IDENTIFIERS, re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b"), _always),
    (DataClass.IDENTIFIERS, re.compile(r"\b(?:\d{8}|[XYZxyz]-?\d{7})[ -]?[A-Za-z]\b"), is_dni),
    (DataClass.IDENTIFIERS, re.compile(r"\b[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]\b"), _always),
    (DataClass.IDENTIFIERS, re.compile(rf"(?i)\b(?:{BIRTH})\b[^\n.!?]{{0,30}}?({_DATE})"), _always),
    (DataClass.CONTACT, re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), _always),
    (DataClass.CONTACT, re.compile(r"(?<![\w.,/-])(?:\+|00|\(0|0)\d?(?:[ ()/.-]{0,2}\d){6,15}(?![\w-])"), is_phone),
    (DataClass.CONTACT, re.compile(r"(?<![\w-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])"), _always),
    (DataClass.PAY, re.compile(rf"(?i){_MONEY}\s?(?:{_NUMBER})(?:\s?k\b)?"), _always),
    (DataClass.PAY, re.compile(rf"(?i)(?<![\w.,])(?:{_NUMBER})\s?k?\s?{_MONEY}(?!\w)"), _always),
    (
        DataClass.PAY,
        re.compile(rf"(?i)\b(?:{PAY})\b[^\n.!?]{{0,40}}?((?<![\w.,])\d{{3,6}}(?:[.,]\d{{1,3}})?(?!\w))"),
        _always,
    ),
    (DataClass.MEDICAL, re.compile(rf"(?i)(?<![^\W\d_])(?:{MEDICAL})"), _always),
)
_SENTENCE_ENDS = ".!?\n"
LONGEST = 200_000
"""Characters of a text that are searched; what is longer is a file, and not shown."""


def find(text: str, classes: Collection[DataClass] = tuple(DataClass)) -> list[Found]:
    """Where data of these classes stands, in order, overlaps joined. Of medical words the whole sentence counts."""
    found = sorted(_matches(text[:LONGEST], classes), key=lambda one: (one.start, -one.end))
    joined: list[Found] = []
    for one in found:
        if joined and one.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = Found(last.start, max(last.end, one.end), last.of)
        else:
            joined.append(one)
    return joined


def redact(text: str, classes: Collection[DataClass]) -> str:
    """The text without data of these classes: each place says which class stood there."""
    if not classes:
        return text
    parts, end = [], 0
    for one in find(text, classes):
        parts += [text[end : one.start], mark(one.of)]
        end = one.end
    rest = text[end:] if len(text) <= LONGEST else text[end:LONGEST] + " […]"
    return "".join([*parts, rest])


def redact_field(name: str, value: str, classes: Collection[DataClass]) -> str:
    """A form's answer without data of these classes: all of it, where the field is of one."""
    of = FIELDS.get(name)
    return mark(of) if of in classes and of is not None and value else redact(value, classes)


def mark(of: DataClass) -> str:
    """What stands where data was taken out."""
    return f"[{of.value}]"


def _matches(text: str, classes: Collection[DataClass]) -> Iterator[Found]:
    for of, pattern, holds in PATTERNS:
        if of not in classes:
            continue
        for match in pattern.finditer(text):
            start, end = match.span(match.lastindex or 0)
            while holds is is_iban and end > start and not holds(text[start:end]):
                end = max(start, text.rfind(" ", start, end))  # the words that follow may look like a part of it
            if end == start or not holds(text[start:end]):
                continue
            yield Found(*(_sentence(text, start, end) if of is DataClass.MEDICAL else (start, end)), of)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    first = max(text.rfind(one, 0, start) for one in _SENTENCE_ENDS) + 1
    last = min((place for one in _SENTENCE_ENDS if (place := text.find(one, end)) >= 0), default=len(text))
    while first < start and text[first].isspace():
        first += 1
    return first, last
