"""Texts that may stand where they stand and would still never match: each warns in its place, with what was meant."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cases.model.public_holidays import country_called
from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.shapes import Shape
from rules.language.tree import Node
from rules.text.words import LANGUAGES

Doubt = tuple[str, str] | None
"""The warning and what may have been meant; None when all is well."""

ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es "
    "et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki "
    "kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no "
    "nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te "
    "tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
)
"""Every language that has two letters, each with a blank behind it."""


@dataclass(frozen=True)
class Doubted:
    """A text that is taken as it is; `doubt` says whether it is likely to be meant."""

    shape: Shape
    doubt: Callable[[str, Reader], Doubt]

    def read(self, node: Node, reader: Reader) -> Any:
        """The text; the doubt is noted."""
        value = self.shape.read(node, reader)
        found = self.doubt(value, reader) if value is not None else None
        if found is not None:
            reader.warn(node, *found)
        return value

    def schema(self) -> dict[str, Any]:
        """That of the shape."""
        return self.shape.schema()

    def words(self) -> str:
        """What is expected."""
        return self.shape.words()


def country(text: str, _: Reader) -> Doubt:
    """The directory has countries by two letters (ISO 3166-1)."""
    if re.fullmatch("[A-Za-z]{2}", text):
        return None
    code = country_called(text)
    return (
        f'"{text}" is no country by its two letters',
        f'did you mean "{code}"?' if code else "write them as in DE or GB",
    )


def country_pattern(text: str, reader: Reader) -> Doubt:
    """A country, or a text with a `*`."""
    return None if "*" in text else country(text, reader)


def file_name(text: str, _: Reader) -> Doubt:
    """The whole name of a file has a dot, and what stands for a part of it has a `*`."""
    if "*" in text or "." in text:
        return None
    meant = f"*.{text}" if len(text) <= 4 else f"*{text}*"
    return f'no file is called just "{text}"', f'write "{meant}"'


def file_type(text: str, _: Reader) -> Doubt:
    """A media type (RFC 6838) has a slash."""
    if "*" in text or "/" in text:
        return None
    return f'"{text}" is no whole type, as image/png is', f'write "*{text}*"'


def address(text: str, __: Reader) -> Doubt:
    """A whole address has something before its @ and after it, or a `*` that stands for it."""
    local, _, domain = text.partition("@")
    if "*" in text or (local and domain):
        return None
    meant = f"*{text}" if domain else f"{local}@*"
    return f'"{text}" is no whole address and matches none', f'write "{meant}"'


def language(text: str, reader: Reader) -> Doubt:
    """A code that no language has, or one whose words this ruleset could read and does not."""
    if f"{text} " not in ISO_639_1:
        return f'"{text}" is the code of no language (ISO 639-1)', did_you_mean(text, reader.languages)
    if text in reader.languages or text not in LANGUAGES:
        return None
    known = ", ".join(reader.languages)
    return (f'"{text}" is not among the languages of the settings ({known})',
            "add it to languages: there, so that words match whatever their ending in it")  # fmt: skip
