"""The words of outgoing mail as HR ops may write them: which mails there are, and what may stand in their words."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject ("" for the usual one) and paragraphs with `$names` in them; one that names something unknown is left out."""

    subject: str
    text: str


MAILS = {
    "acknowledge": "the acknowledgement",
    "acknowledge_brief": "the acknowledgement to a sender who could not be verified",
    "acknowledge_anonymous": "what an anonymous reporter is told; shown at the receipt page, never mailed",
}
"""Mails that have words of their own when the ruleset gives none."""

PLACEHOLDERS = {
    "reference": "the case's reference, like HR-7K2M-94Q2",
    "organisation": "the organisation's name, from the settings of the deployment",
    "status_url": "the link to the case's status page",
    "category": "the category's label, in the language of the mail; never in a restricted or sealed case",
    "policy": "the title of the policy that the category rests on; never in a restricted or sealed case",
    "policy_link": "where that policy is; never in a restricted or sealed case",
}
"""What may stand in a wording as `$name` or `${name}`, and what it becomes."""


def placeholders_in(text: str) -> Iterator[tuple[str, int]]:
    """Each placeholder of a text with its offset; the name is "" for a dollar sign that begins none."""
    for found in Template.pattern.finditer(text):
        if found["escaped"] is None:
            yield found["named"] or found["braced"] or "", found.start()
