"""The headers every answer of the public site carries, and the belt around the application that sees to it."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("heed.web")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-DNS-Prefetch-Control", "off"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

ALLOWED_BESIDE = frozenset(
    {
        "content-type",
        "content-length",
        "content-disposition",
        "location",
        "allow",
        "retry-after",
        "onion-location",
        "refresh",
        "www-authenticate",
    }
)
"""What an answer may say beside them; whatever else a library adds (a cookie, say) is left out."""

LIVE = "/live/"
"""In the path of what our own pages may frame: the line that says whether there is news."""

FRAMED = tuple(
    {"Content-Security-Policy": (name, value.replace("frame-ancestors 'none'", "frame-ancestors 'self'"))}.get(
        name, (name, "SAMEORIGIN" if name == "X-Frame-Options" else value)
    )
    for name, value in HEADERS
)
"""The same headers for it."""

WHO_ASKS = (
    "REMOTE_ADDR",
    "REMOTE_HOST",
    "REMOTE_PORT",
    "REMOTE_USER",
    "HTTP_USER_AGENT",
    "HTTP_COOKIE",
    "HTTP_REFERER",
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_REAL_IP",
    "HTTP_FROM",
    "HTTP_VIA",
)
"""Variables that name the person or their device; the application never sees them, so it cannot let them slip."""

FAULT_PAGE = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Something went wrong</title>"
    b"<h1>Something went wrong here</h1><p>Please go back and try again. Nothing you sent was shown to anybody.</p>"
)


def exact(headers: Iterable[tuple[str, str]], onion: str = "", *, framed: bool = False) -> list[tuple[str, str]]:
    """An answer's own headers as far as they are allowed, then ours."""
    own = [(name, value) for name, value in headers if name.lower() in ALLOWED_BESIDE]
    return [*own, *(FRAMED if framed else HEADERS), *([("Onion-Location", onion)] if onion else [])]


def belted(application: "WSGIApplication", onion: str = "") -> "WSGIApplication":
    """The application with exact headers on every answer, who asks taken out of every question, and faults caught.

    `onion` is the site's onion address, or "".
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        for name in WHO_ASKS:
            environ.pop(name, None)
        path = "" if environ.get("HTTP_HOST", "").endswith(".onion") else onion and onion + _public_path(environ)

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
            framed = LIVE in environ.get("PATH_INFO", "")
            return start_response(status, exact(headers, path, framed=framed), exc_info)  # type: ignore[arg-type]

        try:
            return application(environ, start)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001  the last net: its words might quote what somebody wrote
            log.error("fault: %s", type(error).__name__)  # noqa: TRY400
            start("500 Internal Server Error", [("Content-Type", "text/html; charset=utf-8")])
            return [FAULT_PAGE]

    return answer


def _public_path(environ: "WSGIEnvironment") -> str:
    """The path for the onion site; a status link's letters are left out of headers."""
    path = environ.get("PATH_INFO", "/")
    secret = any(part in path for part in ("/s/", "/confirm/", LIVE))
    return "/" if secret or not path.isascii() or not path.isprintable() else path.replace(" ", "%20")
