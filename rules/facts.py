"""Everything a condition may look at: one submission, its assessment, the world around it, and what was decided so far."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cases.model.assessment import Assessment
from cases.model.context import Context, Person
from cases.model.submission import Submission
from cases.model.words import Authenticity, Channel
from rules.parties import NamedParty, find_parties
from rules.ruleset import Alias, Ruleset
from rules.text.index import TextIndex


@dataclass(frozen=True, slots=True)
class Decided:
    """What the earlier phases decided: each phase sees a snapshot of it."""

    category: str = ""
    risk: str = ""
    access: str = "managed"
    team: str = ""
    tags: frozenset[str] = frozenset()
    fired: frozenset[str] = frozenset()


class Facts:
    """The world of one decision. What is costly is found when first asked for."""

    def __init__(
        self, ruleset: Ruleset, submission: Submission, assessment: Assessment, context: Context, now: datetime
    ) -> None:
        self.ruleset = ruleset
        self.submission = submission
        self.assessment = assessment
        self.context = context
        self.now = now
        self.decided = Decided()

    @cached_property
    def index(self) -> TextIndex:
        """The text, read once."""
        return TextIndex(self.submission, self.ruleset.lexicon, self.language)

    @property
    def language(self) -> str:
        """The language of the text, by the model or the normaliser, else that of the alias; "" when none could tell."""
        told = self.assessment.language or self.submission.language
        return told or (self.alias.language if self.alias else "")

    @cached_property
    def alias(self) -> Alias | None:
        """The alias it was written to."""
        return self.ruleset.alias_of(self.submission)

    @property
    def believed(self) -> bool:
        """Whether the stated sender may be taken for one: not an anonymous report, no failed authenticity."""
        submission = self.submission
        return submission.channel is not Channel.ANONYMOUS and submission.authenticity is not Authenticity.FAIL

    @cached_property
    def sender_address(self) -> str:
        """The sender's address, lower case; "" when it is not believed or absent."""
        return self.submission.sender.address.strip().lower() if self.believed else ""

    @cached_property
    def sender(self) -> Person | None:
        """The sender's directory entry; None when unknown or not believed."""
        return self.context.directory.find(self.sender_address) if self.sender_address else None

    @cached_property
    def parties(self) -> tuple[NamedParty, ...]:
        """Who is named: by a form, and in the text."""
        return find_parties(self.ruleset, self.index, self.context, self.sender, self.sender_address, self.named,
                            self.submission.sender.name)  # fmt: skip

    @property
    def named(self) -> tuple[str, ...]:
        """Whom a form says it concerns or must be kept from, as written: people or teams."""
        said = self.submission
        return (*self.context.named_parties, *said.concerns, *said.keep_from)

    @cached_property
    def staff(self) -> frozenset[str]:
        """Addresses, lower case, of everyone who may come to see cases: by the ruleset, or by a role."""
        return frozenset(address.lower() for address in (*self.ruleset.staff, *self.context.staff))

    @cached_property
    def stated_sender(self) -> Person | None:
        """Whom the directory has at the stated address, believed or not: only ever a reason to keep people away."""
        return self.context.directory.find(self.submission.sender.address)
