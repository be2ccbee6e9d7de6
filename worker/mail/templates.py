"""The words of outgoing mail: one file a template and language, a subject line, a blank line, the text."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from cases.model.paragraphs import Template, read_template
from cases.model.wording import Wording

FALLBACK = "en"
ANSWER = "reply"
"""The template of a person's own words to the reporter."""
ANSWERS = frozenset({ANSWER, "to_party"})
"""Templates of a person's own words: to the reporter, to a party in their own thread."""


@lru_cache(maxsize=256)
def worded(wording: Wording, name: str, language: str) -> Template:
    """The template in the words that HR ops wrote; with the usual subject where they gave none."""
    usual = template(name, language)
    text = wording.text
    if any("above" in names for _, names in usual.paragraphs) and not re.search(r"\$(above\b|{above})", text):
        text = f"$above\n\n{text}"  # without it a colleague's client could quote our notice to the reporter
    made = read_template(f"Subject: {wording.subject}\n\n{text}")
    return made if wording.subject else Template(usual.subject_words, made.paragraphs)


@cache
def template(name: str, language: str) -> Template:
    """The template in this language, else in English; an unknown name gives the plainest of its kind."""
    folder = files("worker") / "notices"
    kind = "notice" if name.startswith("notice") else "acknowledgement"
    for candidate in (f"{name}.{language}", f"{name}.{FALLBACK}", f"{kind}.{language}", f"{kind}.{FALLBACK}"):
        path = folder / f"{candidate}.txt"
        if "/" not in candidate and path.is_file():
            return read_template(path.read_text(encoding="utf-8"))
    raise FileNotFoundError(name)
