"""A model at rest: plain arrays and a JSON manifest, both checked by hash when read. Nothing in it is ever executed."""

import hashlib
import io
import json
import math
import os
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cases.errors import Refused
from classifier.features import BLOCKS, Array

FORMAT = 2  # how a model is laid out
CODE = 7  # raised with every change that makes another model of the same corpus: the shipped one is then trained anew
ARRAYS = ("hashes", "blocks", "idf", "block_weights", "category_weights", "category_bias", "risk_weights", "risk_bias")


@dataclass(frozen=True, slots=True)
class RiskCalibration:
    """Log-odds of high risk = `riskiest_chunk`·a + `whole_text`·b + `categories`·c + `intercept`.

    a and b are the risk model's log-odds, c is the log-odds that the category model gives the high-risk categories.
    `languages` is added in a language (0 where it is not named): of one with fewer messages the model is less sure, and
    all its scores lie nearer to the middle.
    """

    riskiest_chunk: float
    whole_text: float
    categories: float
    intercept: float
    languages: dict[str, float]

    def in_language(self, risk: float, language: str) -> float:
        """A risk score (0 to 1) with what is added to its log-odds in that language."""
        shift = self.languages.get(language, 0.0)
        return risk if not shift else risk / (risk + (1.0 - risk) * math.exp(-shift))


@dataclass(frozen=True, slots=True)
class ConfidenceCalibration:
    """Log-odds that the likeliest category is acceptable = log-odds(p1)·`likeliest` + ln(p2)·`second` + `intercept`.

    p1 and p2 are the two highest probabilities. Where two categories fit, each gets half the probability and either is
    a right answer: one temperature cannot say that.
    """

    likeliest: float
    second: float
    intercept: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is fitted on messages that the model had not seen (folds grouped by persona).

    `abstain_below`: confidence under which no category is given. `escalate_at` and `caution_at`: the risk scores at
    which a person should look at once, and at which quoting and provider routing should wait for one.
    """

    temperature: float
    confidence: ConfidenceCalibration
    risk: RiskCalibration
    abstain_below: float
    escalate_at: float
    caution_at: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model says of itself.

    `corpus` is the hash of the rows it was trained on, `data` how many there were of what; `measured` holds figures on
    folds that were not trained on; `arrays` the sha256 of each array.
    """

    format: int
    code: int
    corpus: str
    classes: tuple[str, ...]
    tentative: tuple[str, ...]
    languages: tuple[str, ...]
    calibration: Calibration
    measured: dict[str, float]
    data: dict[str, int]
    libraries: dict[str, str]
    arrays: dict[str, str]

    @property
    def digest(self) -> str:
        """The sha256 of everything the manifest says, the arrays' own hashes included."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def version(self) -> str:
        """The first 12 characters of the digest."""
        return self.digest[:12]


@dataclass(frozen=True, slots=True)
class Artifact:
    """The manifest and its arrays: a row of weights for each known feature, in the order of `hashes`."""

    manifest: Manifest
    hashes: Array
    blocks: Array
    idf: Array
    block_weights: Array
    category_weights: Array
    category_bias: Array
    risk_weights: Array
    risk_bias: Array


def array_hashes(arrays: dict[str, Array]) -> dict[str, str]:
    """The sha256 of each array's type, shape and bytes."""
    return {
        name: hashlib.sha256(
            f"{array.dtype.str}{array.shape}".encode() + np.ascontiguousarray(array).tobytes()
        ).hexdigest()
        for name, array in arrays.items()
    }


def write(held: Artifact, folder: Path) -> None:
    """Puts the model in `folder`, which is complete or absent at any moment; a folder that exists is left alone."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    packed = io.BytesIO()
    np.savez_compressed(packed, **{name: getattr(held, name) for name in ARRAYS})
    (scratch / "arrays.npz").write_bytes(packed.getvalue())
    said = {**asdict(held.manifest), "digest": held.manifest.digest}
    (scratch / "manifest.json").write_text(json.dumps(said, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    scratch.chmod(0o755)
    try:
        os.rename(scratch, folder)  # noqa: PTH104 -- Path.rename would replace an empty folder of another's making
    except OSError:
        for leftover in scratch.iterdir():
            leftover.unlink()
        scratch.rmdir()
        if not folder.exists():
            raise


def read(folder: Path) -> Artifact:
    """The model in `folder`, verified. Raises Refused when it is missing, altered, or of another format."""
    manifest = read_manifest(folder)
    try:
        with np.load(folder / "arrays.npz", allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in ARRAYS}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise Refused(f"the model in {folder.name} cannot be read: its arrays are damaged; train it again") from error
    if not all(isinstance(array, np.ndarray) for array in arrays.values()) or array_hashes(arrays) != manifest.arrays:
        raise Refused(f"the model in {folder.name} was altered: its arrays do not match its manifest; train it again")
    held = Artifact(manifest, **arrays)
    _check_shapes(held, folder)
    return held


def read_manifest(folder: Path) -> Manifest:
    """What the model in `folder` says of itself. Raises Refused when it is missing, altered, or of another format."""
    try:
        said: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        digest = said.pop("digest")
        calibration = said.pop("calibration")
        risk = RiskCalibration(**calibration.pop("risk"))
        confidence = ConfidenceCalibration(**calibration.pop("confidence"))
        lists: dict[str, Any] = {name: tuple(said.pop(name)) for name in ("classes", "tentative", "languages")}
        manifest = Manifest(**said, **lists, calibration=Calibration(**calibration, confidence=confidence, risk=risk))
    except FileNotFoundError as error:
        raise Refused(f"there is no model in {folder.name}; `heed classifier train` makes one") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"the model in {folder.name} has no readable manifest; train it again") from error
    if manifest.digest != digest:
        raise Refused(f"the model in {folder.name} was altered: its manifest does not match its hash; train it again")
    if manifest.format != FORMAT:
        raise Refused(
            f"the model in {folder.name} has format {manifest.format}, this version reads {FORMAT}; train it again"
        )
    return manifest


def _check_shapes(held: Artifact, folder: Path) -> None:
    size, classes = len(held.hashes), len(held.manifest.classes)
    expected = {
        "blocks": (size,),
        "idf": (size,),
        "block_weights": (BLOCKS,),
        "category_weights": (size, classes),
        "category_bias": (classes,),
        "risk_weights": (size,),
        "risk_bias": (1,),
    }
    for name, shape in expected.items():
        if getattr(held, name).shape != shape:
            raise Refused(f"the model in {folder.name} is inconsistent: {name} has another shape; train it again")
