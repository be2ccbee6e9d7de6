"""`heed rules`: check, test, compare; what works on the record is in `gateway/rulesets/commands.py`."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from cases.errors import HeedError
from gateway.options import FriendlyGroup
from gateway.rulesets.commands import explain, history, proposed, publish, rollback, try_rules

HOME = click.option(
    "--home",
    type=click.Path(path_type=Path),
    envvar="HEED_HOME",
    default=Path("var"),
    help="Heed's folder.",
    show_default=True,
)
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
FILE = click.argument("file", required=False, type=click.Path(path_type=Path))


@click.group(cls=FriendlyGroup)
def rules() -> None:
    """The rules HR ops own: check, test, try, publish, look back."""


for command in (try_rules, explain, publish, rollback, history, proposed):
    rules.add_command(command)


@rules.command()
@FILE
@click.option(
    "--against", type=click.Path(path_type=Path), help="An older version, to see which locked rules are weakened."
)
@HOME
@JSON
def check(file: Path | None, against: Path | None, home: Path, as_json: bool) -> None:
    """Says what is wrong with FILE (the rules.yaml of the home): the first syntax error, or everything else at once."""
    from rules.language.circumstances import against as compare
    from rules.language.circumstances import in_view_of
    from rules.language.files import read_file
    from rules.language.load import load
    from rules.language.problems import RulesetInvalid

    path = _file(file, home)
    try:
        ruleset = load(_or_stop(read_file, path), str(path))
    except RulesetInvalid as invalid:
        _problems(invalid.problems, str(path), as_json=as_json)
        _stop(invalid.heading)
    warnings = (*ruleset.warnings, *in_view_of(ruleset, _around(home)))
    if against is not None:
        warnings = (*warnings, *compare(_load(against), ruleset))
    _problems(warnings, str(path), as_json=as_json)
    counts = {"rules": len(ruleset.rules), "tests": len(ruleset.tests), "warnings": len(warnings)}
    if as_json:
        _print({"ruleset": ruleset.hash, **counts})
    else:
        counted = ", ".join(f"{count} {name if count > 1 else name[:-1]}" for name, count in counts.items() if count)
        click.echo(f"{path}: {counted}. Version {ruleset.hash}.")


@rules.command()
@FILE
@HOME
@JSON
def test(file: Path | None, home: Path, as_json: bool) -> None:
    """Runs the tests in FILE, with a frozen clock and no model, and says which rules no test fires."""
    from rules.testing import run_tests

    ruleset = _load(_file(file, home))
    report = run_tests(ruleset)
    for result in report.results:
        failures = [{"what": f.what, "expected": f.expected, "found": f.found} for f in result.failures]
        if as_json:
            _print({"test": result.test.name, "line": result.test.line, "passed": result.passed, "failures": failures})
        elif not result.passed:
            click.echo(f"line {result.test.line}: {result.test.name}")
            for failure in result.failures:
                click.echo(f"    {failure.what}: expected {failure.expected}, found {failure.found}")
            click.echo(f"    rules that fired: {', '.join(result.decision.fired) or 'none'}")
    passed = sum(result.passed for result in report.results)
    if as_json:
        _print({"tests": len(report.results), "passed": passed, "untested": list(report.untested)})
    else:
        click.echo(f"{passed} of {len(report.results)} tests passed.")
        if report.untested:
            click.echo(f"Rules that no test fires: {', '.join(report.untested)}")
    if not report.passed:
        sys.exit(1)


@rules.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "first", type=int, help="The first year; this one when left out.")
@click.option("--years", type=click.IntRange(1, 30), default=5, show_default=True, help="How many years.")
def dates(file: Path, first: int | None, years: int) -> None:
    """The days off in an iCalendar FILE, as the line to paste into a calendar of rules.yaml."""
    from cases.model.public_holidays import holidays_from_ics
    from rules.language.files import read_file

    begins = first or datetime.now(UTC).year
    found = sorted(_or_stop(holidays_from_ics, _or_stop(read_file, file), range(begins, begins + years)))
    if not found:
        _stop(f"{file} has no whole days off from {begins} to {begins + years - 1}")
    click.echo(f"holidays: [{', '.join(day.isoformat() for day in found)}]")


@rules.command()
@click.option("--output", type=click.Path(path_type=Path), help="Write it there instead of printing it.")
def schema(output: Path | None) -> None:
    """The JSON Schema of the language, for editors that complete and underline."""
    from rules.language.schema import schema as make

    _write(json.dumps(make(), indent=1, ensure_ascii=False) + "\n", output)


@rules.command()
@click.option("--output", type=click.Path(path_type=Path), help="Write it there instead of printing it.")
def docs(output: Path | None) -> None:
    """The reference page of the language, with an example for each condition and action."""
    from rules.language.reference_page import page

    _write(page(), output)


@rules.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@HOME
@JSON
def diff(old: Path, new: Path, home: Path, as_json: bool) -> None:
    """What changed from OLD to NEW; what weakens a locked rule comes first."""
    from rules.diff import diff as compare

    changes = compare(_load(old), _load(new))
    for change in changes:
        if as_json:
            _print({"section": change.section, "name": change.name, "kind": change.kind,
                    "details": list(change.details), "weakens": change.weakens})  # fmt: skip
            continue
        click.echo(f"{change.section}: {change.name} {change.kind}{f'  ({change.weakens})' if change.weakens else ''}")
        for detail in change.details:
            click.echo(f"    {detail}")
    if not changes and not as_json:
        click.echo("They mean the same.")


def _file(file: Path | None, home: Path) -> Path:
    """FILE, else the one in the home, else the one here."""
    return file or next(
        (path for path in (home / "rules.yaml", Path("rules.yaml")) if path.is_file()), home / "rules.yaml"
    )


def _around(home: Path) -> Any:
    """What a ruleset stands in: the home, where there is one, else the day and the public forms."""
    from gateway.rulesets.commands import circumstances_here
    from gateway.settings import Everything, load
    from rules.language.circumstances import Circumstances
    from webforms.forms import known_fields

    now = datetime.now(UTC)
    if not (home / "keys").is_dir():
        return Circumstances(now, fields=known_fields())
    from cases.store.engine import open_database

    try:
        settings = load(Everything, home)
        return circumstances_here(settings, open_database(settings.record_url, schema="heed_record"), now)
    except HeedError as error:
        click.echo(f"Looked at without what this home knows: {error}", err=True)
        return Circumstances(now, fields=known_fields())


def _load(path: Path) -> Any:
    from rules.language.files import read_file
    from rules.language.load import load

    return _or_stop(load, _or_stop(read_file, path), str(path))


def _or_stop(function: Any, *arguments: Any, **named: Any) -> Any:
    try:
        return function(*arguments, **named)
    except HeedError as error:
        _stop(str(error))


def _stop(words: str) -> None:
    click.echo(words, err=True)
    sys.exit(1)


def _problems(problems: Iterable[Any], source: str, *, as_json: bool) -> None:
    for problem in problems:
        if as_json:
            _print({"line": problem.line, "column": problem.column, "severity": problem.severity,
                    "message": problem.message, "suggestion": problem.suggestion})  # fmt: skip
        else:
            click.echo(problem.render(source), err=problem.severity == "error")


def _print(found: Mapping[str, Any]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False))


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
