"""`heed rules try`, `explain`, `publish`, `rollback`, `history`, `proposed`: rules and the record."""

import re
import sys
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cases.errors import Refused
from gateway.options import ask_secret, counted, home_option, json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.rulesets.unlocking import Unlocked
    from gateway.versions import StoredVersions
    from rules.language.circumstances import Circumstances
    from rules.trial import Moved, Outcome

MOST_SHOWN = 30
as_option = click.option("--as", "person", metavar="ADDRESS", help="As this member of staff; asks for their password.")
password_option = click.option("--password", hidden=True, help="For scripts; better left out: it is asked for.")


class Days(click.ParamType[timedelta]):
    """A time like 90d or 12w."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Days or weeks."""
        found = re.fullmatch(r"(\d{1,4})\s*(d|w|days?|weeks?)", str(value).strip())
        if isinstance(value, timedelta):
            return value
        if not found or not int(found[1]):
            self.fail(f"“{value}” is no time; write it like 90d or 12w", param, ctx)
        return timedelta(days=int(found[1]) * (7 if found[2].startswith("w") else 1))


@click.command("try")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--last", type=Days(), default="90d", show_default=True, help="How far back, like 90d or 12w.")
@as_option
@password_option
@home_option
@json_option
def try_rules(
    file: Path | None, last: timedelta, person: str | None, password: str | None, home: Path, as_json: bool
) -> None:
    """Replay stored submissions against FILE: what would be decided otherwise, the weakened cases first. Sends nothing.

    Cases are named only with --as, and only those that this person could open; the others are counted.
    """
    from cases.keys.files import KeyFiles
    from classifier.store import current
    from gateway.rulesets.trying import TrialKeys, try_on_record
    from rules.language.files import read_file
    from rules.language.load import load

    path = file or home / "rules.yaml"
    candidate = load(read_file(path), str(path))
    settings, record = _opened(home)
    unlocked = _unlocked(record, person, password)
    files, now = KeyFiles(settings.keys_folder), datetime.now(UTC)
    keys = TrialKeys(files.pair("service"), files.secret("index"))
    model = current(settings.home)
    with _progress(shown=not as_json) as progress:
        outcome = try_on_record(record, keys, model, candidate, now - last, who=unlocked, now=now, progress=progress)
    if as_json:
        _print_outcome_json(outcome)
    else:
        _print_outcome(outcome, last, named=unlocked is not None)


@contextmanager
def _progress(*, shown: bool) -> "Iterator[Callable[[int, int], None]]":
    """A bar on stderr."""
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), disable=not shown or not sys.stderr.isatty(), transient=True)
    with bar:
        task = bar.add_task("Replaying", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_outcome(outcome: "Outcome", last: timedelta, *, named: bool) -> None:
    changed = len(outcome.moved) + outcome.hidden
    replayed, days = counted(outcome.replayed, "submission"), counted(last.days, "day")
    click.echo(f"{replayed} of the last {days} replayed; {changed} decided otherwise.")
    for moved in outcome.moved[:MOST_SHOWN]:
        click.secho(moved.reference, bold=True, nl=False)
        click.echo(f", message {moved.number}" if moved.number > 1 else "", nl=False)
        click.echo(f"  {'WEAKER: ' + ', '.join(moved.weakened) if moved.weakened else ''}".rstrip())
        for line in _moves(moved):
            click.echo(f"    {line}")
    if len(outcome.moved) > MOST_SHOWN:
        click.echo(f"… and {len(outcome.moved) - MOST_SHOWN} more; --json shows all.")
    if outcome.hidden:
        whose = "that this person could not open" if named else "not named (--as ADDRESS names those you could open)"
        click.echo(f"{counted(outcome.hidden, 'case')} {whose}; {outcome.hidden_weakened} of them weaker.")
    for field, before, after, count in outcome.tally:
        click.echo(f"{field}: {before or 'none'} → {after or 'none'}: {count}")
    for title, rules in (("Now fire", outcome.newly_fired), ("No longer fire", outcome.no_longer_fired)):
        if rules:
            click.echo(f"{title}: {', '.join(f'{rule} ({count})' for rule, count in rules)}")


def _moves(moved: "Moved") -> "Iterator[str]":
    for field, before, after in moved.changes:
        yield f"{field}: {before or 'none'} → {after or 'none'}"
    for clock, old, new in moved.deadlines:
        times = (f"{moment:%Y-%m-%d %H:%M}" if moment else "none" for moment in (old, new))
        yield f"{clock} due: {' → '.join(times)} (UTC)"


def _print_outcome_json(outcome: "Outcome") -> None:
    for moved in outcome.moved:
        print_json({
            "reference": moved.reference,
            "message": moved.number,
            "weakened": list(moved.weakened),
            "changes": {field: [before, after] for field, before, after in moved.changes},
            "deadlines": {clock: [old, new] for clock, old, new in moved.deadlines},
        })  # fmt: skip
    print_json({
        "replayed": outcome.replayed, "changed": len(outcome.moved) + outcome.hidden, "hidden": outcome.hidden,
        "hidden_weakened": outcome.hidden_weakened,
        "tally": [{"field": f, "before": b, "after": a, "cases": c} for f, b, a, c in outcome.tally],
        "newly_fired": dict(outcome.newly_fired), "no_longer_fired": dict(outcome.no_longer_fired),
    })  # fmt: skip


@click.command()
@click.argument("reference")
@click.option("--all", "everything", is_flag=True, help="Also rules that did not match.")
@as_option
@password_option
@home_option
@json_option
def explain(
    reference: str, everything: bool, person: str | None, password: str | None, home: Path, as_json: bool
) -> None:
    """Why case REFERENCE was decided so: each rule, each condition, the words, what lost to what. Audited as a reading."""
    from cases.keys.files import KeyFiles
    from cases.model.codes import read_reference
    from cases.store.codec import to_bytes
    from cases.store.engine import writing
    from cases.store.reading import open_for
    from gateway.rulesets.trying import viewer_now
    from rules.explain import explain as in_words

    wanted = read_reference(reference)
    if not wanted:
        raise Refused(f"“{reference}” is no reference; they look like HR-7K2M-94Q2")
    if person is None:
        raise Refused("say who asks with --as ADDRESS: the explanation quotes the words that matched")
    _, record = _opened(home)
    unlocked = _unlocked(record, person, password)
    assert unlocked is not None  # noqa: S101  a person was named
    service = KeyFiles(home / "keys").pair("service")
    with writing(record) as connection:
        viewer = viewer_now(connection, unlocked.person, datetime.now(UTC))
        found = open_for(connection, wanted, viewer, unlocked.vault, service, now=datetime.now(UTC))
    if as_json:
        click.echo(to_bytes(found.decision).decode())
        return
    for line in in_words(found.decision, everything=everything):
        click.echo(line)


@dataclass(frozen=True, slots=True)
class Publishing:
    """Who puts a version in force, why, and in which home: what publishing and rolling back ask alike."""

    record: Any
    versions: "StoredVersions"
    home: Path
    by: str
    reason: str
    approver: str
    now: datetime
    around: "Circumstances"


def _publishing(command: "Callable[..., None]") -> "Callable[..., None]":
    """The options of a command that puts a version in force; it gets a `Publishing` in their place."""

    @click.option("--reason", required=True, help="Why; it is kept with the version.")
    @click.option("--by", required=True, metavar="ADDRESS", help="Who does it.")
    @click.option("--approver", metavar="ADDRESS", help="The second person, where a locked rule gets weaker.")
    @click.option("--approver-password", hidden=True, help="For scripts; better left out: it is asked for.")
    @password_option
    @home_option
    @wraps(command)
    def asked(
        *,
        reason: str,
        by: str,
        approver: str | None,
        approver_password: str | None,
        password: str | None,
        home: Path,
        **rest: Any,
    ) -> None:
        from gateway.versions import StoredVersions

        settings, record = _opened(home)
        second = _approved(record, (by, password), (approver, approver_password))
        versions, now = StoredVersions(record), datetime.now(UTC)
        around = circumstances_here(settings, record, now)
        command(Publishing(record, versions, home, by, reason, second, now, around), **rest)

    return asked


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@_publishing
@json_option
def publish(asked: Publishing, file: Path | None, as_json: bool) -> None:
    """Put FILE in force: checked, its tests run, kept with its author and reason. Workers take it over at once."""
    from gateway.rulesets.effect import moving_deadlines
    from rules.language.circumstances import in_view_of
    from rules.language.files import read_file
    from rules.language.load import load
    from rules.publishing import publish as put_in_force

    path = file or asked.home / "rules.yaml"
    text, before = read_file(path), asked.versions.current()
    version = put_in_force(text, asked.versions, author=asked.by, reason=asked.reason, now=asked.now,
                           approver=asked.approver, source=str(path))  # fmt: skip
    moves = moving_deadlines(asked.record, load(before.text), load(text), asked.now) if before else ()
    if as_json:
        print_json({"version": version.hash, "tests": version.tests, "deadlines_otherwise": sum(
            one.count for one in moves)})  # fmt: skip
        return
    for problem in (*load(text).warnings, *in_view_of(load(text), asked.around)):
        click.echo(problem.render(str(path)), err=True)
    click.echo(f"Version {version.hash} is in force; {counted(version.tests, 'test')} passed.")
    _say_moves(moves)


def _say_moves(moves: Iterable[Any]) -> None:
    for one in moves:
        click.echo(f"{counted(one.count, 'open deadline')} ({one.sla}: {one.kind}) would end {one.words} under it.")


@click.command()
@click.argument("version")
@_publishing
@json_option
def rollback(asked: Publishing, version: str, as_json: bool) -> None:
    """Put an earlier VERSION in force again, write it to the home's rules.yaml, list the cases decided meanwhile."""
    from gateway.rulesets.effect import decided_meanwhile
    from gateway.rulesets.files import write_file
    from rules.publishing import roll_back

    restored = roll_back(asked.versions, version, author=asked.by, reason=asked.reason, now=asked.now,
                         approver=asked.approver)  # fmt: skip
    write_file(asked.home / "rules.yaml", restored.text)
    cases = decided_meanwhile(asked.record, restored.hash)
    if as_json:
        print_json({"version": restored.hash, "decided_meanwhile": [one.as_object() for one in cases]})
        return
    click.echo(f"Version {restored.hash} is in force again, and rules.yaml says so.")
    if cases:
        click.echo(f"{counted(len(cases), 'case')} decided meanwhile, to look at again:")
    for one in cases:
        click.echo(f"  {one.reference}  decided by {one.ruleset}; read by {', '.join(one.seen_by) or 'nobody yet'}")


@click.command()
@home_option
@json_option
def history(home: Path, as_json: bool) -> None:
    """Every publishing, newest first: version, when, by whom, why."""
    from cases.store.engine import reading
    from cases.store.rulesets import history as publications

    _, record = _opened(home)
    with reading(record) as connection:
        found = publications(connection)
    for one in found:
        at = one.at.isoformat(timespec="seconds")
        if as_json:
            print_json({"version": one.ruleset, "at": at, "by": one.by, "reason": one.reason})
        else:
            click.echo(f"{one.ruleset}  {at[:16].replace('T', ' ')}  {one.by}: {one.reason}")


@click.command()
@home_option
@json_option
def proposed(home: Path, as_json: bool) -> None:
    """What the home's rules.yaml proposes: nothing new, something to publish, or something with errors."""
    from gateway.rulesets.files import look_at
    from gateway.versions import StoredVersions

    settings, record = _opened(home)
    around = circumstances_here(settings, record, datetime.now(UTC))
    found = look_at(home / "rules.yaml", StoredVersions(record), around)
    if as_json:
        print_json({"state": found.state, "version": found.hash, "words": found.words})
    else:
        click.echo(found.words)
    if found.state == "broken":
        sys.exit(1)


def circumstances_here(settings: Any, record: Any, now: datetime) -> "Circumstances":
    """What a ruleset stands in, in this home: the day, the directory, the public forms, the addresses that mail is taken for."""
    from gateway.rulesets.around import circumstances
    from webforms.forms import known_fields

    addresses = () if settings.imap.mailboxes else (settings.organisation.hr_address, *settings.mail.aliases)
    return circumstances(record, now, fields=known_fields(), addresses=addresses)


def _opened(home: Path) -> tuple[Any, Any]:
    """Settings and record of a home."""
    from cases.store.engine import open_database
    from gateway.settings import Everything, load, must_exist

    settings = load(Everything, must_exist(home))
    return settings, open_database(settings.record_url, schema="heed_record")


def _unlocked(record: Any, address: str | None, password: str | None) -> "Unlocked | None":
    from gateway.rulesets.unlocking import unlock

    if address is None:
        return None
    return unlock(record, address, password or ask_secret("Password"))


def _approved(record: Any, author: tuple[str, str | None], approver: tuple[str | None, str | None]) -> str:
    """The second person; "" when nobody was named. Both prove who they are, else one person could be two.

    Raises `Refused` for a wrong password, or when one of them does not own the rules.
    """
    if approver[0] is None:
        return ""
    _owner(record, *author)
    return _owner(record, approver[0], approver[1])


def _owner(record: Any, address: str, password: str | None) -> str:
    """An owner of the rules, by their own password."""
    from cases.access.policy import Duty, has_duty
    from gateway.rulesets.unlocking import unlock

    asked = password or ask_secret(f"Password of {address}")
    person = unlock(record, address, asked).person
    if not has_duty(frozenset(person.roles), Duty.RULES):
        raise Refused(f"{person.address} does not own the rules and cannot approve")
    return person.address
