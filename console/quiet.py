"""Keeps the web server's own log lines free of paths, addresses and traces: that something happened, and its kind."""

import logging
import sys


def silence() -> None:
    """Have waitress's log say the kind of a trouble and nothing else."""
    logger = logging.getLogger("waitress")
    if _nameless not in logger.filters:
        logger.addFilter(_nameless)


def _nameless(record: logging.LogRecord) -> bool:
    kind = record.exc_info[0] if record.exc_info else sys.exc_info()[0]
    record.msg, record.args = f"waitress: {kind.__name__ if kind else 'trouble'}", ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record.levelno >= logging.WARNING
