"""What every page works with: the desk, the sessions, the rulebook, and who is looking."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from flask import g, session
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from cases.access.policy import Action, Duty, has_duty
from cases.handling.hand import Hand
from cases.keys.sealing import KeyPair
from cases.keys.vault import wrap_private
from cases.model.demands import Demands
from cases.store.dossier import open_decision
from cases.store.sight import Viewer, require
from console.desk import Desk
from console.limiter import SignInLimiter
from console.rulebook import Rulebook
from console.sessions import Lifetimes, SessionStore, StaffSession, Stage


@dataclass(frozen=True)
class Room:
    """One console at work. Made once by `create_app`."""

    desk: Desk
    sessions: SessionStore
    limiter: SignInLimiter
    rulebook: Rulebook
    nobody: str = field(repr=False)
    """A vault that nothing opens: what an unknown address is tried against, so that it takes as long."""

    @classmethod
    def of(cls, desk: Desk) -> "Room":
        """Everything around a desk."""
        console = desk.console
        lifetimes = Lifetimes(timedelta(minutes=console.idle_minutes), timedelta(hours=console.session_hours))
        return cls(
            desk=desk,
            sessions=SessionStore(lifetimes, desk.now),
            limiter=SignInLimiter(
                per_account=console.attempts_per_account,
                per_minute=console.attempts_per_minute,
                key=desk.random_bytes(32),
            ),
            rulebook=Rulebook(desk.record),
            nobody=wrap_private(KeyPair.generate(), desk.random_bytes(16).hex(), ""),
        )

    def hand(self) -> Hand:
        """Who acts in this request, with their keys."""
        return Hand(viewer(), vault(), self.desk.service, self.desk.now(), self.desk.index)

    def demands(self, connection: Connection, reference: str) -> Demands:
        """What its version of the ruleset asks of this case before it closes; raises `Refused` when it is not theirs."""
        seen, hand = require(connection, reference, viewer(), Action.READ), self.hand()
        return self.rulebook.demands(connection, seen.row, open_decision(seen, hand.keys(connection, seen)))


def visit() -> StaffSession:
    """The session of the request that is being answered."""
    return cast(StaffSession, session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001  the proxy's own way


def viewer() -> Viewer:
    """Who looks; only where the policy has let somebody in."""
    found: Viewer | None = g.get("viewer")
    if found is None:
        raise NotFound
    return found


def vault() -> KeyPair:
    """The signed-in person's key pair."""
    keys = visit().vault
    if keys is None or visit().stage is not Stage.IN:
        raise NotFound
    return keys


def carries(duty: Duty) -> bool:
    """Whether whoever looks has the duty."""
    return has_duty(viewer().roles, duty)
