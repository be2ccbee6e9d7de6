"""`heed classifier`: train, predict, evaluate, roll back. Heavy imports happen inside the commands."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from cases.errors import HeedError, Refused

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cases.model.assessment import Assessment
    from classifier.model import Message
    from rules.ruleset import Ruleset

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path),
    envvar="HEED_HOME",
    default=Path("var"),
    show_default=True,
    help="Heed's home folder.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


@click.group()
def classifier() -> None:
    """Train, try and measure the model that reads messages."""


@classifier.command()
@click.option("--if-missing", is_flag=True, help="Only see that there is a model of this corpus; learn nothing anew.")
@click.option("--in-background", is_flag=True, help="Give way to every other process, and use 3 GB of memory at most.")
@home_option
@json_option
def train(if_missing: bool, in_background: bool, home: Path, as_json: bool) -> None:
    """Train the shipped model where it is missing; then, in a home with corrections, learn from them (about a minute).

    A model that has learned replaces the one in force only where it is no worse on the frozen set.
    """
    from classifier import artifact, store

    if in_background:
        _give_way()
    try:
        learns = not if_missing and _has_lessons(home)
        with _progress("training", quiet=as_json) as report:
            path = store.train_shipped(if_missing=if_missing or learns, report=report)
        if learns:
            _learn(home, as_json)
            return
        manifest = artifact.read(path).manifest
        own = store.current_name(home)
    except HeedError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(
            json.dumps(
                {
                    "model": manifest.version,
                    "messages": manifest.data["messages"],
                    "measured": manifest.measured,
                    "own": own,
                }
            )
        )
        return
    click.echo(
        f"model {manifest.version}, from {manifest.data['messages']} messages in {', '.join(manifest.languages)}"
    )
    if own:
        click.echo(f"this home uses a model of its own: {own}", err=True)


@classifier.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True, path_type=str), metavar="FILE...|-")
@home_option
@json_option
def predict(files: tuple[str, ...], home: Path, as_json: bool) -> None:
    """Assess messages from files of JSON lines with `id`, `subject`, `text` and, if known, `language`."""
    from classifier import store

    try:
        model = store.current(home)
        lines: list[dict[str, object]] = []
        for ids, messages in _batches(_messages(files)):
            for key, assessment in zip(ids, model.assess_many(messages), strict=True):
                lines.append(_as_line(key, assessment))
            if as_json:
                for line in lines:
                    click.echo(json.dumps(line, ensure_ascii=False))
                lines.clear()
        if lines:
            _show(lines)
    except HeedError as error:
        raise click.ClickException(str(error)) from error


@classifier.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Also write a page with plots here.")
@home_option
@json_option
def evaluate(file: Path, html: Path | None, home: Path, as_json: bool) -> None:
    """Measure the current model on a file of labelled rows (the corpus' format)."""
    from classifier import corpus, evaluation, page, report, store

    try:
        model = store.current(home)
        rows = corpus.read(file, classes=model.classes)
        with _progress("assessing", quiet=as_json) as heard:
            result = evaluation.evaluate(model, rows, report=heard)
        if html:
            html.write_text(page.render(result, title=file.name), encoding="utf-8")
    except HeedError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(evaluation.as_json(result)))
    else:
        report.show(result)


@classifier.command()
@click.option("--list", "only_list", is_flag=True, help="Show the home's models and change nothing.")
@home_option
@json_option
def rollback(only_list: bool, home: Path, as_json: bool) -> None:
    """Go back to the model before the current one."""
    from classifier import store

    try:
        if not only_list:
            before, name = store.current_name(home), store.roll_back(home)
            _note_rollback(home, before, name)
            click.echo(json.dumps({"own": name})) if as_json else click.echo(
                f"now in use: {name or 'the shipped model'}"
            )
            return
        pointed = store.current_name(home)
        for name in ("", *store.stored(home)):
            if as_json:
                click.echo(json.dumps({"own": name, "in_use": name == pointed}))
            else:
                click.echo(f"{'*' if name == pointed else ' '} {name or 'the shipped model'}")
    except HeedError as error:
        raise click.ClickException(str(error)) from error


MOST_MEMORY = 3 * 1024**3
"""Bytes of data that a training in the background may use; it takes about a third of that."""


def _give_way() -> None:
    """The lowest priority, and a bound on memory: a training never starves triage."""
    import os
    import resource

    os.nice(19)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


def _has_lessons(home: Path) -> bool:
    """Whether this home has corrections, or categories of its own with examples."""
    from cases.store import corrections
    from cases.store.engine import open_database, reading
    from gateway.settings import WorkerSlice, load
    from worker.learning import is_own

    settings = load(WorkerSlice, home)
    if not settings.record.url and not (settings.home / "record.db").exists():
        return False
    record = open_database(settings.record_url, schema="heed_record")
    try:
        ruleset = _published(record)
        with reading(record) as connection:
            return ruleset is not None and (corrections.count_since(connection, None) > 0 or is_own(ruleset))
    finally:
        record.dispose()


def _published(record: "Engine") -> "Ruleset | None":
    from cases.store.engine import reading
    from cases.store.rulesets import published
    from rules.language.load import load

    with reading(record) as connection:
        text = published(connection)
    return load(text) if text else None


def _learn(home: Path, as_json: bool) -> None:
    from cases.keys.files import KeyFiles
    from cases.store.clock import shared_clock
    from cases.store.engine import open_database
    from classifier import store
    from gateway.settings import WorkerSlice, load
    from worker.learning import learn

    settings = load(WorkerSlice, home)
    record = open_database(settings.record_url, schema="heed_record")
    ruleset, service = _published(record), KeyFiles(settings.keys_folder).pair("service")
    if ruleset is None:
        raise Refused("no ruleset is published yet")
    with _progress("learning", quiet=as_json) as report:
        found = learn(settings.home, record, service, ruleset, by="heed", now=shared_clock(record), report=report)
    own, verdict = store.current_name(home), found.verdict
    if as_json:
        figures = {name: list(pair) for name, pair in found.figures.items()}
        click.echo(
            json.dumps({"accepted": verdict.accepted, "because": verdict.because, "own": own, "figures": figures})
        )
        return
    if not verdict.accepted:
        click.echo(f"the candidate was refused, {own or 'the shipped model'} stays: {'; '.join(verdict.because)}")
        return
    click.echo(f"now in use: {own}")


def _note_rollback(home: Path, before: str, name: str) -> None:
    """Into the record, where there is one."""
    from cases.store import refits
    from cases.store.clock import shared_clock
    from cases.store.engine import open_database, writing
    from gateway.settings import WorkerSlice, load

    settings = load(WorkerSlice, home)
    if settings.record.url or (settings.home / "record.db").exists():
        record = open_database(settings.record_url, schema="heed_record")
        with writing(record) as connection:
            now = shared_clock(record)()
            refits.add(connection, by="heed", now=now, outcome=refits.ROLLED_BACK, model=name, before=before)
        record.dispose()


def _messages(files: tuple[str, ...]) -> Iterator[tuple[str, "Message"]]:
    from classifier.model import Message

    for name in files:
        try:
            opened = click.open_file(name, encoding="utf-8")
        except OSError as error:
            raise Refused(f"{name} cannot be read: {error.strerror}") from error
        with opened as stream:
            for number, value in _objects(stream, name):
                subject, text, language = (value.get(key, "") for key in ("subject", "text", "language"))
                if not (isinstance(subject, str) and isinstance(text, str) and isinstance(language, str)):
                    raise Refused(f"{name}, line {number}: subject, text and language must be strings")
                yield str(value.get("id", f"{name}:{number}")), Message(subject, text, language)


def _objects(stream: IO[str], name: str) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            raise Refused(f"{name}, line {number}: not JSON ({error})") from error
        if not isinstance(value, dict):
            raise Refused(f"{name}, line {number}: not an object")
        yield number, value


def _batches(pairs: Iterator[tuple[str, "Message"]], size: int = 256) -> Iterator[tuple[list[str], list["Message"]]]:
    ids: list[str] = []
    messages: list[Message] = []
    for key, message in pairs:
        ids.append(key)
        messages.append(message)
        if len(ids) == size:
            yield ids, messages
            ids, messages = [], []
    if ids:
        yield ids, messages


def _as_line(key: str, assessment: "Assessment") -> dict[str, object]:
    return {
        "id": key,
        "category": assessment.category,
        "confidence": round(assessment.confidence, 4),
        "risk": round(assessment.risk, 4),
        "scores": dict(assessment.scores),
        "suggestions": list(assessment.suggestions),
        "evidence": [item.text for item in assessment.evidence],
        "risk_chunk": assessment.risk_chunk,
        "language": assessment.language,
        "model": assessment.model,
        "abstained_because": assessment.abstained_because,
    }


def _show(lines: list[dict[str, object]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "category", "confidence", "risk", "language", "evidence")
    for line in lines:
        category = line["category"] or f"? {', '.join(line['suggestions'])}"  # type: ignore[arg-type]
        table.add_row(
            str(line["id"]),
            str(category),
            f"{line['confidence']:.2f}",
            f"{line['risk']:.2f}",
            str(line["language"]),
            ", ".join(line["evidence"]),  # type: ignore[arg-type]
        )
    Console().print(table)


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on stderr, or nothing at all."""
    if quiet:
        yield lambda _step, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda step, share: bar.update(task, completed=share, description=f"{what}: {step}")
