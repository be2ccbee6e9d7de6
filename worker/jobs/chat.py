"""The `chat` job: content-free notices to Slack, Teams or any webhook; retried and blocked like mail."""

import logging
from collections.abc import Callable

import requests

from cases.audit.chain import DEPLOYMENT, Json
from cases.audit.trail import NewEvent, append
from cases.errors import Refused, TryLater
from cases.keys.sealing import Place, unseal
from cases.model.wording import phrase
from cases.store import outbox
from cases.store.codec import MailPayload, payload_from
from cases.store.engine import writing
from gateway.settings.time import Notices
from worker.mail.phrases import Speech, speech_of, spoken
from worker.workshop import Workshop

log = logging.getLogger("heed.chat")
TIMEOUT = (3.05, 10.0)
"""Seconds to connect, and to wait for an answer."""

Post = Callable[[str, dict[str, Json], str], int]


class Chat:
    """Runs batches of chat notices. `post` sends JSON under an idempotency key and gives the status."""

    def __init__(self, workshop: Workshop, post: Post | None = None) -> None:
        self._shop = workshop
        self._post = post or post_json

    def __call__(self, batch: str, ids: list[str]) -> None:
        """Send the notices of one lease, one by one; each is written down before the next."""
        with writing(self._shop.record) as connection:
            entries = outbox.claim(connection, batch, ids)
        for entry in entries:
            try:
                self._send(entry)
            except (Refused, TryLater) as error:
                self._failed(entry, error)

    def _send(self, entry: outbox.OutboxEntry) -> None:
        settings, language = self._shop.settings.notices, self._shop.settings.organisation.language
        if not settings.chat_url:
            raise Refused("no chat webhook is set any more")
        payload = payload_from(unseal(self._shop.keys.service, entry.payload, Place("outbox", entry.id, "payload")))
        speech = speech_of(self._shop.rules()[0], language)
        body = message(settings, payload, entry.id, speech)
        judge(self._post(settings.chat_url, body, entry.id))
        now = self._shop.now()
        with writing(self._shop.record) as connection:
            if outbox.mark_done(connection, [entry.id], now):
                fact = NewEvent(entry.case_id or DEPLOYMENT, "chat.told", "chat", now, {"entry": entry.id})
                append(connection, [fact])

    def _failed(self, entry: outbox.OutboxEntry, error: Exception) -> None:
        log.warning("chat notice %s not sent, attempt %d: %s", entry.id, entry.attempts, error)
        now = self._shop.now()
        with writing(self._shop.record) as connection:
            outbox.failed(connection, entry, now, error)


def message(settings: Notices, payload: MailPayload, entry_id: str, speech: Speech) -> dict[str, Json]:
    """What is posted: a sentence for Slack and Teams, fields for any other. The reference grants nothing.

    Words are in the organisation's language; category and risk are given to programs by their names in the ruleset.
    """
    facts, said = dict(payload.facts), dict(spoken(payload, speech).facts)
    line = said.get("line", "")
    details = [speech.label(facts["category"])] if facts.get("category") else []
    details += [said["risk"]] if said.get("risk") else []
    text = speech.say(phrase("chat.case", reference=payload.reference, line=line))
    text += f" ({', '.join(details)})" if details else ""
    if settings.chat_kind == "webhook":
        given: dict[str, Json] = {name: facts[name] for name in ("category", "risk") if facts.get(name)}
        return {"id": entry_id, "reference": payload.reference, "what": line, "text": text, **given}
    if settings.chat_kind == "slack":
        return {"text": text}
    card: Json = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": text, "wrap": True}],
    }
    attachment: Json = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def judge(status: int) -> None:
    """Raises `TryLater` for what may pass (429, 5xx, 408), `Refused` for every other status that is no success."""
    if 200 <= status < 300:
        return
    words = f"the chat webhook answered {status}"
    raise TryLater(words) if status in {408, 425, 429} or status >= 500 else Refused(words)


def post_json(url: str, body: dict[str, Json], key: str) -> int:
    """One POST; no redirect is followed, since it would lead elsewhere than the operator said. Raises `TryLater`."""
    try:
        answer = requests.post(url, json=body, headers={"Idempotency-Key": key}, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise TryLater(f"the chat webhook cannot be reached ({type(error).__name__})") from error
    return answer.status_code
