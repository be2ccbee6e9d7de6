"""One envelope on its way through a batch of triage."""

from dataclasses import dataclass, field
from functools import cached_property

from cases.access.originals import Original
from cases.keys.sealing import KeyPair
from cases.keys.tokens import Token
from cases.model.assessment import Assessment
from cases.model.submission import Submission
from cases.model.words import Channel
from cases.opening import Arrival
from cases.store.lookups import CaseRow
from cases.store.rows import Rows
from gateway.cleaning.protecting import AsSent
from gateway.form_links import FormLinks
from gateway.inbox import states
from gateway.inbox.envelope import Delivery
from gateway.normalizer import as_judged
from gateway.threads import Thread
from worker.staff.colleague import PassedOn


@dataclass
class Item:
    """One envelope. It `joins` a case, or opens one, which may stand beside one that closed long ago (`follows`)."""

    leased: states.Leased
    delivery: Delivery = field(repr=False)
    submission: Submission = field(repr=False)
    thread: Thread = field(default_factory=Thread)
    joins: CaseRow | None = None
    follows: CaseRow | None = None
    links: FormLinks = field(default_factory=FormLinks)
    passed_on: PassedOn | None = None
    probe: Token | None = None
    fingerprint: str = ""
    assessment: Assessment | None = None
    rows: Rows | None = None
    arrival: Arrival | None = None
    as_sent: tuple[AsSent, ...] = ()
    originals: tuple[Original, ...] = ()
    pair: KeyPair | None = field(default=None, repr=False)
    """The key pair of a sealed case whose sender is set apart."""

    @property
    def answered_ids(self) -> tuple[str, ...]:
        """Message-IDs that it says it answers."""
        said = self.submission
        return tuple(one for one in (said.in_reply_to, *said.references) if one)

    @property
    def answers_mail(self) -> bool:
        """Whether it is a mail that says it answers another."""
        return self.submission.channel is Channel.MAIL and bool(self.answered_ids)

    @cached_property
    def counted(self) -> Submission:
        """What is judged: of a first mail the forwarded part counts, of a reply only what is new."""
        return as_judged(self.submission, first=self.joins is None)
