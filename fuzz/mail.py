"""Coverage-guided fuzzing of the normaliser: any bytes give a submission, in bounded time, and no fault of ours.

`make fuzz MINUTES=60`; what it finds is written to `fuzz/found/` and belongs into `tests/corpus/`.
"""

import sys
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["gateway.normalizer", "cases.model"]):
    from gateway.normalizer import find_forwarded, is_encrypted, normalize_mail, submission_to_json, text_that_counts

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OUR_FAULT = "could not be read ("


def one_input(raw: bytes) -> None:
    """What triage asks of a mail; a guarded fault of ours counts as a crash here."""
    submission = normalize_mail(raw, now=NOW, envelope_sender="sam@acme.example", trusted_authserv="mx.acme.example")
    ours = [problem for problem in submission.problems if OUR_FAULT in problem]
    if ours:
        raise AssertionError(ours[0])
    submission_to_json(submission, "fuzz")
    find_forwarded(submission)
    text_that_counts(submission, first=True)
    is_encrypted(submission)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
