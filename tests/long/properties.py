"""The property tests again, with many more examples and another seed each time, until the time is up.

`python tests/long properties --minutes 3 --seed 42`. A failure prints the file and the seed that repeat it.
"""

import subprocess
import sys
import time
from pathlib import Path
from random import Random

TESTS = Path(__file__).resolve().parents[1]


def property_files() -> list[Path]:
    """Every test file that uses Hypothesis."""
    return sorted(file for file in TESTS.rglob("test_*.py") if "@given" in file.read_text(encoding="utf-8"))


def run(minutes: float, seed: int) -> int:
    """All files in random order, again and again until the time is up; the exit code."""
    random, deadline = Random(seed), time.monotonic() + minutes * 60
    files = property_files()
    print(f"properties: seed {seed}, {len(files)} files, {minutes:g} minutes", flush=True)
    rounds = 0
    while files and time.monotonic() < deadline:
        if rounds % len(files) == 0:
            random.shuffle(files)
        file, hypothesis_seed = files[rounds % len(files)], random.randrange(10**9)
        command = (
            *(sys.executable, "-m", "pytest", str(file), "-x", "-p", "no:cacheprovider"),
            *("--hypothesis-profile=long", f"--hypothesis-seed={hypothesis_seed}"),
        )
        try:
            left = max(1.0, deadline - time.monotonic())
            done = subprocess.run(command, capture_output=True, text=True, timeout=left, check=False, cwd=TESTS.parent)
        except subprocess.TimeoutExpired:
            print(f"{file.relative_to(TESTS.parent)} was cut off when the time was up")
            break
        if done.returncode not in {0, 5}:
            print(done.stdout[-6000:], done.stderr[-2000:])
            name = file.relative_to(TESTS.parent)
            print(f"WRONG: {name} with --hypothesis-profile=long --hypothesis-seed={hypothesis_seed}")
            return 1
        rounds += 1
    print(f"{rounds} files of property tests held, of {len(files)} that there are")
    return 0
