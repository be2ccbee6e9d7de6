"""`heed staff`: the people who work with cases; what needs a second person waits for one in the console."""

from pathlib import Path
from typing import Any

import click

from cases.model.words import ROLES
from gateway.options import FriendlyGroup, home_option, json_option, print_json


@click.group(cls=FriendlyGroup)
def staff() -> None:
    """The people who work with cases."""


@staff.command("add")
@click.argument("address")
@click.option("--reports-to", default="", metavar="ADDRESS", help="Their manager; guardians must have different ones.")
@click.option("--name", default="", help="How they are called.")
@click.option(
    "--language", default="", help="What they are written to in: en, de, fr or es; else as the directory says."
)
@click.option("--role", "roles", multiple=True, required=True, help=f"{', '.join(ROLES)}; may be given several times.")
@home_option
@json_option
def staff_add(
    address: str, reports_to: str, name: str, language: str, roles: tuple[str, ...], home: Path, as_json: bool
) -> None:
    """Add a person with a vault of their own; prints a first password once.

    Once somebody has signed in who could agree, roles that read cases wait for them.
    """
    import secrets
    from datetime import UTC, datetime

    from cases.access.staffing import add
    from cases.model.codes import new_password
    from cases.store.engine import writing

    password = new_password(secrets.choice)
    with writing(_record(home)) as connection:
        waits = add(
            connection,
            person_id=secrets.token_hex(16),
            address=address,
            name=name,
            roles=roles,
            password=password,
            by="shell",
            now=datetime.now(UTC),
            reports_to=reports_to,
            language=language,
        )
    if as_json:
        waiting = waits.id if waits else ""
        print_json({"address": address.casefold(), "roles": list(roles), "password": password, "waits": waiting})
        return
    became = "added; to be" if waits else "added as"
    click.echo(f"{address} {became} {', '.join(roles)}. First password, shown this once: {password}")
    if waits:
        click.echo("Roles that read cases wait for a second person: an administrator or lead agrees in the console.")


@staff.command("deactivate")
@click.argument("address")
@home_option
@json_option
def staff_deactivate(address: str, home: Path, as_json: bool) -> None:
    """End a person's work on cases: no sign-in, no mail, and their open cases go to somebody else at once."""
    from datetime import UTC, datetime

    from cases.directory.commands import office_of, say_handed
    from cases.leaving import leave
    from cases.store.engine import writing

    record, office = office_of(home)
    with writing(record) as connection:
        handed = leave(connection, address, office, by="shell", now=datetime.now(UTC))
    if as_json:
        gone = {"address": handed.person, "reassigned": handed.reassigned, "ownerless": handed.ownerless}
        print_json(gone)
    else:
        say_handed(handed)


@staff.command("reactivate")
@click.argument("address")
@home_option
@json_option
def staff_reactivate(address: str, home: Path, as_json: bool) -> None:
    """Take somebody back who had left, with the vault they had; roles that read cases wait for a second person."""
    from datetime import UTC, datetime

    from cases.leaving import welcome_back
    from cases.store.engine import writing

    with writing(_record(home)) as connection:
        waits = welcome_back(connection, address, by="shell", now=datetime.now(UTC))
    if as_json:
        print_json({"address": address.casefold(), "active": True, "waits": waits})
    else:
        when = "once a second person agrees, on the console's page Approvals" if waits else "again"
        click.echo(f"{address} works on cases {when}.")


@staff.command("list")
@home_option
@json_option
def staff_list(home: Path, as_json: bool) -> None:
    """Who works with cases, in which roles, and which wait for a second person."""
    from cases.access import second
    from cases.store import people
    from cases.store.engine import reading

    with reading(_record(home)) as connection:
        everyone = people.everyone(connection)
        wished = {
            one.person_id: one.value.split() for one in second.waiting(connection) if one.kind is second.Kind.ROLES
        }
    for one in everyone:
        waiting = [role for role in wished.get(one.id, ()) if role not in one.roles]
        if as_json:
            print_json({"address": one.address, "name": one.name, "roles": list(one.roles), "waiting": waiting,
                        "language": one.language})  # fmt: skip
        else:
            held = [*one.roles, *(f"{role}: waits for a second person" for role in waiting)]
            click.echo("  ".join(filter(None, (one.address, one.name, f"({', '.join(held) or 'no role'})"))))


@staff.command("roles")
@click.argument("address")
@click.argument("roles", nargs=-1, required=True)
@home_option
@json_option
def staff_roles(address: str, roles: tuple[str, ...], home: Path, as_json: bool) -> None:
    """Give a person exactly these roles. What reads cases waits for a second person, who agrees in the console."""
    from datetime import UTC, datetime

    from cases.access.staffing import wish_roles
    from cases.store.engine import writing

    with writing(_record(home)) as connection:
        person = _person(connection, address)
        done = wish_roles(connection, person, roles, by="shell", now=datetime.now(UTC))
    if as_json:
        print_json({"address": person.address, "waits": done.waits.id if done.waits else ""})
    elif done.waits:
        click.echo("Roles that read cases wait for a second person: an administrator or lead agrees in the console.")
    else:
        click.echo(f"{address} is now {', '.join(roles)}.")


@staff.command("language")
@click.argument("address")
@click.argument("language", default="")
@home_option
@json_option
def staff_language(address: str, language: str, home: Path, as_json: bool) -> None:
    """Write to a person in this language (en, de, fr, es) from now on; without one, as the directory says.

    Who has none there either is written to in the organisation's.
    """
    from datetime import UTC, datetime

    from cases.store import people
    from cases.store.engine import writing

    with writing(_record(home)) as connection:
        people.set_language(connection, _person(connection, address), language, by="shell", now=datetime.now(UTC))
    if as_json:
        print_json({"address": address.casefold(), "language": language})
    else:
        click.echo(f"{address} is written to in {language or 'the language that the directory says'}.")


@staff.command("reset")
@click.argument("address")
@home_option
@json_option
def staff_reset(address: str, home: Path, as_json: bool) -> None:
    """A forgotten password: ask for a new vault. A second person agrees in the console, and is shown the other half.

    What the old vault held is restored by colleagues who hold the same keys, or by `heed keys recover`.
    """
    import secrets
    from datetime import UTC, datetime

    from cases.access.staffing import wish_reset
    from cases.model.codes import new_password
    from cases.store.engine import writing

    with writing(_record(home)) as connection:
        person = _person(connection, address)
        done = wish_reset(connection, person, new_password(secrets.choice), by="shell", now=datetime.now(UTC))
    if as_json:
        print_json({"address": person.address, "password": done.half, "waits": done.waits.id if done.waits else ""})
    elif done.waits:
        click.echo(f"First half of the new password, shown this once: {done.half}")
        click.echo("An administrator or lead agrees in the console and is shown the second half.")
    else:
        click.echo(f"New first password, shown this once: {done.half}")


@staff.command("training")
@click.argument("address")
@click.argument("course")
@click.option("--completed", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day it was completed.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day it runs out.")
@home_option
@json_option
def staff_training(address: str, course: str, completed: Any, expires: Any, home: Path, as_json: bool) -> None:
    """Write down a training. Which course restricted and sealed cases ask for, the ruleset says (settings: training)."""
    from datetime import UTC, datetime

    from cases.access.training import record
    from cases.store.engine import writing

    until = expires.replace(tzinfo=UTC)
    with writing(_record(home)) as connection:
        person = _person(connection, address)
        day, now = completed.replace(tzinfo=UTC), datetime.now(UTC)
        record(connection, person, course, completed=day, expires=until, by="shell", now=now)
    if as_json:
        print_json({"address": person.address, "course": course, "expires": until.date()})
    else:
        click.echo(f"{address}: {course}, until {until.date()}.")


def _person(connection: Any, address: str) -> Any:
    from cases.errors import Refused
    from cases.store import people

    person = people.find(connection, address)
    if person is None or not person.active:
        raise Refused(f"{address} is no member of staff")
    return person


def _record(home: Path) -> Any:
    from cases.store.engine import open_database
    from gateway.settings import Everything, load, must_exist

    return open_database(load(Everything, must_exist(home)).record_url, schema="heed_record")
