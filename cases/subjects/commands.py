"""`heed subject`: what the data protection officer does in the console about people's requests, from the shell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from gateway.options import FriendlyGroup, home_option, json_option, print_json

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(cls=FriendlyGroup)
def subject() -> None:
    """What people ask about themselves (GDPR, articles 15 to 17), for the data protection officer, with their password.

    Readers of sealed cases answer in the console, where something is also put right or erased.
    """


def officer_options(command: Command) -> Command:
    """`--as` and `--password`: who acts; and the options of every command."""
    asked = click.option("--as", "person", metavar="ADDRESS", required=True, help="The officer; asks for the password.")
    typed = click.password_option("--password", prompt=False, hide_input=True, help="Better left out: it is asked for.")
    return asked(typed(home_option(json_option(command))))


@subject.command("open")
@click.option("--address", default="", help="Their mail address; others, and the name, come from the directory.")
@click.option("--name", default="", help="Their whole name.")
@click.option("--kind", type=click.Choice(["access", "rectification", "erasure"]), default="access", show_default=True)
@click.option("--words", type=click.File(encoding="utf-8"), help="A file with what they wrote; - for stdin.")
@officer_options
def subject_open(
    address: str, name: str, kind: str, words: Any, person: str, password: str | None, home: Path, as_json: bool
) -> None:
    """Open a request; the running workers search, and ask the readers of sealed cases. Prints its id."""
    from cases.subjects.requests import Kind, open_request

    wrote = words.read() if words else ""
    with _officer(home, person, password) as (connection, hand):
        opened = open_request(
            connection,
            hand.service.public,
            kind=Kind(kind),
            name=name,
            address=address,
            words=wrote,
            by=hand.address,
            now=hand.now,
        )
    print_json({"request": opened}) if as_json else click.echo(f"{opened} opened; the workers search now.")


@subject.command("list")
@officer_options
def subject_list(person: str, password: str | None, home: Path, as_json: bool) -> None:
    """Every request, the most pressing first."""
    from cases.subjects.requests import every

    with _officer(home, person, password) as (connection, hand):
        found = every(connection, hand.service)
    for one in found:
        if as_json:
            print_json(_request(one))
        else:
            who = one.about.name or one.about.addresses[0]
            click.echo(f"{one.id}  {one.state:9}  due {one.due_at:%Y-%m-%d}  {one.kind:13}  {one.waiting} open  {who}")
    if not found and not as_json:
        click.echo("Nobody has asked.")


@subject.command("search")
@click.argument("request_id", metavar="REQUEST")
@officer_options
def subject_search(request_id: str, person: str, password: str | None, home: Path, as_json: bool) -> None:
    """Search once more, for what has come since; the running workers do it. What was decided stays."""
    from cases.subjects.requests import get, search_again

    with _officer(home, person, password) as (connection, hand):
        search_again(connection, get(connection, request_id, hand.service), by=hand.address, now=hand.now)
    print_json({"request": request_id, "state": "searching"}) if as_json else click.echo("The workers search now.")


@subject.command("show")
@click.argument("request_id", metavar="REQUEST")
@officer_options
def subject_show(request_id: str, person: str, password: str | None, home: Path, as_json: bool) -> None:
    """What was found and what is decided, and what the readers of sealed cases answered; no words of a case."""
    from cases.store import people
    from cases.subjects.deciding import answers, items
    from cases.subjects.requests import get

    with _officer(home, person, password) as (connection, hand):
        one = get(connection, request_id, hand.service)
        found = items(connection, one, hand.address, hand.service)
        replies = [(people.get(connection, r.person_id), r) for r in answers(connection, one, hand.service)]
    readers = [(who.address if who else r.person_id, r.state, r.reason) for who, r in replies]
    if as_json:
        parts = [_item(item) for item in found]
        read = [{"reader": who, "state": state, "reason": reason} for who, state, reason in readers]
        print_json({**_request(one), "items": parts, "sealed": read})
        return
    click.echo(
        f"{one.about.name or one.about.addresses[0]} asks for {one.kind}: {one.state}, due {one.due_at:%Y-%m-%d}"
    )
    for item in found:
        click.echo(f"{item.id}  {item.reference}  {item.at:%Y-%m-%d}  {item.why:6} {item.state:9} {item.reason}")
    for who, state, reason in readers:
        click.echo(f"sealed cases of {who}: {state} {reason}".rstrip())


@subject.command("read")
@click.argument("request_id", metavar="REQUEST")
@click.argument("item_id", metavar="ITEM")
@officer_options
def subject_read(request_id: str, item_id: str, person: str, password: str | None, home: Path, as_json: bool) -> None:
    """What one found message says; that it was read is written to its case's trail."""
    from cases.subjects.deciding import one_item, read_item
    from cases.subjects.requests import get

    with _officer(home, person, password) as (connection, hand):
        one = get(connection, request_id, hand.service)
        item = one_item(connection, one, item_id, hand.address, hand.service)
        text = read_item(connection, item, hand)
    print_json({**_item(item), "text": text}) if as_json else click.echo(text)


@subject.command("decide")
@click.argument("request_id", metavar="REQUEST")
@click.argument("item_id", metavar="ITEM")
@click.argument("what", type=click.Choice(["given", "redacted", "withheld"]))
@click.option(
    "--reason",
    type=click.Choice(["open_investigation", "reporter_identity", "other_person", "legal_advice", "not_about_them"]),
    default=None,
    help="Why it is not given whole.",
)
@click.option("--words", default="", help="The reason in your own words, for the record.")
@click.option(
    "--text", type=click.File(encoding="utf-8"), help="With redacted: a file with what is given; - for stdin."
)
@officer_options
def subject_decide(
    request_id: str,
    item_id: str,
    what: str,
    reason: str | None,
    words: str,
    text: Any,
    person: str,
    password: str | None,
    home: Path,
    as_json: bool,
) -> None:
    """Give a message whole, give it without some words, or withhold it."""
    from cases.subjects.deciding import decide, one_item
    from cases.subjects.requests import get

    given = text.read() if text else ""
    with _officer(home, person, password) as (connection, hand):
        one = get(connection, request_id, hand.service)
        item = one_item(connection, one, item_id, hand.address, hand.service)
        decide(connection, item, hand, state=what, reason=reason or "", words=words, text=given)
    print_json({"item": item_id, "state": what}) if as_json else click.echo(f"{item_id}: {what}.")


@subject.command("package")
@click.argument("request_id", metavar="REQUEST")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("about-you.zip"), show_default=True
)
@officer_options
def subject_package(request_id: str, out: Path, person: str, password: str | None, home: Path, as_json: bool) -> None:
    """Everything that is given, as a zip for the person; refused while something is undecided."""
    from cases.errors import Refused
    from cases.subjects.package import pack
    from cases.subjects.requests import get

    if out.exists():
        raise Refused(f"{out} is there already: name another file with --out")
    with _officer(home, person, password) as (connection, hand):
        package = pack(connection, get(connection, request_id, hand.service), hand)
    out.write_bytes(package)
    told = {"package": str(out), "bytes": len(package)}
    print_json(told) if as_json else click.echo(f"{out}, {len(package)} bytes")


@subject.command("close")
@click.argument("request_id", metavar="REQUEST")
@officer_options
def subject_close(request_id: str, person: str, password: str | None, home: Path, as_json: bool) -> None:
    """The person has been answered."""
    from cases.subjects.requests import close, get

    with _officer(home, person, password) as (connection, hand):
        close(connection, get(connection, request_id, hand.service), by=hand.address, now=hand.now)
    print_json({"request": request_id, "state": "closed"}) if as_json else click.echo("Closed.")


@contextmanager
def _officer(home: Path, address: str, password: str | None) -> Iterator[tuple[Any, Any]]:
    """A transaction, and the officer who acts in it; raises `Refused` for anybody else."""
    from datetime import UTC, datetime

    from cases.access.policy import Duty, has_duty
    from cases.commands import signed_in
    from cases.errors import Refused
    from cases.handling.hand import Hand
    from cases.keys.files import KeyFiles
    from cases.store.engine import open_database, writing
    from gateway.settings import Everything, load, must_exist

    settings = load(Everything, must_exist(home))
    engine, keys = open_database(settings.record_url, schema="heed_record"), KeyFiles(settings.keys_folder)
    viewer, vault = signed_in(engine, address, password)
    if not has_duty(viewer.roles, Duty.SUBJECTS):
        raise Refused("requests of people about themselves are for the data protection officer")
    with writing(engine) as connection:
        yield connection, Hand(viewer, vault, keys.pair("service"), datetime.now(UTC), keys.secret("index"))


def _request(one: Any) -> dict[str, Any]:
    return {
        "request": one.id,
        "kind": one.kind.value,
        "state": one.state,
        "name": one.about.name,
        "addresses": list(one.about.addresses),
        "opened_at": one.opened_at.isoformat(timespec="seconds"),
        "due_at": one.due_at.isoformat(timespec="seconds"),
        "waiting": one.waiting,
    }


def _item(item: Any) -> dict[str, Any]:
    return {
        "item": item.id,
        "reference": item.reference,
        "at": item.at.isoformat(timespec="seconds"),
        "why": item.why,
        "state": item.state,
        "reason": item.reason,
    }
