"""Coverage-guided fuzzing of the normaliser: any bytes give a submission, in bounded time, and no fault of ours.

`make fuzz MINUTES=60`; what it finds is written to `fuzz/found/` and belongs into `tests/corpus/`. Minutes, and the second
that one mail may take, are processor time, so that a busy machine neither ends the hour early nor invents a hang.
"""

import os
import sys
import time
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["gateway.normalizer", "cases.model"]):
    from gateway.normalizer import as_judged, find_forwarded, is_encrypted, normalize_mail, submission_to_json

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OUR_FAULT = "could not be read ("
MOST_SECONDS = 1.0
"""Of the processor, for one mail, while every branch is being counted."""
BUDGET = float(os.environ.get("MINUTES", "10")) * 60
_runs = 0


def one_input(raw: bytes) -> None:
    """What triage asks of a mail; a guarded fault of ours counts as a crash here."""
    global _runs
    _runs += 1
    began = time.process_time()
    if began > BUDGET:
        print(f"{_runs} executions in {began / 60:.0f} minutes of the processor, nothing found", flush=True)
        os._exit(0)  # libFuzzer takes any other way out for a crash
    submission = normalize_mail(raw, now=NOW, envelope_sender="sam@acme.example", trusted_authserv="mx.acme.example")
    ours = [problem for problem in submission.problems if OUR_FAULT in problem]
    if ours:
        raise AssertionError(ours[0])
    submission_to_json(submission, "fuzz")
    find_forwarded(submission)
    as_judged(submission, first=True)
    is_encrypted(submission)
    if time.process_time() - began > MOST_SECONDS:
        raise AssertionError(f"took {time.process_time() - began:.2f} seconds of the processor")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
