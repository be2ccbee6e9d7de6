"""What a form is made of: steps of fields, and its own words in every language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict
from wtforms import Form

from cases.model.words import Access, Channel
from webforms.bodies import Posted, UploadedFile
from webforms.languages import Language, typeset

PEOPLE = ("concerns", "keep_from")
"""Fields that name people, one a line: whom it is about, and who else must not see it."""

COMMON = frozenset({"name", "email", "subject", "text", "managers", *PEOPLE})
"""Fields that have a place of their own in a submission; all others are its `fields`, which rules ask for by name."""


@dataclass(frozen=True, slots=True)
class Section:
    """One step of a form: the fields it asks for, and the answer to an earlier field that makes it appear ("" or a field
    name in `when`, and the values of that field in `of`).
    """

    name: str
    fields: tuple[str, ...]
    when: str = ""
    of: tuple[str, ...] = ()

    def applies(self, values: Mapping[str, str]) -> bool:
        """Whether it is asked, given the answers so far."""
        return not self.when or values.get(self.when, "") in self.of


@dataclass(frozen=True, slots=True)
class PublicForm:
    """One form of the site.

    `words` holds what only this form says, by language, then key (`title`, `summary`, `action`, `intro`,
    `section.NAME`, `FIELD.label`, `FIELD.hint`, `FIELD.CHOICE` where the common words do not fit). `expects` are categories
    of the ruleset whose promises it quotes, the first that exists; failing these, the first category of this `access`.
    `confirms` names answers of the field `kind` that are acted on only once the directory's address has confirmed them.
    """

    name: str
    channel: Channel
    order: int
    fields: "type[FormFields]"
    words: Mapping[str, Mapping[str, str]] = field(repr=False)
    expects: tuple[str, ...] = ()
    access: Access = Access.MANAGED
    files: bool = True
    sections: tuple[Section, ...] = ()
    confirms: frozenset[str] = frozenset()
    group: str = "ask"
    named_if: tuple[str, str] = ("", "")

    @property
    def anonymous(self) -> bool:
        """Whether it asks for no name and gives a receipt, unless the person chooses otherwise."""
        return self.channel is Channel.ANONYMOUS

    def channel_of(self, values: Mapping[str, str]) -> Channel:
        """The door of a form filled in like this: one that is anonymous by default may be sent with a name."""
        field_name, value = self.named_if
        return Channel.FORM if field_name and values.get(field_name) == value else self.channel

    def say(self, language: Language, key: str) -> str:
        """The form's own words, else the common ones of its fields, else ""."""
        own = self.words.get(language.code, self.words["en"])
        common = f"fields.{key}"
        return typeset(own.get(key, "")) or (language.say(common) if language.knows(common) else "")


class FormFields(Form):  # type: ignore[misc]  # WTForms carries no types
    """The base of every form's fields. Errors are keys of `texts/`, so that they are said in the person's language."""

    class Meta:
        """No CSRF cookie (a signed token stands in), no translations of WTForms' own."""

        csrf = False
        locales = False

    @classmethod
    def filled_with(cls, posted: Posted) -> "FormFields":
        """The fields as posted."""
        return cls(MultiDict(dict(posted.values)))

    @property
    def values(self) -> dict[str, str]:
        """Every answer as text."""
        return {name: str(value or "") for name, value in self.data.items()}

    def errors_by_field(self) -> dict[str, str]:
        """The first error of each field that has one, as a key of `texts/`."""
        return {name: str(errors[0]) for name, errors in self.errors.items() if errors}


def check_files(files: tuple[UploadedFile, ...], most: int) -> str:
    """The error of an upload as a key of `texts/`, or ""."""
    return "error.too_many_files" if len(files) > most else ""
