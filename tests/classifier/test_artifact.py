"""A model at rest is verified when read, whole or absent, and never executed."""

import json
import pickle
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from cases.errors import Refused
from classifier import artifact
from classifier.model import load


@pytest.fixture
def folder(held, tmp_path):
    artifact.write(held, tmp_path / "model")
    return tmp_path / "model"


def test_what_is_written_is_read(held, folder):
    again = artifact.read(folder)
    assert again.manifest == held.manifest
    for name in artifact.ARRAYS:
        np.testing.assert_array_equal(getattr(again, name), getattr(held, name))


def test_a_loaded_model_says_the_same(model, folder):
    text = "There was a gas leak and two people were hurt, the ambulance came."
    assert load(folder).assess("", text) == model.assess("", text)


def test_it_is_small(folder):
    assert sum(path.stat().st_size for path in folder.iterdir()) < 15 * 2**20


@pytest.mark.parametrize("name", artifact.ARRAYS)
def test_an_altered_array_is_refused(held, folder, name):
    arrays = {key: getattr(held, key) for key in artifact.ARRAYS}
    altered = arrays[name].copy()
    altered.flat[0] += np.ones(1, dtype=altered.dtype)[0]
    np.savez_compressed(folder / "arrays.npz", **(arrays | {name: altered}))
    with pytest.raises(Refused, match="altered"):
        artifact.read(folder)


def test_an_altered_manifest_is_refused(folder):
    path = folder / "manifest.json"
    said = json.loads(path.read_text())
    said["calibration"]["escalate_at"] = 0.99
    path.write_text(json.dumps(said))
    with pytest.raises(Refused, match="altered"):
        artifact.read(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"digest": "x"}', b"\xff\xfe"])
def test_a_manifest_that_is_none_is_refused(folder, content):
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(Refused, match="manifest"):
        artifact.read(folder)


@pytest.mark.parametrize("content", [b"", b"PK nonsense"])
def test_damaged_arrays_are_refused(folder, content):
    (folder / "arrays.npz").write_bytes(content)
    with pytest.raises(Refused, match="damaged"):
        artifact.read(folder)


def test_a_pickle_among_the_arrays_is_never_opened(folder):
    class Harmful:
        def __reduce__(self):
            return (pytest.fail, ("a model was executed",))

    with zipfile.ZipFile(folder / "arrays.npz", "w") as packed:
        for name in artifact.ARRAYS:
            packed.writestr(f"{name}.npy", pickle.dumps(Harmful()))
    with pytest.raises(Refused):
        artifact.read(folder)


def test_another_format_is_refused(held, tmp_path):
    artifact.write(replace(held, manifest=replace(held.manifest, format=99)), tmp_path / "future")
    with pytest.raises(Refused, match="format 99"):
        artifact.read(tmp_path / "future")


def test_arrays_of_another_shape_are_refused_even_when_hashed(held, tmp_path):
    arrays = {name: getattr(held, name) for name in artifact.ARRAYS} | {"idf": held.idf[:-1]}
    manifest = replace(held.manifest, arrays=artifact.array_hashes(arrays))
    artifact.write(artifact.Artifact(manifest, **arrays), tmp_path / "odd")
    with pytest.raises(Refused, match="inconsistent"):
        artifact.read(tmp_path / "odd")


def test_no_folder_says_how_to_make_one(tmp_path):
    with pytest.raises(Refused, match="heed classifier train"):
        artifact.read(tmp_path / "nothing")


def test_writing_where_a_model_is_leaves_it_alone(held, folder):
    before = (folder / "manifest.json").stat().st_mtime_ns
    artifact.write(held, folder)
    assert (folder / "manifest.json").stat().st_mtime_ns == before
    assert [path.name for path in folder.parent.iterdir()] == ["model"]
