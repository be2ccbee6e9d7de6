"""The commands as a person calls them."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from classifier import artifact, corpus, store
from classifier.commands import classifier


@pytest.fixture
def run(held, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SHIPPED", tmp_path / "shipped")
    artifact.write(held, tmp_path / "shipped" / "first")
    home = tmp_path / "home"

    def call(*arguments, text=None):
        return CliRunner().invoke(classifier, [*arguments, "--home", str(home)], input=text)

    return call


def lines(result):
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_predict_prints_one_object_a_message(run, tmp_path, held):
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": "a", "subject": "Pay", "text": "My salary was not paid this month"}\n\n{"text": "Ho"}\n')
    first, second = lines(run("predict", str(path), "--json"))
    assert first["id"] == "a"
    assert first["category"] == "payroll"
    assert set(first["scores"]) == set(held.manifest.classes)
    assert first["model"] == held.manifest.version
    assert {"confidence", "risk", "suggestions", "evidence", "language"} <= first.keys()
    assert second["category"] == ""
    assert len(second["suggestions"]) == 3


def test_predict_reads_standard_input_and_shows_a_table(run):
    result = run("predict", "-", text='{"id": "a", "text": "There was a gas leak and one man was hurt"}\n')
    assert result.exit_code == 0
    assert "safety" in result.stdout


@pytest.mark.parametrize("text", ["{", "[]", '{"text": 3}'])
def test_predict_refuses_what_is_no_message_and_names_the_line(run, text):
    result = run("predict", "-", "--json", text='{"text": "fine"}\n' + text)
    assert result.exit_code == 1
    assert "line 2" in result.stderr


def test_predict_names_a_file_that_cannot_be_read(run, tmp_path):
    result = run("predict", str(tmp_path / "missing.jsonl"))
    assert result.exit_code == 1
    assert "missing.jsonl cannot be read" in result.stderr


def test_evaluate_prints_json_and_writes_a_page(run, tmp_path, rows):
    path, html = tmp_path / "rows.jsonl", tmp_path / "out.html"
    path.write_text(
        "".join(
            json.dumps(
                {"id": row.id, "persona": row.persona, "language": row.language, "text": row.text}
                | {"category": row.category, "risk": row.risk, "kind": row.kind}
            )
            + "\n"
            for row in rows
        )
    )
    (said,) = lines(run("evaluate", str(path), "--json", "--html", str(html)))
    assert said["rows"] == len(rows)
    assert said["figures"]["top_1"]["value"] > 0.9
    assert html.read_text().startswith("<!doctype html>")
    assert "top answer acceptable" in run("evaluate", str(path)).stdout


def test_train_says_what_it_made_and_does_it_once(run, rows, monkeypatch):
    monkeypatch.setattr(corpus, "load", lambda: rows)
    (first,) = lines(run("train", "--json"))
    assert first["messages"] == len(rows)
    assert first["measured"]["top_1"] > 0.5
    assert first["model"] in run("train", "--if-missing").stdout


def test_rollback_lists_and_goes_back(run, held, tmp_path):
    name = store.keep(tmp_path / "home", held)
    assert f"* {name}" in run("rollback", "--list").stdout
    listed = [json.loads(line) for line in run("rollback", "--list", "--json").stdout.splitlines()]
    assert listed == [{"own": "", "in_use": False}, {"own": name, "in_use": True}]
    assert json.loads(run("rollback", "--json").stdout) == {"own": ""}
    assert run("rollback").exit_code == 1


def test_a_wrong_option_is_a_usage_error(run):
    assert run("predict").exit_code == 2


def test_prediction_needs_neither_scikit_learn_nor_scipy():
    code = (
        "import sys, classifier.model, classifier.store, classifier.evaluation, classifier.commands; "
        "sys.exit(any(name.split('.')[0] in {'sklearn', 'scipy', 'joblib'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_help_does_not_even_need_numpy():
    code = "import sys, classifier.commands; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
