"""Log lines: what happened to which id. Never content, never an address."""

import logging
import sys
from typing import Any

from cases.privacy.classes import DataClass
from cases.privacy.finding import redact


class Clean(logging.Formatter):
    """Takes classed data out of every line: none is ever logged on purpose, and a library's words are not ours."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the standard library's name
        """The line, without."""
        record.message = redact(record.message, tuple(DataClass))
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The trace, without."""
        return redact(super().formatException(ei), tuple(DataClass))


def configure(level: int = logging.INFO) -> None:
    """Lines on stderr, for whatever collects them; libraries speak only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Clean("%(asctime)s %(name)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("heed").setLevel(level)


def silence() -> None:
    """Waitress's log lines quote paths, addresses and traces: keep that something happened, and its kind."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that a request waits a moment is no news
    logger = logging.getLogger("waitress")
    if _nameless not in logger.filters:
        logger.addFilter(_nameless)


def _nameless(record: logging.LogRecord) -> bool:
    kind = record.exc_info[0] if record.exc_info else sys.exc_info()[0]
    record.msg, record.args = f"waitress: {kind.__name__ if kind else 'trouble'}", ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record.levelno >= logging.WARNING
