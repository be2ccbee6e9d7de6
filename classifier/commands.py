"""`heed classifier`: train, predict, evaluate, roll back. Heavy imports happen inside the commands."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from cases.errors import HeedError, Refused

if TYPE_CHECKING:
    from cases.model.assessment import Assessment
    from classifier.model import Message

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
@click.option("--if-missing", is_flag=True, help="Do nothing when a model of this corpus is already there.")
@home_option
@json_option
def train(if_missing: bool, home: Path, as_json: bool) -> None:
    """Train the shipped model from the corpus (about a minute, once)."""
    from classifier import artifact, store

    try:
        with _progress("training", quiet=as_json) as report:
            path = store.train_shipped(if_missing=if_missing, report=report)
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
def rollback(only_list: bool, home: Path) -> None:
    """Go back to the model before the current one."""
    from classifier import store

    try:
        if not only_list:
            click.echo(f"now in use: {store.roll_back(home) or 'the shipped model'}")
            return
        pointed = store.current_name(home)
        for name in ("", *store.stored(home)):
            click.echo(f"{'*' if name == pointed else ' '} {name or 'the shipped model'}")
    except HeedError as error:
        raise click.ClickException(str(error)) from error


def _messages(files: tuple[str, ...]) -> Iterator[tuple[str, "Message"]]:
    from classifier.model import Message

    for name in files:
        with click.open_file(name, encoding="utf-8") as stream:
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
