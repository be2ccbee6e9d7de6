"""`python tests/long --minutes 10 [--seed N] [PART]`: kills and properties unless a part is named; more in each file.

Two thirds of the time go to the kills, the rest to the properties. The seed is printed, and repeats the run.
"""

import argparse
import secrets
import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    """The command line; the exit code says whether everything held."""
    parser = argparse.ArgumentParser(prog="python tests/long", description=__doc__)
    parser.add_argument(
        "part", nargs="?", choices=("kills", "properties", "year", "receipts", "mails", "both"), default="both"
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--kills", type=int, help="how many; 20 a minute otherwise")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite", help="what the kills meet")
    parser.add_argument("--cases", type=int, help="of the year; 20,000 otherwise")
    parser.add_argument(
        "--receipts", type=int, default=1000, help="how many anonymous reports, while processes are killed"
    )
    parser.add_argument("--mails", type=int, default=10_000, help="how many of all kinds, while processes are killed")
    asked = parser.parse_args()
    if asked.part == "mails":
        return int(import_module("mails").run(asked.mails, asked.seed))
    if asked.part == "receipts":
        return int(import_module("receipts").run(asked.receipts, asked.seed))
    if asked.part == "year":
        return int(import_module("year").run(asked.seed, *((asked.cases,) if asked.cases else ())))
    share = 2 / 3 if asked.part == "both" else 1.0
    codes = []
    if asked.part != "properties":
        minutes = asked.minutes * share
        kills = round(20 * asked.minutes) if asked.kills is None else asked.kills
        codes.append(import_module("kills").run(minutes, kills, asked.seed, store=asked.store))
    if asked.part != "kills":
        minutes = asked.minutes * (1 - share if asked.part == "both" else 1.0)
        codes.append(import_module("properties").run(minutes, asked.seed))
    return int(max(codes))


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(root / "tests"), str(root)]
    sys.exit(main())
