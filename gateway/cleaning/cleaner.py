"""Has a file cleaned in a process of its own, and believes only a whole answer."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from gateway.cleaning.kinds import TEXT_ENDINGS, CannotClean, Copy, Kind

SECONDS = 120.0
"""Until the process is killed. Its processor time ends long before; this is for one that waits for something."""
LARGEST_FILE = 100_000_000
HEAD_BYTES = 1000
CHILD = Path(__file__).with_name("child.py")
ENDINGS = frozenset({*(kind.value for kind in Kind), *TEXT_ENDINGS})


def clean_apart(content: bytes, ending: str, seconds: float = SECONDS) -> Copy:
    """The clean copy of a file; `ending` is that of its name, in small letters. Raises `CannotClean`.

    The file and its copy pass through memory alone. Whatever goes wrong in there, nothing but a whole copy comes out.
    """
    if len(content) > LARGEST_FILE:
        raise CannotClean("the file is too large")
    said = ending if ending in ENDINGS else ""
    given, taken = os.memfd_create("given"), os.memfd_create("taken")
    try:
        with os.fdopen(os.dup(given), "wb") as writing:
            writing.write(content)
        os.lseek(given, 0, os.SEEK_SET)
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), said],
            stdin=given,
            stdout=taken,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=seconds,
            check=False,
        )
        if done.returncode:
            raise CannotClean("cleaning it failed, or took too much")
        os.lseek(taken, 0, os.SEEK_SET)
        with os.fdopen(os.dup(taken), "rb") as reading:
            return _believed(reading.readline(HEAD_BYTES), reading.read())
    except subprocess.TimeoutExpired as error:
        raise CannotClean("cleaning it took too long") from error
    finally:
        os.close(given)
        os.close(taken)


def _believed(head: bytes, body: bytes) -> Copy:
    try:
        said = json.loads(head)
        if "cannot" in said:
            raise CannotClean(str(said["cannot"])[:200])
        whole = len(body) == said["size"] and sha256(body).hexdigest() == said["sha256"]
        if not whole or said["ending"] not in ENDINGS:
            raise CannotClean("cleaning it gave no whole copy")
        return Copy(body, said["ending"])
    except (ValueError, KeyError, TypeError) as error:
        raise CannotClean("cleaning it gave no whole copy") from error
