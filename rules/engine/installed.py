"""Whether durable-rules can run here, found out without loading it."""

import importlib.metadata
import importlib.util
import sys
from pathlib import Path

from rules.program import EngineFailed

TESTED = "2.0.28"
"""The release whose limits `durable.py` knows."""

FIRST_WITHOUT = (3, 13)
"""Its extension module uses calls that this Python removed."""


def core_path() -> str:
    """Where the extension module lies, "" when it is not there or not to be used on this Python."""
    if sys.version_info >= FIRST_WITHOUT or sys.implementation.name != "cpython" or sys.platform == "win32":
        return ""
    spec = importlib.util.find_spec("durable_rules_engine")
    if spec is None or spec.origin is None:
        return ""
    try:
        return spec.origin if importlib.metadata.version("durable-rules") == TESTED else ""
    except importlib.metadata.PackageNotFoundError:
        return ""


def available() -> bool:
    """Whether durable-rules can run here. Loads nothing of it."""
    return bool(core_path())


def child_command() -> list[str]:
    """How to start the child. Raises EngineFailed where durable-rules is not available."""
    path = core_path()
    if not path:
        raise EngineFailed(f"durable-rules {TESTED} is not available on this Python")
    # Isolated and without site: no environment, no user folder, no .pth files, and a third of the start-up time.
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name("child.py")), path]
