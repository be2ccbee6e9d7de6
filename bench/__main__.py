"""`python -m bench`: finds the helpers in `tests/`, then measures."""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    sys.exit(import_module("bench.run").main())
