"""The words of outgoing mail: one file a template and language, a subject line, a blank line, the text."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template as Words

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Template:
    """A subject and a text with `$names` in them."""

    subject_words: str
    text_words: str

    def subject(self, facts: dict[str, str]) -> str:
        """The subject; unknown names stay as they are."""
        return " ".join(Words(self.subject_words).safe_substitute(facts).split())

    def text(self, facts: dict[str, str]) -> str:
        """The text; a paragraph that names something unknown is left out."""
        paragraphs = [Words(one) for one in self.text_words.strip().split("\n\n")]
        return (
            "\n\n".join(one.substitute(facts) for one in paragraphs if set(one.get_identifiers()) <= set(facts)) + "\n"
        )


@cache
def template(name: str, language: str) -> Template:
    """The template in this language, else in English; an unknown name gives the plainest of its kind."""
    folder = files("worker") / "notices"
    kind = "notice" if name.startswith("notice") else "acknowledgement"
    for candidate in (f"{name}.{language}", f"{name}.{FALLBACK}", f"{kind}.{language}", f"{kind}.{FALLBACK}"):
        path = folder / f"{candidate}.txt"
        if "/" not in candidate and path.is_file():
            subject, _, text = path.read_text(encoding="utf-8").partition("\n\n")
            return Template(subject.removeprefix("Subject:").strip(), text.strip() + "\n")
    raise FileNotFoundError(name)
