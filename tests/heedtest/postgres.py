"""A real PostgreSQL of our own: made in a temporary folder, on a Unix socket, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from heedtest.waiting import wait_until

FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
"""Nothing here need survive a power cut, and a database a test is many small files."""


def find_programs() -> Path | None:
    """The folder with initdb and postgres; None where it is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return newest[-1].parent if newest else None


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """A running server, which syncs its commits if `durable`; gives the URL of its empty database.

    It refuses to run as root, so root steps down.
    """
    programs = find_programs()
    assert programs is not None, "PostgreSQL is not installed"
    folder = Path(tempfile.mkdtemp(prefix="heed-pg-"))
    account = _account()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    data, environment = folder / "data", {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    initdb = (programs / "initdb", "-D", data, "-U", "heed", "--auth=trust", "--no-sync", "-E", "UTF8")
    subprocess.run(initdb, check=True, capture_output=True, env=environment, cwd=folder, **as_account)
    server = subprocess.Popen(
        (
            programs / "postgres",
            "-D",
            data,
            "-k",
            folder,
            "-c",
            "listen_addresses=",
            "-c",
            "max_connections=200",
            *(() if durable else FAST),
        ),
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **as_account,
    )
    try:
        ready = (programs / "pg_isready", "-h", folder, "-U", "heed")
        wait_until(lambda: subprocess.run(ready, capture_output=True, check=False).returncode == 0, "PostgreSQL")
        yield f"postgresql+psycopg://heed@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGQUIT)  # “immediate”: nothing of it is kept, and nobody waited for
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Whom root steps down to; None for anybody else."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
