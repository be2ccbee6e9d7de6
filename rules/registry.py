"""Conditions and actions, found by their place: every module of a folder that has a `DEFINITION`."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rules.language.reader import Reader
from rules.language.shapes import Field, Shape
from rules.language.tree import Node


@dataclass(frozen=True)
class Example:
    """What the reference page shows and a test executes.

    `yaml` is what the author writes; `given` a submission (as in a ruleset's tests) for which it holds; `otherwise` one for
    which it does not. For an action, `expect` is what the decision then shows.
    """

    yaml: str
    given: str
    otherwise: str = "{}"
    expect: str = ""


@dataclass(frozen=True)
class Definition:
    """A condition or an action of the language.

    `make(value, options, reader, node)` gives the compiled, frozen value, or None after noting a problem. `options` are
    further keys that may stand beside the name. `phases` is where an action may be used.
    """

    name: str
    about: str
    shape: Shape
    make: Callable[[Any, Mapping[str, Any], Reader, Node], Any]
    example: Example
    options: Mapping[str, Field] = field(default_factory=dict)
    phases: tuple[str, ...] = ("classify", "assess", "route")


@cache
def definitions(package: str) -> Mapping[str, Definition]:
    """Every definition of a folder by its name, in alphabetical order of the files."""
    folder = importlib.import_module(package)
    modules = (importlib.import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(folder.__path__))
    found = [module.DEFINITION for module in modules if hasattr(module, "DEFINITION")]
    return {definition.name: definition for definition in found}


def conditions() -> Mapping[str, Definition]:
    """Every condition by its name."""
    return definitions("rules.conditions")


def actions() -> Mapping[str, Definition]:
    """Every action by its name."""
    return definitions("rules.actions")
