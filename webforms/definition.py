"""What a form is made of: fields that check themselves, and its own words in every language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import Length, Optional, StopValidation, ValidationError

from cases.model.words import Access, Channel
from webforms.bodies import Posted, UploadedFile
from webforms.languages import Language, typeset

MOST_TEXT = 50_000
MOST_LINE = 200
_ADDRESS = re.compile(
    r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+@[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+\.[^\s@<>,;:\"()\[\]\\.]+"
)


@dataclass(frozen=True, slots=True)
class PublicForm:
    """One form of the site.

    `words` holds what only this form says, by language, then key (`title`, `summary`, `action`, `intro`, and
    `FIELD.label` or `FIELD.hint` where the common words do not fit). `expects` are categories of the ruleset whose
    promises it quotes, the first that exists; failing these, the first category of this `access`.
    """

    name: str
    channel: Channel
    order: int
    fields: "type[FormFields]"
    words: Mapping[str, Mapping[str, str]] = field(repr=False)
    expects: tuple[str, ...] = ()
    access: Access = Access.MANAGED
    files: bool = True

    @property
    def anonymous(self) -> bool:
        """Whether it asks for no name and gives a receipt."""
        return self.channel is Channel.ANONYMOUS

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

    def errors_by_field(self) -> dict[str, str]:
        """The first error of each field that has one, as a key of `texts/`."""
        return {name: str(errors[0]) for name, errors in self.errors.items() if errors}


def one_line(*, required: bool = False, most: int = MOST_LINE) -> Any:
    """A line of text."""
    return StringField(filters=[_tidy_line], validators=_checks(required, most))


def long_text(*, required: bool = True, most: int = MOST_TEXT) -> Any:
    """A text of several paragraphs."""
    return TextAreaField(filters=[_tidy_text], validators=_checks(required, most))


def email_address() -> Any:
    """An address to answer to, optional; looked at for slips only, as nobody proves here whose it is."""
    return StringField(
        filters=[_tidy_line], validators=[Optional(), Length(max=254, message="error.email"), _is_address]
    )


def check_files(files: tuple[UploadedFile, ...], most: int) -> str:
    """The error of an upload as a key of `texts/`, or ""."""
    return "error.too_many_files" if len(files) > most else ""


def _checks(required: bool, most: int) -> list[Any]:
    return [_needed if required else Optional(), Length(max=most, message="error.too_long")]


def _needed(_form: Form, place: Field) -> None:
    if not place.data:
        raise StopValidation("error.required")


def _is_address(_form: Form, place: Field) -> None:
    if not _ADDRESS.fullmatch(place.data):
        raise ValidationError("error.email")


def _tidy_line(value: str | None) -> str:
    return " ".join((value or "").split())


def _tidy_text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").replace("\r", "\n").strip()
