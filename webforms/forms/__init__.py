"""The forms, one file each: a module of this folder that defines FORM is on the site."""

from importlib import import_module
from pkgutil import iter_modules

from webforms.definition import PublicForm


def all_forms() -> dict[str, PublicForm]:
    """Every form by name, in the order of their `order`."""
    found: list[PublicForm] = [import_module(f"{__name__}.{module.name}").FORM for module in iter_modules(__path__)]
    return {form.name: form for form in sorted(found, key=lambda form: (form.order, form.name))}
