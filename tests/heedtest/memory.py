"""What stands in another process's memory."""

from pathlib import Path

import psutil

from cases.keys.files import PAIRS, SECRETS, KeyFiles


def secrets_in_memory(process: psutil.Process, home: Path) -> list[str]:
    """Which private keys stand in a process's memory, as its own user may read it; [] where that is forbidden."""
    files = KeyFiles(home / "keys")
    wanted = {name: files.pair(name).private for name in PAIRS} | {name: files.secret(name) for name in SECRETS}
    try:
        memory = Path(f"/proc/{process.pid}/mem").open("rb", buffering=0)  # noqa: SIM115
    except PermissionError:
        return []
    found = []
    with memory:
        for line in Path(f"/proc/{process.pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("rw") or "[vvar" in line:
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                held = memory.read(end - start)
            except OSError:
                continue
            found += [name for name, key in wanted.items() if key in held]
    return found
