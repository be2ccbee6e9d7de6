"""What the intake API takes and gives; the OpenAPI document is made from these, so that it cannot say otherwise."""

from base64 import b64decode
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from webforms.bodies import UploadedFile

LINE = 1000
TEXT = 50_000
BLANK = r"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
r"""Blanks and control characters, spelled out: what `\s` means differs between this library's patterns and a caller's."""
NO_ADDRESS = BLANK + r'@<>,;:"()\[\]\\'

Line = Annotated[str, Field(max_length=LINE)]
People = Annotated[list[Annotated[str, Field(min_length=1, max_length=254)]], Field(max_length=20)]
Answers = Annotated[dict[Annotated[str, StringConstraints(max_length=100)], Annotated[str, Field(max_length=TEXT)]],
                    Field(max_length=100)]  # fmt: skip


class Shape(BaseModel):
    """A JSON object; unknown names are refused, and nothing is turned into something else."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class File(Shape):
    """One file."""

    filename: Annotated[str, Field(min_length=1, max_length=255)]
    content_type: Annotated[str, Field(max_length=255)] = "application/octet-stream"
    content_base64: str = Field(pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")

    def uploaded(self) -> UploadedFile:
        """As a form would bring it."""
        return UploadedFile(self.filename, self.content_type, b64decode(self.content_base64))


class Words(Shape):
    """A further message."""

    text: str = Field(min_length=1, max_length=TEXT, pattern=f"[^{BLANK}]")
    language: str = Field("en", pattern=r"^[a-z]{2}$", description="ISO 639-1")
    files: list[File] = Field(default_factory=list, max_length=50)


class Submission(Words):
    """Something that somebody says to HR."""

    name: Line = ""
    email: str = Field("", max_length=254, pattern=f"^([^{NO_ADDRESS}]+@[^{NO_ADDRESS}]+)?$")
    subject: Line = ""
    form: str = Field("general", pattern=r"^[a-z_]{1,40}$", description="Which form of the public site it stands for.")
    fields: Answers = Field(default_factory=dict, description="Further answers, by name.")
    concerns: People = Field(default_factory=list, description="Whom it is about: names or addresses, kept out first.")
    keep_from: People = Field(default_factory=list, description="Who else must not see it.")
    keep_from_managers: bool = False


class Accepted(Shape):
    """It is on disk. The receipt opens the case; whoever has it can read and write there, so keep it for the reporter."""

    reference: str
    receipt: str


class Stored(Shape):
    """It is on disk."""

    stored: bool


class Deadline(Shape):
    """One promise: its kind, its state, and when it is due (RFC 3339)."""

    kind: str
    state: str
    due: str


class Said(Shape):
    """One entry of the dialogue."""

    number: int
    from_reporter: bool
    at: str
    text: str
    files: list[str]


class Standing(Shape):
    """How a case stands. While it is being opened `status` is `received`, and nothing else is known."""

    reference: str
    status: str
    received_at: str | None = None
    closed_at: str | None = None
    deadlines: list[Deadline] = Field(default_factory=list)
    messages: list[Said] = Field(default_factory=list)


class Problem(Shape):
    """What went wrong, in a sentence (RFC 9457)."""

    title: str
    status: int
    detail: str
