"""Any mail we send, composed by the code that sends it, about a case that nobody has."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib.resources import files

from cases.access.quoting import may_quote
from cases.errors import Refused
from cases.model.wording import LANGUAGES, MAILS, NOTICES, Phrase, phrase
from cases.model.words import Access
from cases.store.codec import MailPayload
from rules.ruleset import NOWHERE, Category, Ruleset
from worker.mail.body import quoted
from worker.mail.compose import Sender, compose
from worker.mail.enclosure import Enclosure
from worker.mail.phrases import Speech, above, speech_of, spoken
from worker.mail.templates import ANSWERS, template
from worker.staff.orders import COMMANDS

REFERENCE = "HR-EXAM-PLE2"
FACTS = {
    "confirm_url": "https://heed.example/confirm/EXAMPLE",
    "links": "https://heed.example/s/EXAMPLE",
    "days": "14",
    "status": "5.1.1",
    "whom": "Fay Moss",
    "mailbox": "hr",
    "version": "a1b2c3d4e5f60718",
    "anchor": "EXAMPLE",
    "count": "2",
}
_DUE = {"clock": "first_response", "moment": "2026-11-03T17:00:00+00:00"}
PHRASES = (
    ("words", phrase("example.words")),
    ("last_day", phrase("day", day="2026-11-02")),
    ("last_step", phrase("last.other")),
    ("next_step", phrase("next.other")),
    ("by_day", phrase("day", day="2026-11-09")),
    ("close_day", phrase("day", day="2026-11-16")),
    ("reason", phrase("reason.sealed")),
    ("kept", phrase("kept.note")),
    *COMMANDS,
    ("sent", phrase("sent.nothing")),
    ("done", phrase("done.risk", level="moderate")),
    ("done", phrase("done.assigned", person="Pia Lind")),
    ("kept_inside", phrase("nothing")),
    ("deadline", phrase("deadline.soon", **_DUE)),
    ("due", phrase("due.soon", clock="first_response", short=_DUE["moment"])),
    ("waiting", phrase("waiting", count="2")),
    ("lines", phrase("line.notice_reply", reference=REFERENCE)),
    ("lines", phrase("deadline.soon", reference="HR-EXAM-PLE3", **_DUE)),
    ("standing", phrase("standing.ready")),
    ("erased_on", phrase("day", day="2031-11-02")),
    ("review", phrase("review.look", day="2026-11-16")),
)
"""What is made up, by placeholder (`cases.model.wording.PLACEHOLDERS`)."""
OTHERS = {
    "notice_commands": {"reason": phrase("problem.close")},
    "notice_returned": {"reason": phrase("reason.status", status="5.1.1"), "kept": phrase("kept.answer")},
}
"""What stands there in another mail."""
STATUS_URL = ("status_url", "https://heed.example/s/EXAMPLE")
WITHOUT_LINK = ANSWERS | {"confirm", "links"}
NEVER_MAILED = "acknowledge_anonymous"


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail as its reader would see it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mail, about what: "" is no category, and the category's usual risk (without one, the lowest)."""

    template: str
    language: str = "en"
    category: str = ""
    risk: str = ""


def known_mails(ruleset: Ruleset) -> tuple[str, ...]:
    """The mails that can be looked at: ours, and the wordings that the ruleset adds."""
    ours = {file.name.partition(".")[0] for file in (files("worker") / "notices").iterdir() if file.name[-4:] == ".txt"}
    return tuple(sorted({*MAILS, *NOTICES, *ruleset.templates, *ours} - {"acknowledgement", NEVER_MAILED}))


def preview(wanted: Wanted, ruleset: Ruleset, sender: Sender, console: str, now: datetime) -> Preview:
    """The mail. Raises `Refused` for an unknown mail, category or risk, and where the category sends none."""
    name = wanted.template
    _known("mail", name, known_mails(ruleset))
    _known("language", wanted.language, tuple(LANGUAGES))
    category = _category(wanted, ruleset)
    risk = wanted.risk or (category.risk if category else ruleset.risk_levels[0])
    _known("risk", risk, ruleset.risk_levels)
    if name == "acknowledge" and category is not None:
        name = category.template
        if name == "none":
            raise Refused(f"no acknowledgement is sent in the category {category.name}: its template is none")
    notice = name.startswith("notice")
    discreet = category is not None and category.access is not Access.MANAGED
    given = template(name, wanted.language).names  # what a mail is given, its usual words name
    facts = {fact: words for fact, words in FACTS.items() if fact in given}
    speech = speech_of(ruleset, wanted.language)
    if not notice and name not in WITHOUT_LINK:
        facts |= dict((STATUS_URL,))
    if category is not None and not discreet and name not in {*NOTICES, "acknowledge_brief"}:
        facts |= _about(category, wanted.language)
    wording = ruleset.template(name, wanted.language)
    if wording is None and name == "acknowledge_brief":
        wording = ruleset.template(category.template if category else "acknowledge", wanted.language)
    to_reporter = not notice and name not in {"confirm", "links", "to_party"}
    payload = MailPayload(
        template=name,
        to="owner@example.com" if notice else "sam@example.com",
        language=wanted.language,
        reference=REFERENCE,
        reply_token="",
        bounce_token="",
        subject=speech.say(Phrase("example.subject")) if to_reporter and not discreet else "",
        facts=(("risk", risk), *facts.items()),
        wording=wording,
        phrases=tuple((fact, OTHERS.get(name, {}).get(fact, said)) for fact, said in PHRASES if fact in given),
    )
    place = f"{console}/cases/{REFERENCE}" if "reference" in given else console
    enclosed = Enclosure(_enclosed(ruleset, speech, category, risk, place, quotes="quote" in given) if notice else ())
    return _read(compose("preview", spoken(payload, speech), now, sender, enclosed).content)


def _known(what: str, name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise Refused(f"there is no {what} “{name}”; there is {', '.join(names)}")


def _category(wanted: Wanted, ruleset: Ruleset) -> Category | None:
    if not wanted.category:
        return None
    _known("category", wanted.category, tuple(ruleset.categories))
    return ruleset.category_in(wanted.category, NOWHERE)


def _about(category: Category, language: str) -> dict[str, str]:
    policy = category.policy
    said = {"category": category.title(language), "policy": policy.title(language) if policy else "",
            "policy_link": policy.link if policy else ""}  # fmt: skip
    return {name: words for name, words in said.items() if words}


def _enclosed(
    ruleset: Ruleset, speech: Speech, category: Category | None, risk: str, console: str, *, quotes: bool
) -> tuple[tuple[str, str], ...]:
    """What a notice carries of the case, by the policy that decides it when one leaves."""
    access = category.access if category else Access.MANAGED
    facts = [("console", console)]
    if access is not Access.SEALED:
        facts += [("above", above(speech.language)), ("by_mail", "")]
    team = ruleset.teams.get(category.team) if category else None
    says = category is not None and category.quote
    same = team is None or not team.organisation
    if not quotes or not may_quote(access, risk, ruleset.risk_levels, category_says=says, same_organisation=same):
        return (*facts, ("unquoted", ""))
    title = category.title(speech.language) if category else speech.say(Phrase("no_category"))
    who, about, words = (
        "Sam Doe <sam@example.com>",
        Phrase("example.subject"),
        quoted(speech.say(Phrase("example.quote"))),
    )
    return (*facts, ("who", who), ("category", title), ("about", speech.say(about)), ("quote", words))


def _read(content: bytes) -> Preview:
    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    if plain is None or html is None:
        raise Refused("the mail has no text")
    text, page = (str(part.get_content()).replace("\r\n", "\n") for part in (plain, html))
    return Preview(str(message["Subject"]), text, page)
