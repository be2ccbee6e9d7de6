"""The forms of the console, with the checks and the words of each field."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional, Regexp

from cases.handling.hand import LONGEST_TEXT
from cases.model.wording import LANGUAGES
from cases.model.words import ROLES
from console import words

ADDRESS = r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$"
"""Enough to catch a slip; whether it is reached, the mail relay knows."""
SHORTEST_PASSWORD = 12
"""Characters of a password of one's own (NIST SP 800-63B 5.1.1.2 asks for 8 beside a second factor)."""


class Form(FlaskForm):  # type: ignore[misc]  # WTForms carries no types
    """A form whose data has passed its checks only after `validate_on_submit`."""


class SignInForm(Form):
    """Address and password."""

    address = EmailField("Mail address", [InputRequired("Enter your mail address."), Length(max=320)])
    password = PasswordField("Password", [InputRequired("Enter your password."), Length(max=500)])


class CodeForm(Form):
    """A code of the second factor."""

    code = StringField("Code from your authenticator app", [InputRequired("Enter the six digits."), Length(max=12)])


class PassphraseForm(Form):
    """The passphrase of one's vault, beside the provider's word."""

    passphrase = PasswordField("Passphrase", [InputRequired("Enter your passphrase."), Length(max=500)])


class PasswordForm(Form):
    """A password of one's own."""

    old = PasswordField("Present password", [InputRequired("Enter the password you signed in with."), Length(max=500)])
    new = PasswordField(
        "New password",
        [
            InputRequired("Choose a password."),
            Length(min=SHORTEST_PASSWORD, max=500, message=f"At least {SHORTEST_PASSWORD} characters."),
        ],
    )
    again = PasswordField("New password, again", [EqualTo("new", "The two are not the same.")])


class ReplyForm(Form):
    """An answer to the reporter."""

    text = TextAreaField(
        "Reply", [DataRequired("Write an answer first."), Length(max=LONGEST_TEXT, message="That is too long.")]
    )
    then = SelectField(
        "Then",
        choices=[
            SelectChoice("in_progress", "keep working on it"),
            SelectChoice("waiting_for_employee", "wait for the employee"),
            SelectChoice("resolved", "mark it as resolved"),
        ],
    )
    feedback = BooleanField("This is the feedback on what was done")
    once = StringField("once", [Length(min=32, max=32)])
    seen = StringField("seen", [Optional(), Length(max=9)])

    @property
    def last_seen(self) -> int | None:
        """The number of the last message on the page that it was written on."""
        given = str(self.seen.data or "")
        return int(given) if given.isascii() and given.isdigit() else None


class NoteForm(Form):
    """Words that only staff see."""

    text = TextAreaField(
        "Internal note", [DataRequired("Write a note first."), Length(max=LONGEST_TEXT, message="That is too long.")]
    )
    once = StringField("once", [Length(min=32, max=32)])


class LogForm(Form):
    """A call or a walk-in, written down for somebody else."""

    how = SelectField(
        "How",
        choices=[
            SelectChoice("call", "Call"),
            SelectChoice("walk-in", "Walk-in"),
            SelectChoice("letter", "Letter"),
            SelectChoice("other", "Other"),
        ],
    )
    name = StringField("Their name", [Optional(), Length(max=200)])
    address = EmailField(
        "Their mail address",
        [Optional(), Regexp(ADDRESS, message="That is no mail address."), Length(max=320)],
    )
    subject = StringField("In a few words", [DataRequired("Say in a few words what it is about."), Length(max=200)])
    text = TextAreaField(
        "What they said", [DataRequired("Write down what they said."), Length(max=LONGEST_TEXT, message="Too long.")]
    )
    once = StringField("once", [Length(min=32, max=32)])


class AwayForm(Form):
    """An absence. The choices of `person` are set by the page."""

    person = SelectField("Who", choices=[])
    since = DateField("First day away", [Optional()])
    until = DateField("Back on", [InputRequired("Enter the day of coming back.")])


class PersonForm(Form):
    """A new member of staff."""

    address = EmailField(
        "Mail address", [InputRequired("Enter the mail address."), Regexp(ADDRESS, message="That is no mail address.")]
    )
    name = StringField("Name", [InputRequired("Enter the name."), Length(max=200)])
    reports_to = EmailField(
        "Reports to", [Optional(), Regexp(ADDRESS, message="That is no mail address."), Length(max=320)]
    )
    language = SelectField(
        "Language of their mail",
        [Optional()],
        choices=[SelectChoice("", words.LANGUAGE_AS_LISTED), *(SelectChoice(*one) for one in LANGUAGES.items())],
    )
    roles = SelectMultipleField(
        "Roles",
        [InputRequired("Choose at least one role.")],
        choices=[SelectChoice(role, words.ROLES[role]) for role in ROLES],
    )
