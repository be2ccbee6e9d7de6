"""Reads ISO-2022-JP with the vendor characters that mail programs put into it (CP50220, CP50221)."""

import re

# ESC sequences: JIS X 0208 ($@ $B), JIS X 0212 ($(D), katakana ((I), ASCII ((B), JIS Roman ((J, (H).
_ESCAPE = re.compile(rb"\x1b(\$@|\$B|\$\(@|\$\(B|\$\(D|\(B|\(J|\(H|\(I)")
_TWO_BYTES = {b"$@", b"$B", b"$(@", b"$(B"}


def decode_iso_2022_jp(octets: bytes) -> tuple[str, bool]:
    """The text, and whether something in it could not be read. Never raises.

    Python's own codec, tried first, refuses NEC and IBM characters (circled digits, company signs), so each run is moved to
    Shift_JIS and read as code page 932, as mail programs do.
    """
    try:
        return octets.decode("iso2022_jp_ext"), False
    except UnicodeError:
        pass
    out: list[str] = []
    lost = False
    mode = b"(B"
    at = 0
    for match in (*_ESCAPE.finditer(octets), None):
        run = octets[at : match.start() if match else len(octets)]
        if run:
            text = _read_run(run, mode)
            lost = lost or "\ufffd" in text
            out.append(text)
        if match:
            mode = match.group(1)
            at = match.end()
    return "".join(out), lost


def _read_run(run: bytes, mode: bytes) -> str:
    if mode in _TWO_BYTES:
        return _two_bytes(run)
    if mode == b"$(D":
        shifted = bytes(byte | 0x80 for byte in run if 0x21 <= byte <= 0x7E)
        pairs = b"".join(b"\x8f" + shifted[at : at + 2] for at in range(0, len(shifted) - 1, 2))
        return pairs.decode("euc_jp", "replace")
    if mode == b"(I":
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in run).decode("cp932", "replace")
    if run.isascii():
        return run.decode("ascii")
    try:  # some servers mix raw Shift_JIS or UTF-8 into it
        return run.decode("utf-8")
    except UnicodeError:
        return run.decode("cp932", "replace")


def _two_bytes(run: bytes) -> str:
    """JIS X 0208 pairs as code page 932; line ends inside a run are kept, as broken mailers leave them there."""
    out = bytearray()
    at = 0
    while at < len(run):
        first = run[at]
        second = run[at + 1] if at + 1 < len(run) else 0
        if not (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E):
            out.append(first if first < 0x80 else 0x3F)
            at += 1
            continue
        row = (first - 0x21) >> 1
        out.append(row + (0x81 if row < 31 else 0xC1))
        if first & 1:
            out.append(second + (0x1F if second < 0x60 else 0x20))
        else:
            out.append(second + 0x7E)
        at += 2
    return bytes(out).decode("cp932", "replace")
