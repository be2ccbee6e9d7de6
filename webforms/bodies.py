"""Reading what a form sent, in memory only, keeping the words even of a form that is too large."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

KEPT_BYTES = 512 * 1024
"""What is kept of a form that is too large: its words come before its files, and fit in."""

MOST_PARTS = 200
_CHUNK = 128 * 1024
CUT = "heed.cut"
"""The variable in which the server says why it kept the front of a body only: "large" or "busy"."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file as it was sent: the name and type the browser gave, and its bytes."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Posted:
    """A form as it came: the last value of each name, and its files. `cut` says why the rest is missing, or is ""."""

    values: Mapping[str, str] = field(repr=False)
    files: tuple[UploadedFile, ...] = field(default=(), repr=False)
    cut: str = ""

    def text(self, name: str) -> str:
        """A value, or ""."""
        return self.values.get(name, "")


def read_posted(environ: "WSGIEnvironment", limit: int) -> Posted:
    """What a request posted, at most `limit` bytes of it. Never raises: nonsense reads as an empty form."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    cut = str(environ.get(CUT, "")) or ("large" if length > limit else "")
    body: bytes = environ["wsgi.input"].read(min(length, KEPT_BYTES) if cut else length)
    kind, options = parse_options_header(environ.get("CONTENT_TYPE"))
    if kind == "multipart/form-data" and options.get("boundary"):
        return _multipart(body, options["boundary"].encode("latin-1", "replace"), cut)
    if kind == "application/x-www-form-urlencoded":
        return _urlencoded(body, cut)
    return Posted({}, cut=cut)


def _urlencoded(body: bytes, cut: str) -> Posted:
    if len(body) > KEPT_BYTES:  # words alone are never this long
        body, cut = body[:KEPT_BYTES], "large"
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_PARTS)
    except ValueError:
        return Posted({}, cut=cut)
    return Posted(dict(pairs), cut=cut)


def _multipart(body: bytes, boundary: bytes, cut: str) -> Posted:
    parts = _Parts()
    decoder = MultipartDecoder(boundary, max_parts=MOST_PARTS)
    try:
        for start in range(0, len(body), _CHUNK):
            decoder.receive_data(body[start : start + _CHUNK])
            while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
                parts.take(event)
    except RequestEntityTooLarge:
        cut = cut or "large"
    except (ValueError, AttributeError):  # malformed; Werkzeug's decoder falls over some of it
        return Posted(parts.values, cut=cut)
    return Posted(parts.values, tuple(parts.files), cut)


class _Parts:
    """Gathers whole parts; one that is cut off is left out."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.files: list[UploadedFile] = []
        self._now: Field | File | None = None
        self._data = bytearray()

    def take(self, event: object) -> None:
        """One event of the decoder."""
        if isinstance(event, Field | File):
            self._now, self._data = event, bytearray()
        elif isinstance(event, Data) and self._now is not None:
            self._data += event.data
            if not event.more_data:
                self._finish(self._now)

    def _finish(self, part: Field | File) -> None:
        if isinstance(part, File):
            if part.filename or self._data:
                kind = part.headers.get("content-type", "application/octet-stream")
                self.files.append(UploadedFile(part.filename, kind, bytes(self._data)))
        else:
            self.values[part.name or ""] = self._data.decode("utf-8", "replace")
        self._now = None
