"""Sessions of the staff site: random ids in a cookie, everything else in this process's memory, vault keys above all."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from cases.keys.sealing import KeyPair

MOST = 5000
"""Sessions kept at a time; the oldest signed-out ones go first."""
HALFWAY = timedelta(minutes=10)
"""How long somebody may take between password and second factor."""


class Stage(StrEnum):
    """How far somebody has come."""

    OUT = "out"
    ENROL = "enrol"
    CODE = "code"
    PASSPHRASE = "passphrase"  # noqa: S105  a stage
    IN = "in"


class StaffSession(dict[str, Any], SessionMixin):
    """One browser's session. The dictionary holds form tokens and messages; who it is, and their key, stand beside it."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.sid = secrets.token_urlsafe(32)
        self.stage = Stage.OUT
        self.person_id = ""
        self.vault: KeyPair | None = None
        self.proposed_secret = ""
        self.subject = ""
        self.began = now
        self.seen = now
        self.stored = False
        self.announce = False

    def __repr__(self) -> str:
        """Nothing that could be used."""
        return f"<StaffSession {self.stage}>"

    @property
    def vault_public(self) -> bytes:
        """The public half of the key it holds; a vault that was reset has another one, and ends the session."""
        return self.vault.public if self.vault is not None else b""

    def forget(self) -> None:
        """Nobody is signed in any more, and the key is gone."""
        self.clear()
        self.stage, self.person_id, self.vault, self.proposed_secret = Stage.OUT, "", None, ""
        self.subject = ""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """When a session ends: after so long without a click, and in any case."""

    idle: timedelta
    absolute: timedelta


class SessionStore:
    """Every session of this process; safe to use from several threads."""

    def __init__(self, lifetimes: Lifetimes, now: Callable[[], datetime]) -> None:
        self._lifetimes = lifetimes
        self._now = now
        self._sessions: dict[str, StaffSession] = {}
        self._lock = threading.Lock()

    def fresh(self) -> StaffSession:
        """A session that is not kept yet."""
        return StaffSession(self._now())

    def find(self, sid: str) -> StaffSession | None:
        """The living session with this id; one whose time is over is forgotten, key and all."""
        with self._lock:
            session = self._sessions.get(sid)
            if session is None:
                return None
            now = self._now()
            if self._over(session, now):
                del self._sessions[sid]
                session.forget()
                return None
            session.seen = now
            return session

    def keep(self, session: StaffSession) -> None:
        """Keep a session from now on, and have its cookie set."""
        with self._lock:
            self._make_room()
            self._sessions[session.sid] = session
            session.stored = session.announce = True

    def rotate(self, session: StaffSession) -> None:
        """A new id for the same session, so that an id from before signing in opens nothing."""
        with self._lock:
            self._sessions.pop(session.sid, None)
            session.sid = secrets.token_urlsafe(32)
            session.began = session.seen = self._now()
            session.pop("csrf_token", None)
            self._sessions[session.sid] = session
            session.stored = session.announce = True

    def end(self, session: StaffSession) -> None:
        """Forget a session and the key it held."""
        with self._lock:
            self._sessions.pop(session.sid, None)
        session.forget()
        session.stored = False

    def end_others(self, session: StaffSession) -> None:
        """Forget every other session of the same person."""
        with self._lock:
            others = [
                one for one in self._sessions.values() if one.person_id == session.person_id and one is not session
            ]
            for one in others:
                del self._sessions[one.sid]
                one.forget()

    def _over(self, session: StaffSession, now: datetime) -> bool:
        if session.stage in {Stage.CODE, Stage.ENROL, Stage.PASSPHRASE} and now - session.began > HALFWAY:
            return True
        return now - session.seen > self._lifetimes.idle or now - session.began > self._lifetimes.absolute

    def _make_room(self) -> None:
        now = self._now()
        for sid in [sid for sid, one in self._sessions.items() if self._over(one, now)]:
            self._sessions.pop(sid).forget()
        while len(self._sessions) >= MOST:
            out = next((sid for sid, one in self._sessions.items() if one.stage is not Stage.IN), None)
            self._sessions.pop(out or next(iter(self._sessions))).forget()


class MemorySessions(SessionInterface):
    """Flask's sessions from a `SessionStore`. The cookie holds the id alone."""

    def __init__(self, store: SessionStore, *, secure: bool) -> None:
        self._store = store
        self._secure = secure
        self.cookie = "__Host-heed" if secure else "heed_console"

    def open_session(self, app: Flask, request: Request) -> StaffSession:
        """The browser's session, or a new one that is kept only once it holds something."""
        sid = request.cookies.get(self.cookie, "")
        found = self._store.find(sid) if sid else None
        return found if found is not None else self._store.fresh()  # an empty one is still somebody's

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie of a session that is new, or has a new id."""
        assert isinstance(session, StaffSession)  # noqa: S101  nothing else opens sessions
        if session and not session.stored:
            self._store.keep(session)
        if session.announce:
            session.announce = False
            response.set_cookie(
                self.cookie, session.sid, httponly=True, samesite="Strict", secure=self._secure, path="/"
            )
