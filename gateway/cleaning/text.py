"""Plain text in UTF-8, without byte order mark and control characters; its line ends no longer tell the system."""

import codecs

from gateway.cleaning.kinds import TEXT_ENDINGS, Copy

KEPT = frozenset("\n\t\f")


CHARSETS = (
    *("utf-8-sig", "utf-16", "latin-1", "us-ascii", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257"),
    *("iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r", "koi8-u"),
    *("gb18030", "gb2312", "gbk", "big5", "shift-jis", "euc-jp", "iso2022-jp", "euc-kr"),
)
"""What text and mail files are written in; others are not to be had once nothing can be opened any more."""


def prepare() -> None:
    """Load the character sets, before files can no longer be opened."""
    for name in CHARSETS:
        codecs.lookup(name)


def clean_text(content: bytes, ending: str) -> Copy:
    """The text, read as UTF-8, UTF-16 with its mark, or Windows-1252, in this order."""
    text = _read(content).replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(one for one in text if one in KEPT or one.isprintable() or one.isspace())
    return Copy(shown.encode(), ending if ending in TEXT_ENDINGS else "txt")


def _read(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
