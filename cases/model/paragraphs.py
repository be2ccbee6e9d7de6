"""Words with `$names` in them, by paragraph: one that names something unknown is left out."""

import re
from dataclasses import dataclass
from string import Template as Words


@dataclass(frozen=True, slots=True)
class Template:
    """A subject and paragraphs with `$names` in them; each paragraph with the names that it needs."""

    subject_words: Words
    paragraphs: tuple[tuple[Words, frozenset[str]], ...]

    @property
    def names(self) -> frozenset[str]:
        """Every name in it."""
        return frozenset(self.subject_words.get_identifiers()).union(*(names for _, names in self.paragraphs))

    def subject(self, facts: dict[str, str]) -> str:
        """The subject; unknown names stay as they are."""
        return " ".join(self.subject_words.safe_substitute(facts).split())

    def text(self, facts: dict[str, str]) -> str:
        """The text; a paragraph that names something unknown is left out."""
        return "\n\n".join(words.substitute(facts) for words, names in self.paragraphs if names <= facts.keys()) + "\n"


def read_template(raw: str) -> Template:
    """The template in a file's words."""
    subject, _, text = raw.partition("\n\n")
    paragraphs = [Words(one) for one in re.split(r"\n[ \t]*\n\s*", text.strip())]
    return Template(
        Words(subject.removeprefix("Subject:").strip()),
        tuple((words, frozenset(words.get_identifiers())) for words in paragraphs),
    )
