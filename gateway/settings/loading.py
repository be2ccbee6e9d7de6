"""Reading the settings: `heed.toml`, then the environment, then what the command line says; unknown names are refused."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_origin

from pydantic import ValidationError

from cases.errors import Refused
from gateway.settings.organisation import Contact
from gateway.settings.slices import Everything, Slice

AnySlice = TypeVar("AnySlice", bound=Slice)


def load(kind: type[AnySlice], home: Path, overrides: dict[str, dict[str, Any]] | None = None) -> AnySlice:
    """The sections `kind` names, from `heed.toml` in the home, then `HEED_SECTION__NAME` variables, then `overrides`.

    Raises `Refused` with the setting's name when one is unknown or has a wrong value.
    """
    sections = set(kind.model_fields) - {"home"}
    values: dict[str, dict[str, Any]] = {name: dict(table) for name, table in _file(home).items() if name in sections}
    for name, variables in _environment(sections).items():
        values.setdefault(name, {}).update(variables)
    for name, table in (overrides or {}).items():
        values.setdefault(name, {}).update(table)
    try:
        return kind.model_validate({"home": home.resolve(), **values})
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _file(home: Path) -> dict[str, dict[str, Any]]:
    path = home / "heed.toml"
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: {error}") from error
    unknown = set(tables) - set(Everything.model_fields)
    if unknown:
        raise Refused(f"{path}: unknown section [{sorted(unknown)[0]}]")
    return tables


def _environment(sections: set[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for variable, value in os.environ.items():
        section, _, name = variable.removeprefix("HEED_").lower().partition("__")
        if variable.startswith("HEED_") and name and section in sections:
            known = Everything.model_fields[section].annotation.model_fields  # type: ignore[union-attr]
            as_list = known[name].annotation if name in known else str  # an unknown one is refused by its name below
            if as_list == tuple[Contact, ...]:
                found.setdefault(section, {})[name] = _tables(variable, value)
                continue
            found.setdefault(section, {})[name] = value.split(",") if get_origin(as_list) is tuple else value
    return found


def _tables(variable: str, value: str) -> Any:
    """A list of tables in a variable is JSON."""
    try:
        return json.loads(value)
    except ValueError as error:
        raise Refused(f"{variable}: a list of tables is written as JSON ({error})") from None


def must_exist(home: Path) -> Path:
    """The home, if `heed serve` has ever been started in it; raises `Refused` otherwise."""
    if not (home / "keys").is_dir():
        raise Refused(f"there is no Heed home in {home}; start one with `heed serve --home {home}`, or name another")
    return home
