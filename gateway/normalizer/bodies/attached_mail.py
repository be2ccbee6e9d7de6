"""Shows an attached mail the way clients quote a forwarded one, so that both are understood by the same reading."""

from gateway.normalizer.bodies.marks import without_marks
from gateway.normalizer.bodies.parts import Part
from gateway.normalizer.headers.encoded_words import header_text
from gateway.normalizer.problems import Problems

MARKER = "---------- Forwarded message ----------"
"""Stands above each attached mail in `Submission.text`."""

_SHOWN = (("from", "From"), ("date", "Date"), ("subject", "Subject"), ("to", "To"), ("cc", "Cc"))


def as_quoted_text(mail: Part, text: str, problems: Problems) -> str:
    """The headers a reader needs and the text of an attached mail."""
    lines = [MARKER]
    for name, label in _SHOWN:
        value = " ".join(header_text(mail.headers.first(name), problems).split())
        if value:
            lines.append(f"{label}: {value[:1000]}")
    return "\n".join([*lines, "", without_marks(text).strip()])
