"""The steps of a form without a session: every answer travels in the page, and the answers decide what is asked next."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webforms.definition import FormFields, PublicForm, Section
from webforms.languages import Language

WHOLE = "whole"
"""The step of a form that has only one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer given in an earlier step, for the person to look over: its step, its question, and what they said."""

    step: str
    question: str
    said: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Steps:
    """A form's steps for one person, as far as their answers say."""

    form: PublicForm
    values: Mapping[str, str] = field(repr=False)

    @property
    def asked(self) -> tuple[Section, ...]:
        """The steps that these answers lead through."""
        sections = self.form.sections or (Section(WHOLE, tuple(self.form.fields()._fields)),)
        return tuple(one for one in sections if one.applies(self.values))

    def at(self, name: str) -> int:
        """Where in `asked` this step is; 0 for one that is not asked."""
        return next((place for place, one in enumerate(self.asked) if one.name == name), 0)

    def answered(self) -> dict[str, str]:
        """The answers to what was asked; what was typed in a step that no longer applies is left out."""
        return {name: self.values.get(name, "") for one in self.asked for name in one.fields}

    def first_wrong(self, problems: Mapping[str, str]) -> int:
        """The first step that has a problem, or the last."""
        asked = self.asked
        wrong = (place for place, one in enumerate(asked) if set(one.fields) & set(problems))
        return next(wrong, len(asked) - 1)

    def problems_at(self, place: int, problems: Mapping[str, str]) -> dict[str, str]:
        """The problems of one step's fields, in their order."""
        return {name: problems[name] for name in self.asked[place].fields if name in problems}

    def before(self, place: int, language: Language) -> list[Answer]:
        """What was answered in the steps before this one."""
        return [
            Answer(one.name, self.form.say(language, f"{name}.label"), in_words(self.form, language, name, said))
            for one in self.asked[:place]
            for name in one.fields
            if (said := self.values.get(name, ""))
        ]


def in_words(form: PublicForm, language: Language, name: str, said: str) -> str:
    """An answer as the person reads it: a choice by its label, all else as it is."""
    return form.say(language, f"{name}.{said}") if said in choices(form.fields(), name) else said


def choices(fields: FormFields, name: str) -> tuple[str, ...]:
    """The names of a field's choices, or none."""
    names: tuple[str, ...] = getattr(fields[name], "names", ())
    return names


def headline(form: PublicForm, language: Language, values: Mapping[str, str]) -> str:
    """What a form without words of the person's own says: its title, and what kind was chosen. Never a value typed."""
    said = values.get("kind", "")
    title = form.say(language, "title")
    return f"{title}: {in_words(form, language, 'kind', said)}" if said else title
