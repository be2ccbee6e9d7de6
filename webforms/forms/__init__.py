"""The forms, one file each: a module of this folder that defines FORM is on the site."""

from importlib import import_module
from pkgutil import iter_modules

from cases.model.acts import CONFIRM_FIRST
from webforms.definition import COMMON, PublicForm
from webforms.fields import Choice


def all_forms() -> dict[str, PublicForm]:
    """Every form by name, in the order of their `order`."""
    found: list[PublicForm] = [import_module(f"{__name__}.{module.name}").FORM for module in iter_modules(__path__)]
    return {form.name: form for form in sorted(found, key=lambda form: (form.order, form.name))}


def known_fields() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every field that rules can ask for, with the values it can have; none where somebody writes what they like."""
    forms = all_forms().values()
    places = [place for form in forms for place in form.fields() if place.name not in COMMON]
    own = ((place.name, place.names if isinstance(place, Choice) else ()) for place in places)
    return (("form", tuple(form.name for form in forms)), (CONFIRM_FIRST, ("yes",)), *own)
