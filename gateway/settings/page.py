"""Settings as a page to read: every section and name, what it does, its default and variable."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from gateway.settings.imap import Mailbox
from gateway.settings.slices import Everything
from gateway.settings.xoauth import TokenSource

_HEAD = ("| name | default | what it does |", "| --- | --- | --- |")


@dataclass(frozen=True, slots=True)
class Described:
    """One setting, as its definition describes it."""

    section: str
    name: str
    default: Any
    words: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"HEED_{self.section}__{self.name}".upper()


def described() -> Iterator[Described]:
    """Every setting, section by section."""
    for section, field in sorted(Everything.model_fields.items()):
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, setting in _in_order(kind):
                yield Described(
                    section, name, setting.get_default(call_default_factory=True), setting.description or ""
                )


def _in_order(kind: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """A section's settings as they are read: its own first, how it signs in by XOAUTH2 last."""
    shared = TokenSource.model_fields if issubclass(kind, TokenSource) else {}
    return sorted(kind.model_fields.items(), key=lambda setting: setting[0] in shared)


def sections() -> dict[str, str]:
    """What each section is for."""
    return {
        section: (field.annotation.__doc__ or "").strip()
        for section, field in sorted(Everything.model_fields.items())
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def markdown() -> str:
    """The page docs/settings.md; a test keeps the file equal to this."""
    lines = [
        "# Settings",
        "",
        "In `heed.toml` in the home, a table a section; or in the environment, as `HEED_SECTION__NAME`.",
        "Unknown names are refused.",
        "This page is made by `heed settings --markdown`.",
    ]
    for section, words in sections().items():
        lines += ["", f"## [{section}]", "", words, "", *_HEAD]
        lines += [
            f"| `{one.name}` | {_shown(one.default)} | {one.words} |" for one in described() if one.section == section
        ]
    lines += ["", "### [imap.mailboxes.NAME]", "", (Mailbox.__doc__ or "").strip(), "", *_HEAD]
    for name, setting in _in_order(Mailbox):
        default = "required" if setting.is_required() else _shown(setting.default)
        lines.append(f"| `{name}` | {default} | {setting.description} |")
    return "\n".join(lines) + "\n"


def plain(value: Any) -> Any:
    """A value as JSON knows it: tables become objects."""
    if isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        return [one.model_dump(exclude_defaults=True) for one in value]
    return value


def _shown(default: Any) -> str:
    if isinstance(default, SecretStr) or default in ("", (), None, {}):
        return "empty"
    if isinstance(plain(default), list):
        return f"`{', '.join(map(str, plain(default)))}`"
    return f"`{', '.join(default) if isinstance(default, tuple) else default}`"
