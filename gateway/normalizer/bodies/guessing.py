"""Guesses the charset of bytes that declare none, or declare it wrongly."""

import re

SAMPLE = 20_000
"""Bytes looked at before choosing; the whole text is then read the same way."""

_UTF8_MANY = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]+")
# Their second bytes are ASCII half of the time.
_HALF_ASCII = {"big5hkscs", "cp932"}
_EAST_ASIAN = ("gb18030", "euc_jp", "cp932", "big5hkscs", "cp949")

# The few dozen most frequent characters of each language: what a right guess is full of and a wrong one is not.
_FREQUENT = {
    "gb18030": "的一是不了在人有我他这个们中来上大为和国地到以说时要"
    "就出会可也你对生能而子那得于着下自之年发请问您好谢加班工资假",
    "big5hkscs": "的一是不了在人有我他這個們中來上大為和國地到以說時要"
    "就出會可也你對生能而子那得於著下自之年發請問您好謝加班工資假",
    "cp949": "이다는에의가고을하지로한기사도은를해어있시나서자인정안게요대보리니일주부그습",
}
# At least two characters of the 3,755 most frequent Chinese ones, in two bytes each; Western letters do not come so.
_LEVEL_ONE = re.compile(rb"(?:[\xb0-\xd7][\xa1-\xfe]|[\xa3\xa1][\xa1-\xfe]){2,}")
_POLISH = {
    "iso8859-2": re.compile(r"[a-zA-Zêæñó][±¶¼¦¬][a-zêæñó]"),
    "cp1250": re.compile(r"[a-zA-Zêæñóœ][¹³Ÿ][a-zêæñóœ¿]|[a-zêæñóœ]¿[a-zêæñóœ]|œ[wclnpmk]"),
}
_KANA = re.compile(r"[\u3041-\u30fe]")
_HALF_KANA = re.compile(r"[\uff61-\uff9f]")
_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")
_CYRILLIC = re.compile("[аеинорствлкмпдуяы]")
_CYRILLIC_UPPER = re.compile("[А-Я]")


def is_utf8_beyond_doubt(octets: bytes) -> bool:
    """Whether the bytes are UTF-8 with more than one multi-byte character, so that no other charset is likely.

    A character cut at the end is forgiven.
    """
    if octets.isascii():
        return False
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(octets) - 3:
            return False
    sample = octets[:SAMPLE]
    found = _UTF8_MANY.findall(sample)
    return len(found) > 1 or (len(found) == 1 and len(found[0]) > 2) or (len(found) == 1 and found[0][0] in b"\xc3\xc2")


def guess(octets: bytes, preferred: str = "") -> tuple[str, str]:
    """The text and the name of the charset it was read in. `preferred` is tried when nothing speaks clearly."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if octets.startswith(mark):
            return octets.decode(name, "replace"), name.removesuffix("-sig")
    try:
        return octets.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(octets):
        return _mixed(octets), "UTF-8 mixed with windows-1252"
    name = preferred if preferred in _EAST_ASIAN else _best(octets[:SAMPLE], preferred)
    return _lenient(octets, name), name


def _mostly_utf8(octets: bytes) -> bool:
    sample = octets[:SAMPLE]
    good = sum(len(found) for found in _UTF8_MANY.findall(sample))
    high = sum(len(found) for found in _HIGH.findall(sample))
    return good * 2 > high and good > 1


def _mixed(octets: bytes) -> str:
    """UTF-8 where it is valid; single stray bytes as windows-1252."""
    out: list[str] = []
    at = 0
    for match in _UTF8_MANY.finditer(octets):
        if match.start() > at:
            out.append(_lenient(octets[at : match.start()], "cp1252"))
        out.append(match.group().decode("utf-8", "replace"))
        at = match.end()
    out.append(_lenient(octets[at:], "cp1252"))
    return "".join(out)


def _lenient(octets: bytes, name: str) -> str:
    """Read without raising; windows-1252 falls back to Latin-1 for its five holes."""
    if name in {"cp1252", "cp1254"}:
        try:
            return octets.decode(name)
        except UnicodeDecodeError:
            return octets.decode("latin-1")
    return octets.decode(name, "replace")


def _best(sample: bytes, preferred: str) -> str:
    scores = {name: _east_asian_score(sample, name) for name in _EAST_ASIAN}
    name = max(scores, key=lambda key: scores[key])
    if scores[name] > 0.25:
        return name
    return _single_byte(sample, preferred)


def _east_asian_score(sample: bytes, name: str) -> float:
    """From 0 to 1: how far the non-ASCII characters look like running text of this charset's language."""
    runs = _HIGH.findall(sample)
    if not runs or max(len(run) for run in runs) < 2:
        return 0.0
    if name not in _HALF_ASCII and sum(len(run) == 1 for run in runs) > len(runs) * 0.6:
        return 0.0
    try:
        text = sample.decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 3:
            return 0.0
        text = sample[: error.start].decode(name, "replace")
    foreign = [letter for letter in text if ord(letter) > 0x7F]
    if not foreign:
        return 0.0
    joined = "".join(foreign)
    if name in {"euc_jp", "cp932"}:
        hits = len(_KANA.findall(joined)) - 2 * len(_HALF_KANA.findall(joined))
    else:
        hits = sum(letter in _FREQUENT[name] for letter in foreign)
    return (hits - 3 * len(_ODD.findall(joined))) / len(foreign)


def _single_byte(sample: bytes, preferred: str) -> str:
    """Cyrillic if most letters are; else the preferred charset; else windows-1252."""
    high = sum(len(run) for run in _HIGH.findall(sample))
    letters = len(re.findall(rb"[A-Za-z]", sample))
    if high > letters:
        scores = {name: _cyrillic_score(sample, name) for name in ("cp1251", "koi8-r", "iso8859-5")}
        name = max(scores, key=lambda key: scores[key])
        if scores[name] > high * 0.5:
            return name
    if _LEVEL_ONE.fullmatch(b"".join(_HIGH.findall(sample))) and all(
        len(run) % 2 == 0 for run in _HIGH.findall(sample)
    ):
        return "gb18030"
    if preferred and not preferred.startswith(("utf", "ascii", "iso2022", "hz")):
        return preferred
    return _western(sample)


def _western(sample: bytes) -> str:
    """The charset of Polish text, which shows signs within words when it is read as windows-1252; else that."""
    text = sample.decode("cp1252", "replace")
    for name, signs in _POLISH.items():
        if len(signs.findall(text)) > 1:
            return name
    return "cp1252"


def _cyrillic_score(sample: bytes, name: str) -> int:
    text = sample.decode(name, "replace")
    return len(_CYRILLIC.findall(text)) - len(_CYRILLIC_UPPER.findall(text)) // 2
