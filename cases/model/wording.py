"""The words of outgoing mail as HR ops may write them: which mails there are, and what may stand in their words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""Languages that Heed speaks, in mails and on its public site, with their own names."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject ("" for the usual one) and paragraphs with `$names` in them; one that names something unknown is left out."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of ours that stand in a mail: which, and what they are about. When it leaves they are said in its language."""

    name: str
    values: tuple[tuple[str, str], ...] = ()

    def value(self, name: str) -> str:
        """What it is about under this name; "" for nothing."""
        return dict(self.values).get(name, "")


def dotted(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The words of a TOML file's tables within tables, each by its dotted key."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", words) for key, words in dotted(value))
        else:
            yield name, value


def phrase(name: str, **values: str) -> Phrase:
    """The phrase of this name, about these."""
    return Phrase(name, tuple(values.items()))


MAILS = {
    "acknowledge": "the acknowledgement",
    "acknowledge_brief": "the acknowledgement to a sender who could not be verified",
    "acknowledge_anonymous": "what an anonymous reporter is told; shown at the receipt page, never mailed",
}
"""Mails that have words of their own when the ruleset gives none."""

NOTICES = {
    "reply": "a colleague's answer to the reporter: $words",
    "to_party": "words to a party in their own thread: $words",
    "progress": "to the reporter: how the case stands",
    "waiting": "to the reporter: we wait for their answer",
    "closing": "to the reporter: the case will be closed on $close_day",
    "survey": "to the reporter: how did it go",
    "confirm": "to the directory's address: did you ask for this change",
    "links": "to whoever asks: the links to their requests",
    "notice_owner": "to the owner: a case is theirs, with its words where they may be quoted",
    "notice_reply": "to the owner: a new message",
    "notice_party": "to the owner: a party has answered",
    "notice_escalation": "to whom a case is escalated",
    "notice": "to whom a rule names",
    "notice_deadline": "a deadline comes near, or has passed",
    "notice_stalled": "nothing has moved in a case",
    "notice_unowned": "nobody owns a case",
    "notice_away": "the owner is away, and the case is the backup's for now",
    "notice_expiring": "a case's time of keeping ends",
    "notice_digest": "what waits for one person, in one mail",
    "notice_undeliverable": "our mail to the reporter came back",
    "notice_unreached": "to the lead: a notice to a colleague came back",
    "notice_unsent": "to the author: an answer did not go out",
    "notice_refused": "to the owner: an answer in the name of a colleague who has left did not go out",
    "notice_returned": "to the author: an answer came back",
    "notice_done": "to the author: what their #commands did",
    "notice_commands": "to the author: the list of #commands",
    "notice_who": "to who passed a mail on: whose words are they",
    "notice_mailbox": "to administrators: a mailbox is not read",
    "notice_directory": "to administrators: the directory is old",
    "notice_proposal": "to HR ops: rules.yaml was changed",
    "notice_review": "to leads: the regular review of the cases wants looking through, or a signature",
    "notice_anchor": "to auditors: the trail's anchor",
    "notice_look": "to triage: the classifier was wary of a case, and somebody should look today",
    "notice_subject": "to a data protection officer: a search for a person's data is done",
    "notice_subject_search": "to readers of sealed cases: please search them for a person",
}
"""Mails that have words of their own too, and that no category chooses: each goes out for what it is about."""

PLACEHOLDERS = {
    "reference": "the case's reference, like HR-7K2M-94Q2",
    "organisation": "the organisation's name, from the settings of the deployment",
    "status_url": "the link to the case's status page",
    "category": "the category's label, in the language of the mail; never in a restricted or sealed case",
    "policy": "the title of the policy that the category rests on; never in a restricted or sealed case",
    "policy_link": "where that policy is; never in a restricted or sealed case",
    "words": "in an answer: what the colleague wrote",
    "last_day": "in `progress`: the day of the last step",
    "last_step": "in `progress`: the last step",
    "next_step": "in `progress`: what comes next",
    "by_day": "in `progress`: by when at the latest",
    "close_day": "in `closing`: the day",
    "confirm_url": "in `confirm`: the link that confirms",
    "links": "in `links`: one link a line",
    "days": "in `links`: how many days they work",
    "above": "in notices that may be answered: the line above which the answer is written; stands at the top when left out",
    "console": "in notices: where the case is in the console",
    "risk": "in notices: the case's risk",
    "who": "in `notice_owner` and `notice_reply`: who wrote, where they may be quoted",
    "about": "in `notice_owner`: the subject, where it may be quoted",
    "quote": "in `notice_owner` and `notice_reply`: the words, where they may be quoted",
    "files_inside": "there: files that are too large for a mail",
    "unconfirmed": "stands for nothing: its paragraph is for words from an unknown address",
    "by_mail": "stands for nothing: its paragraph is for cases that can be answered by mail",
    "unquoted": "stands for nothing: its paragraph is for notices that quote nothing",
    "status": "in notices of what came back: the mail server's status code",
    "whom": "in `notice_unreached`: the colleague",
    "reason": "in `notice_unsent`, `notice_returned` and `notice_commands`: why",
    "kept": "in `notice_unsent` and `notice_returned`: what became of the words",
    "commands": "in `notice_commands`: the list",
    "sent": "in `notice_commands`: whether the text was sent",
    "done": "in `notice_done`: what was done",
    "kept_inside": "stands for nothing: its paragraph is for words that went to nobody",
    "deadline": "in `notice_deadline` and `notice_escalation`: which one, and when",
    "due": "in `notice_deadline`: the same in a few words, for the subject",
    "count": "in `notice_digest`: how many things",
    "waiting": "in `notice_digest`: that so many things wait, as a sentence",
    "lines": "in `notice_digest`: one line each",
    "mailbox": "in `notice_mailbox`: which",
    "version": "in `notice_proposal`: the version's name",
    "review": "in `notice_review`: what is due",
    "standing": "there: whether it can be published",
    "erased_on": "in `notice_expiring`: the day",
    "anchor": "in `notice_anchor`: the anchor",
}
"""What may stand in a wording as `$name` or `${name}`, and what it becomes."""


def placeholders_in(text: str) -> Iterator[tuple[str, int]]:
    """Each placeholder of a text with its offset; the name is "" for a dollar sign that begins none."""
    for found in Template.pattern.finditer(text):
        if found["escaped"] is None:
            yield found["named"] or found["braced"] or "", found.start()
