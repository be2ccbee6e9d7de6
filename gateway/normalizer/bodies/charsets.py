"""Turns bytes into text, believing the declared charset only as far as the bytes bear it out."""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from gateway.normalizer.bodies.guessing import guess, is_utf8_beyond_doubt
from gateway.normalizer.bodies.japanese import decode_iso_2022_jp

# What mailers write, and the Python codec that reads what they mean. Supersets replace the narrow names, because
# senders say gb2312 and write GB18030, or say iso-8859-1 and write windows-1252 (WHATWG Encoding, section 4.2).
_MEANT = {
    "ansi_x3.4-1968": "ascii",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode": "utf-8",
    "cp65001": "utf-8",
    "windows-65001": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf-7": "utf-7",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "big5": "big5hkscs",
    "big-5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-ce": "mac_latin2",
    "x-mac-cyrillic": "mac_cyrillic",
    "cp1252": "cp1252",
}
# What senders of Microsoft's characters mean when they name the ISO charset: bytes 0x80 to 0x9f tell.
_WINDOWS = {"iso8859-2": "cp1250", "iso8859-5": "cp1251", "iso8859-7": "cp1253", "iso8859-8": "cp1255", "iso8859-13": "cp1257",
            "iso8859-15": "cp1252", "iso8859-6": "cp1256"}  # fmt: skip
_CONTROLS = re.compile(rb"[\x80-\x9f]")
_NO_CHARSET = {"", "x-unknown", "unknown", "unknown-8bit", "8bit", "7bit", "default", "default_charset", "binary", "none",
               "x-user-defined", "user-defined", "_autodetect", "auto", "utf", "charset", "null", "undefined"}  # fmt: skip

# Only codecs that turn bytes into text in linear time: never "zip", "punycode", "unicode_escape" and the like.
_ALLOWED = re.compile(
    r"(utf-?(7|8|16|32)([-_]?[bl]e)?|utf-8-sig|ascii|iso-?8859-?\d+|cp\d+|koi8-[rutu]|mac-[a-z0-9]+|gb2312|gbk|gb18030|hz|"
    r"big5|big5hkscs|euc[-_](jp|kr|jis-?2004|jisx0213)|shift[-_]jisx?\w*|iso2022[-_]\w+|johab|tis-620|ptcp154|kz1048|"
    r"hp-roman8)"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and what was wrong on the way ("" when nothing was)."""

    text: str
    problem: str = ""


@lru_cache(maxsize=256)
def codec_for(declared: str) -> str | None:
    """The codec for a declared charset; "" when none is declared, None when nobody knows it."""
    name = declared.strip(" \t\r\n\"'“”<>;,").lower().removeprefix("charset=").split(";")[0].strip()
    if name in _NO_CHARSET:
        return ""
    if name in _MEANT:
        return _MEANT[name]
    name = re.sub(r"^(?:x-|cs)?(?:windows|win|cp|ibm|ms)[-_]?(\d{3,5})$", r"cp\1", name)
    try:
        canonical = codecs.lookup(name[:40]).name.replace("_", "-")
    except (LookupError, UnicodeError, ValueError):
        return None
    return _MEANT.get(canonical, canonical) if _ALLOWED.fullmatch(canonical) else None


def decode(octets: bytes, declared: str = "") -> Decoded:
    """`octets` as text. Never raises; a wrong or missing charset is guessed and told as a problem."""
    codec = codec_for(declared)
    if (codec and codec.startswith("iso2022-jp")) or (codec in {None, "", "ascii", "utf-8"} and b"\x1b$" in octets):
        return _japanese(octets, declared)
    if (
        octets.isascii()
        and codec != "utf-7"
        and not (codec or "").startswith(("utf-16", "utf-32", "hz", "iso2022", "cp037"))
    ):
        known = codec is not None or not declared
        return Decoded(octets.decode("ascii"), "" if known else f"unknown charset {_shown(declared)}")
    if not codec:
        problem = f"unknown charset {_shown(declared)}" if codec is None else ""
        return _guessed(octets, problem)
    return _declared(octets, codec, declared)


def _declared(octets: bytes, codec: str, declared: str) -> Decoded:
    wide = codec.startswith(("utf-16", "utf-32"))
    if wide and octets.count(0) == 0:
        return _guessed(octets, f"the text is not in its declared charset {_shown(declared)}")
    if codec != "utf-8" and not wide and is_utf8_beyond_doubt(octets):
        problem = f"the text says charset {_shown(declared)} but is UTF-8"
        return Decoded(octets.decode("utf-8", "replace"), problem if codec != "utf-7" else "")
    if codec in _WINDOWS and _CONTROLS.search(octets):
        codec = _WINDOWS[codec]
    try:
        text = octets.decode(codec)
    except (UnicodeError, ValueError):
        return _guessed(octets, f"the text is not in its declared charset {_shown(declared)}", codec)
    return Decoded(text.removeprefix("\ufeff"))


def _guessed(octets: bytes, problem: str, codec: str = "") -> Decoded:
    text, name = guess(octets, preferred="" if codec in {"utf-8", "ascii"} else codec)
    if problem:
        return Decoded(text, f"{problem}; read as {name}")
    return Decoded(text, "" if name == "utf-8" else f"no charset is given; read as {name}")


def _japanese(octets: bytes, declared: str) -> Decoded:
    if codec_for(declared) in {"utf-8"} and not octets.isascii():
        return _guessed(octets, f"the text is not in its declared charset {_shown(declared)}")
    text, lost = decode_iso_2022_jp(octets)
    return Decoded(text, "some characters of the Japanese text could not be read" if lost else "")


def _shown(declared: str) -> str:
    """A charset name fit for a sentence."""
    return repr(declared.strip()[:40])
