"""What is readable and still wrong: required names, teams of outsiders, rules that can never match."""

from rules.language.reader import Reader
from rules.language.tree import Node
from rules.ruleset import GUARDIAN, UNSORTED, Ruleset


def check_ruleset(ruleset: Ruleset, sections: dict[str, Node], reader: Reader) -> None:
    """Notes every problem of a ruleset as a whole. With errors before, `ruleset` holds what could be read."""
    _check_required(ruleset, sections, reader)


def _check_required(ruleset: Ruleset, sections: dict[str, Node], reader: Reader) -> None:
    categories, people = sections.get("categories"), sections.get("people")
    if categories is not None and UNSORTED not in reader.names.get("categories", {}):
        reader.error(categories, 'the category "unsorted" is missing', "it takes what nobody could classify")
    if people is not None and GUARDIAN not in reader.names.get("people", {}):
        reader.error(
            people,
            'the people "guardian" are missing',
            "they take what nobody else may see: two people of two reporting lines",
        )
