"""Where models live: the shipped one in the package, a home's own under `models/`, five kept, one current."""

import os
from collections.abc import Callable
from pathlib import Path

from cases.errors import Refused
from classifier import artifact, corpus, model
from classifier.artifact import Artifact, Manifest
from classifier.model import Model

SHIPPED = Path(__file__).parent / "shipped"
KEPT = 5


def shipped_path() -> Path:
    """The shipped model's folder, named by the corpus' hash and the code that trains. It may not exist yet.

    In an installation without corpus files it is whichever model came with it.
    """
    rows = corpus.load()
    if not rows:
        found = sorted(path for path in SHIPPED.glob("*/manifest.json"))
        if not found:
            raise Refused("this installation has neither a corpus nor a trained model; install it again")
        return found[-1].parent
    return SHIPPED / f"{corpus.digest(rows)[:16]}-{artifact.CODE}"


def train_shipped(
    *, if_missing: bool = False, report: Callable[[str, float], None] = lambda _step, _share: None
) -> Path:
    """Trains the shipped model from the corpus and gives its folder; with `if_missing` only when it is not there."""
    path = shipped_path()
    if if_missing and (path / "manifest.json").exists():
        return path
    from classifier.training import train

    _replace(train(corpus.load(), report=report), path)
    for other in SHIPPED.glob("*/"):
        if other != path:
            _remove(other)
    return path


def current(home: Path) -> Model:
    """The home's own model when it has a pointer to one, else the shipped one. Raises Refused when neither loads."""
    pointed = current_name(home)
    if pointed:
        return model.load(_models(home) / pointed)
    return model.load(newest_shipped())


def manifest_in_force(home: Path) -> Manifest:
    """What the model that `current` gives says of itself, its hash verified. Raises Refused as `current` does."""
    pointed = current_name(home)
    return artifact.read_manifest(_models(home) / pointed if pointed else newest_shipped())


def newest_shipped() -> Path:
    """The shipped model that is there. Raises Refused when none is."""
    found = sorted(SHIPPED.glob("*/manifest.json"), key=lambda path: path.stat().st_mtime_ns)
    if not found:
        raise Refused("no model was trained yet; run `heed classifier train --if-missing`")
    return found[-1].parent


def current_name(home: Path) -> str:
    """The folder name of the home's own current model, "" when it uses the shipped one."""
    try:
        name = (_models(home) / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    if not name or Path(name).name != name or name.startswith("."):
        raise Refused("models/current in the home does not name a model; remove it to use the shipped one")
    return name


def keep(home: Path, held: Artifact) -> str:
    """Stores a home's model, makes it current, drops all but the last five; gives its name."""
    folder = _models(home)
    known = [int(path.name.split("-")[0]) for path in _stored(home)]
    name = f"{max(known, default=0) + 1:06d}-{held.manifest.version}"
    artifact.write(held, folder / name)
    point_to(home, name)
    for old in _stored(home)[:-KEPT]:
        if old.name != current_name(home):
            _remove(old)
    return name


def stored(home: Path) -> tuple[str, ...]:
    """The names of the home's models, oldest first."""
    return tuple(path.name for path in _stored(home))


def point_to(home: Path, name: str) -> None:
    """Makes a stored model the current one ("" for the shipped one). Raises Refused when it cannot be loaded."""
    pointer = _models(home) / "current"
    if not name:
        pointer.unlink(missing_ok=True)
        return
    if name not in stored(home):
        raise Refused(f"there is no model {name!r}; stored are {', '.join(stored(home)) or 'none'}")
    artifact.read(_models(home) / name)
    scratch = pointer.with_name(".current.new")
    with scratch.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(pointer)


def roll_back(home: Path) -> str:
    """Makes the model before the current one current; gives its name, "" for the shipped one."""
    names = stored(home)
    pointed = current_name(home)
    if not pointed:
        raise Refused("the shipped model is in use; there is nothing to go back to")
    earlier = names[: names.index(pointed)] if pointed in names else names
    name = earlier[-1] if earlier else ""
    point_to(home, name)
    return name


def _models(home: Path) -> Path:
    return home / "models"


def _stored(home: Path) -> list[Path]:
    return sorted(path.parent for path in _models(home).glob("[0-9]*-*/manifest.json"))


def _replace(held: Artifact, path: Path) -> None:
    if path.exists():
        _remove(path)
    artifact.write(held, path)


def _remove(folder: Path) -> None:
    for item in folder.iterdir():
        item.unlink()
    folder.rmdir()
