"""Words without who sent them: what a case keeps of a message when its reporter's name and address move elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import replace

from cases.model.decision import ConditionTrace
from cases.model.submission import Address, Bounce, Submission

PROTECTED = "protected_reporter"
"""The tag of a case whose reporter's name and address lie in the `identity` compartment alone."""
IN_PLACE = "[protected]"
"""Stands where the name or the address stood."""
SHORTEST_NAME = 4
"""Letters of a display name that is looked for in the words: a shorter one is in too many other words."""


def veiled(said: Submission, *known: Address) -> Submission:
    """The submission without its sender, and without their name and address in its words, wherever they stand as written.

    `known` are earlier ways the same person signed. Mail ids go too: they name the machine that wrote them. What else the
    words tell of who wrote them stays: nobody but a reader can find that.
    """
    people = [one for one in (said.sender, said.reply_to, *known) if one is not None]
    pattern = _pattern(people, said.envelope_sender)
    theirs = {one.address.casefold() for one in people}

    def hide(text: str) -> str:
        return pattern.sub(IN_PLACE, text) if pattern else text

    return replace(
        said,
        sender=Address(),
        reply_to=None,
        envelope_sender="",
        to=tuple(one for one in said.to if one.address.casefold() not in theirs),
        cc=tuple(one for one in said.cc if one.address.casefold() not in theirs),
        envelope_recipients=(),
        message_id="",
        in_reply_to="",
        references=(),
        subject=hide(said.subject),
        text=hide(said.text),
        new_text=hide(said.new_text),
        forwarded_text=hide(said.forwarded_text),
        html=hide(said.html),
        fields=tuple((name, hide(value)) for name, value in said.fields),
        attachments=tuple(replace(one, filename=hide(one.filename)) for one in said.attachments),
        automatic=replace(said.automatic, bounce=_without_recipient(said)),
    )


def without_sender(one: ConditionTrace, known: Sequence[Address]) -> ConditionTrace:
    """What a rule found, without what it found of the sender."""
    if one.where.endswith("sender"):
        return replace(one, evidence=())
    pattern = _pattern(list(known), "")
    return replace(one, evidence=tuple(pattern.sub(IN_PLACE, words) for words in one.evidence)) if pattern else one


def _pattern(people: list[Address], envelope_sender: str) -> re.Pattern[str] | None:
    addresses = {one.address for one in people} | {envelope_sender.strip("<>")}
    names = {" ".join(one.name.split()) for one in people}
    found = [one for one in addresses if "@" in one] + [one for one in names if len(one) >= SHORTEST_NAME]
    words = [re.escape(one).replace(r"\ ", r"\s+") for one in sorted(found, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE) if words else None


def _without_recipient(said: Submission) -> Bounce | None:
    bounce = said.automatic.bounce
    return replace(bounce, recipient="") if bounce else None
