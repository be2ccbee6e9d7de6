"""The type of a sealed column: it says in the schema whom its values are sealed to, so that rotation finds what is whose."""

from enum import StrEnum

from sqlalchemy import LargeBinary


class To(StrEnum):
    """Whose private key opens a value. SERVICE and TRIAGE are keys of the machine: they are rotated."""

    SERVICE = "service"
    TRIAGE = "triage"
    CASE = "case"
    IDENTITY = "identity"
    VAULT = "vault"
    READER = "reader"
    """Each row names its own: a wrap."""
    STREAM = "stream"
    """The key of a large file, which is sealed to its case in turn."""


class Sealed(LargeBinary):
    """Bytes that only `to` opens."""

    def __init__(self, to: To, length: int | None = None) -> None:
        super().__init__(length)
        self.to = to
