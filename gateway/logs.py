"""Log lines: what happened to which id. Never content, never an address."""

import logging
import sys


def configure(level: int = logging.INFO) -> None:
    """Lines on stderr, for whatever collects them; libraries speak only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("heed").setLevel(level)
