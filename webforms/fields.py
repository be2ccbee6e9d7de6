"""The fields that forms are made of; each tidies what was typed and checks itself."""

import re
from datetime import date
from typing import Any

from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import Length, Optional, StopValidation, ValidationError

MOST_TEXT = 50_000
MOST_LINE = 200
MOST_PEOPLE = 20
_ADDRESS = re.compile(
    r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+@[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+\.[^\s@<>,;:\"()\[\]\\.]+"
)


class PeopleField(TextAreaField):  # type: ignore[misc]  # WTForms carries no types
    """People, one a line: a name or an address each."""


class DateField(StringField):  # type: ignore[misc]
    """A day, as the browser's own calendar gives it: 2027-03-04."""


class Choice(StringField):  # type: ignore[misc]
    """One of a few. Labels are words of the form, by the choice's name."""

    def __init__(self, names: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(**more)
        self.names = names

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was chosen; nothing when it is none of ours, the default when the page did not ask."""
        if valuelist:
            self.data = valuelist[0] if valuelist[0] in self.names else ""


def one_line(*, required: bool = False, most: int = MOST_LINE) -> Any:
    """A line of text."""
    return StringField(filters=[_tidy_line], validators=_checks(required, most))


def long_text(*, required: bool = True, most: int = MOST_TEXT) -> Any:
    """A text of several paragraphs."""
    return TextAreaField(filters=[_tidy_text], validators=_checks(required, most))


def email_address(*, required: bool = False) -> Any:
    """An address to answer to; looked at for slips only, as nobody proves here whose it is."""
    return StringField(
        filters=[_tidy_line],
        validators=[_needed if required else Optional(), Length(max=254, message="error.email"), _is_address],
    )


def choice(*names: str, required: bool = True, default: str = "") -> Any:
    """One of several, by name; `default` is chosen at first."""
    return Choice(names=names, default=default, validators=[_chosen] if required else [Optional()])


def day(*, required: bool = False) -> Any:
    """A day, picked or typed as 2027-03-04."""
    return DateField(filters=[_tidy_line], validators=[_needed if required else Optional(), _is_day])


def people() -> Any:
    """Names or addresses of people, one a line."""
    return PeopleField(filters=[_tidy_text], validators=[Optional(), Length(max=2000, message="error.too_long"), _few])


def iban() -> Any:
    """An international bank account number (ISO 13616), looked at for slips by its check digits (ISO 7064, MOD 97-10)."""
    return StringField(filters=[_tidy_iban], validators=[_needed, _is_iban])


def lines_of(text: str) -> tuple[str, ...]:
    """The people named in a field: lines, or what commas and semicolons part."""
    return tuple(one for part in re.split(r"[\n,;]", text) if (one := " ".join(part.split())))


def _checks(required: bool, most: int) -> list[Any]:
    return [_needed if required else Optional(), Length(max=most, message="error.too_long")]


def _needed(_form: Form, place: Field) -> None:
    if not place.data:
        raise StopValidation("error.required")


def _chosen(_form: Form, place: Field) -> None:
    if not place.data:
        raise StopValidation("error.choose")


def _is_address(_form: Form, place: Field) -> None:
    if not _ADDRESS.fullmatch(place.data):
        raise ValidationError("error.email")


def _is_day(_form: Form, place: Field) -> None:
    try:
        date.fromisoformat(place.data)
    except ValueError:
        raise ValidationError("error.day") from None


def _few(_form: Form, place: Field) -> None:
    if len(lines_of(place.data)) > MOST_PEOPLE:
        raise ValidationError("error.too_many_people")


def _is_iban(_form: Form, place: Field) -> None:
    code = place.data
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", code):
        raise ValidationError("error.iban")
    if int("".join(str(int(letter, 36)) for letter in code[4:] + code[:4])) % 97 != 1:
        raise ValidationError("error.iban")


def _tidy_line(value: str | None) -> str:
    return " ".join((value or "").split())


def _tidy_text(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _tidy_iban(value: str | None) -> str:
    return re.sub(r"[\s.-]", "", value or "").upper()
