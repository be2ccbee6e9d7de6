"""Who may be named as a recipient: a group of people, a team, a role in the case, or an address."""

from dataclasses import dataclass
from typing import Any

from rules.language.problems import did_you_mean
from rules.language.reader import Reader
from rules.language.shapes import wrong_kind
from rules.language.tree import Node

ROLES = ("owner", "team", "team_lead", "on_call", "senders_manager")
"""Roles in the case: its owner, its team's members, its lead, who of it is on call; the sender's manager by the directory."""

EXCLUDABLE = ("named_people", "their_reports", "senders_manager", "senders_chain", "sender")
"""`senders_chain`: whomever the sender reports to, all the way up."""


@dataclass(frozen=True)
class Recipient:
    """One recipient by name. `roles` are the words that stand for people of the case."""

    roles: tuple[str, ...] = ROLES

    def read(self, node: Node, reader: Reader) -> str | None:
        """The name; groups and teams are noted as used."""
        if node.kind != "text":
            return wrong_kind(node, self, reader)  # type: ignore[no-any-return]
        name = str(node.value)
        for section in ("people", "teams"):
            if name in reader.names.get(section, {}):
                reader.used[section].add(name)
                return name
        if name in self.roles or _is_address(name):
            return name
        known = (*reader.names.get("people", {}), *reader.names.get("teams", {}), *self.roles)
        reader.error(node, f'nobody is called "{name}"', did_you_mean(name, known) or "name a group under people:")
        return None

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}

    def words(self) -> str:
        """What is expected."""
        return f"a group of people, a team, an address, or {', '.join(self.roles)}"


@dataclass(frozen=True)
class AddressShape:
    """A mail address."""

    def read(self, node: Node, reader: Reader) -> str | None:
        """The address in lower case."""
        if node.kind == "text" and _is_address(str(node.value)):
            return str(node.value).lower()
        reader.error(
            node, f'"{node.value}" is no mail address' if node.kind == "text" else "a mail address is expected"
        )
        return None

    def schema(self) -> dict[str, Any]:
        """A string with an @."""
        return {"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$"}

    def words(self) -> str:
        """What is expected."""
        return "a mail address"


def _is_address(text: str) -> bool:
    local, _, domain = text.partition("@")
    return bool(local and domain) and "@" not in domain and not any(letter.isspace() for letter in text)
