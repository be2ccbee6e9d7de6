"""Every command has said whom it is for; those that show content ask for a person."""

from collections.abc import Iterator

import click
import pytest

from gateway.command_policy import POLICY, Needs
from gateway.shell import main


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None:
            yield from leaves(inner, (*path, name))


COMMANDS = dict(leaves(main))
NEEDS = {name: needs for needs, commands in POLICY.items() for name in commands}


def test_every_command_declares_what_it_needs_and_nothing_else_is_declared() -> None:
    assert [name for name in COMMANDS if name not in NEEDS] == []
    said = [name for commands in POLICY.values() for name in commands]
    assert len(said) == len(set(said))
    assert set(said) - set(COMMANDS) <= {"imap"}


@pytest.mark.parametrize("name", sorted(POLICY[Needs.PERSON]))
def test_what_shows_content_asks_for_a_person_and_their_password(name: str) -> None:
    options = {option.name for option in COMMANDS[name].params}
    assert {"person", "password"} <= options


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_what_touches_a_home_takes_it_as_an_option(name: str) -> None:
    asks = "home" in {option.name for option in COMMANDS[name].params}
    assert asks or NEEDS[name] in {Needs.NOTHING, Needs.PROCESS} or name == "rules diff", name
