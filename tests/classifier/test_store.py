"""The shipped model, a home's own, five kept, one pointer."""

from dataclasses import replace

import pytest

from cases.errors import Refused
from classifier import artifact, corpus, store


@pytest.fixture
def shipped(held, tmp_path, monkeypatch):
    folder = tmp_path / "shipped"
    monkeypatch.setattr(store, "SHIPPED", folder)
    artifact.write(held, folder / "first")
    return folder


def variant(held, number):
    return replace(held, manifest=replace(held.manifest, data={"messages": number}))


def test_without_a_model_of_its_own_a_home_uses_the_shipped_one(shipped, held, tmp_path):
    assert store.current(tmp_path / "home").version == held.manifest.version


def test_a_kept_model_becomes_current(shipped, held, tmp_path):
    home = tmp_path / "home"
    name = store.keep(home, variant(held, 1))
    assert store.current_name(home) == name
    assert store.current(home).version == variant(held, 1).manifest.version


def test_the_last_five_are_kept(shipped, held, tmp_path):
    home = tmp_path / "home"
    names = [store.keep(home, variant(held, number)) for number in range(8)]
    assert store.stored(home) == tuple(names[-5:])


def test_rolling_back_goes_one_by_one_to_the_shipped_model(shipped, held, tmp_path):
    home = tmp_path / "home"
    first, _second = (store.keep(home, variant(held, number)) for number in range(2))
    assert store.roll_back(home) == first
    assert store.current_name(home) == first
    assert store.roll_back(home) == ""
    assert store.current(home).version == held.manifest.version
    with pytest.raises(Refused, match="nothing to go back to"):
        store.roll_back(home)


def test_a_pointer_cannot_lead_out_of_the_home(shipped, tmp_path):
    (tmp_path / "home" / "models").mkdir(parents=True)
    (tmp_path / "home" / "models" / "current").write_text("../../shipped/first")
    with pytest.raises(Refused, match="does not name a model"):
        store.current(tmp_path / "home")


def test_an_unknown_model_is_not_pointed_to(shipped, tmp_path):
    with pytest.raises(Refused, match="no model"):
        store.point_to(tmp_path / "home", "000001-nothing")


def test_a_damaged_model_is_not_pointed_to(shipped, held, tmp_path):
    home = tmp_path / "home"
    first, second = (store.keep(home, variant(held, number)) for number in range(2))
    (home / "models" / first / "arrays.npz").write_bytes(b"")
    with pytest.raises(Refused, match="damaged"):
        store.point_to(home, first)
    assert store.current_name(home) == second


def test_the_shipped_model_is_trained_once_for_a_corpus(rows, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr(corpus, "load", lambda: rows)
    first = store.train_shipped(if_missing=True)
    stamp = (first / "manifest.json").stat().st_mtime_ns
    assert store.train_shipped(if_missing=True) == first
    assert (first / "manifest.json").stat().st_mtime_ns == stamp
    monkeypatch.setattr(corpus, "load", lambda: rows[:-1])
    second = store.train_shipped(if_missing=True)
    assert second != first
    assert not first.exists()
    assert store.newest_shipped() == second


def test_nothing_shipped_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SHIPPED", tmp_path / "none")
    with pytest.raises(Refused, match="heed classifier train"):
        store.current(tmp_path)
