"""The corpus: messages written for this project, one JSON object a line, read, checked and hashed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cases.errors import Refused
from classifier.taxonomy import CLASSES, HIGH_RISKS, KINDS, LANGUAGES, RISKS

CORPUS = Path(__file__).parent / "corpus"
FROZEN = Path(__file__).parent / "frozen"  # written blind by a second hand; never trained on, only measured with


@dataclass(frozen=True, slots=True)
class Row:
    """One message and what a person says it is.

    `persona` names who wrote it: folds never split a persona. `also` holds other categories that are acceptable.
    `weight` is how much it counts in training.
    """

    id: str
    persona: str
    language: str
    subject: str
    text: str
    category: str
    also: tuple[str, ...]
    risk: str
    kind: str
    weight: float = 1.0

    @property
    def acceptable(self) -> frozenset[str]:
        """Every category that counts as a right answer."""
        return frozenset((self.category, *self.also))

    @property
    def high_risk(self) -> bool:
        """Whether a person would escalate it."""
        return self.risk in HIGH_RISKS


def load(folder: Path = CORPUS, *, classes: Sequence[str] = CLASSES) -> tuple[Row, ...]:
    """Every row of every `<language>/*.jsonl` under `folder`, ordered by id.

    Raises Refused, naming file and line, for the first row that is not a row, and for an id given twice.
    """
    rows: dict[str, Row] = {}
    for path in sorted(folder.glob("*/*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            where = f"{path.parent.name}/{path.name}, line {number}"
            row = parse(line, where=where, classes=classes)
            if row.id in rows:
                raise Refused(f"{where}: the id {row.id!r} is used twice")
            if row.language != path.parent.name:
                raise Refused(f"{where}: language {row.language!r} in the folder of {path.parent.name!r}")
            rows[row.id] = row
    return tuple(rows[key] for key in sorted(rows))


def read(path: Path, *, classes: Sequence[str] = CLASSES) -> tuple[Row, ...]:
    """The rows of one file, in order. Raises Refused as `load` does."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(
        parse(line, where=f"{path.name}, line {number}", classes=classes)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )


def parse(line: str, *, where: str, classes: Sequence[str] = CLASSES) -> Row:
    """One row from its JSON. Raises Refused with `where` and what is wrong."""
    try:
        value = json.loads(line)
    except ValueError as error:
        raise Refused(f"{where}: not JSON ({error})") from error
    if not isinstance(value, dict):
        raise Refused(f"{where}: not an object")
    missing = {"id", "persona", "language", "text", "category", "risk", "kind"} - value.keys()
    if missing:
        raise Refused(f"{where}: lacks {', '.join(sorted(missing))}")
    also = value.get("also", [])
    if not isinstance(also, list):
        raise Refused(f"{where}: 'also' is not a list")
    strings = {
        key: value.get(key, "") for key in ("id", "persona", "language", "subject", "text", "category", "risk", "kind")
    }
    for key, item in strings.items():
        if not isinstance(item, str):
            raise Refused(f"{where}: {key!r} is not a string")
    row = Row(**strings, also=tuple(also))
    _check(row, where, classes)
    return row


def _check(row: Row, where: str, classes: Sequence[str]) -> None:
    for name, given, known in (
        ("category", row.category, classes),
        ("risk", row.risk, RISKS),
        ("kind", row.kind, KINDS),
        ("language", row.language, LANGUAGES),
        *(("category in 'also'", item, classes) for item in row.also),
    ):
        if given not in known:
            raise Refused(f"{where}: {given!r} is no {name}; one of {', '.join(known)}")
    if not row.id or not row.persona:
        raise Refused(f"{where}: id and persona must not be empty")
    if not (row.text.strip() or row.subject.strip()):
        raise Refused(f"{where}: neither subject nor text")
    if row.category in row.also:
        raise Refused(f"{where}: 'also' repeats the category")


def frozen() -> tuple[Row, ...]:
    """The rows that candidates are compared on, in every language. None of them ever trains a model."""
    return tuple(row for path in sorted(FROZEN.glob("*.jsonl")) for row in read(path))


def digest(rows: Iterable[Row]) -> str:
    """The sha256 of the rows' contents, whatever their order and whichever file they stand in."""
    lines = sorted(json.dumps(_plain(row), ensure_ascii=False, sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _plain(row: Row) -> dict[str, object]:
    """The row as it stands in a file: no weight where it is the usual one."""
    said = asdict(row)
    if row.weight == 1.0:
        del said["weight"]
    return said
