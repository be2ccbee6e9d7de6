"""The API's calls: who asks, how often, what for; then the same door as a form, and the same receipt."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ValidationError

from cases.errors import TryLater
from cases.keys.links import receipt_reader
from cases.model.codes import show_receipt
from cases.model.words import Channel
from cases.store.api_tokens import ApiToken
from gateway.inbox.envelope import Delivery
from webforms.api.document import openapi
from webforms.api.shapes import Accepted, Deadline, Problem, Said, Standing, Stored, Submission, Words
from webforms.bodies import CUT
from webforms.desk import Desk
from webforms.pages.visit import Visit, by_receipt
from webforms.payload import Filled, encode
from webforms.tokens import FormToken

if TYPE_CHECKING:
    from cases.keys.links import LinkReader

Shape = TypeVar("Shape", bound=BaseModel)
Work = Callable[[ApiToken], Response]
PREFIX = "/api/"
JSON, PROBLEM = "application/json", "application/problem+json"


@dataclass(frozen=True)
class Wrong(Exception):
    """Why a call fails: an HTTP status and a sentence."""

    status: int
    detail: str


def add_to(app: Flask, desk: Desk) -> None:
    """Add the routes."""
    call = _guard(desk)

    @app.get("/api/v1/openapi.json")
    def document() -> Response:
        return Response(json.dumps(openapi(desk.site.organisation.name)), mimetype=JSON)

    @app.post("/api/v1/submissions")
    @call("submit")
    def submit(token: ApiToken) -> Response:
        said = _body(desk, Submission)
        once = _once(desk, token, "submission")
        receipt = desk.tokens.receipt(once)
        reader = receipt_reader(receipt, desk.site.pepper)
        reference = _store(desk, once, reader, encode(_filled(said), reader=reader))
        return _json(201, Accepted(reference=reference, receipt=show_receipt(receipt)))

    @app.post("/api/v1/messages")
    @call("submit")
    def message(token: ApiToken) -> Response:
        said = _body(desk, Words)
        visit = _visit(desk)
        payload = encode(_filled(said), case_link=visit.reader)
        once = _once(desk, token, f"message {visit.reader.lookup}")
        _store(desk, once, visit.reader, payload, visit.through(Channel.API))
        return _json(201, Stored(stored=True))

    @app.get("/api/v1/status")
    @call("read")
    def status(_token: ApiToken) -> Response:
        return _json(200, _standing(_visit(desk)))


def _guard(desk: Desk) -> Callable[[str], Callable[[Work], Callable[[], Response]]]:
    """Makes a route a call that needs a scope, is limited by token, and says what is wrong as a problem."""
    limiter = MovingWindowRateLimiter(MemoryStorage())
    rate = RateLimitItemPerMinute(desk.site.web.api_requests_per_minute)

    def call(scope: str) -> Callable[[Work], Callable[[], Response]]:
        def guarded(work: Work) -> Callable[[], Response]:
            @wraps(work)
            def answer() -> Response:
                try:
                    token = _caller(desk, scope)
                    if limiter.hit(rate, token.id):
                        return work(token)
                    return problem(429, "Too many requests; try again in a minute.")
                except Wrong as error:
                    return problem(error.status, error.detail)
                except TryLater:
                    return problem(503, "It could not be done now; try again later.")

            return answer

        return guarded

    return call


def problem(status: int, detail: str) -> Response:
    """What went wrong (RFC 9457)."""
    titles = {401: "Unauthorized", 403: "Forbidden", 404: "Not found", 429: "Too many requests", 503: "Try later"}
    body = Problem(title=titles.get(status, "Not understood"), status=status, detail=detail).model_dump_json()
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if status in {429, 503}:
        headers["Retry-After"] = "30"
    return Response(body, status, headers, mimetype=PROBLEM)


def _caller(desk: Desk, scope: str) -> ApiToken:
    kind, _, letters = request.headers.get("Authorization", "").partition(" ")
    token = desk.site.record.api_token(letters.strip()) if kind.lower() == "bearer" and letters else None
    if token is None:
        raise Wrong(401, "Send a token as “Authorization: Bearer …”; `heed api-token add` makes one.")
    if scope not in token.scopes:
        raise Wrong(403, f"This token lacks the scope {scope}.")
    return token


def _body(desk: Desk, shape: type[Shape]) -> Shape:
    if request.mimetype != JSON:
        raise Wrong(415, "Send the body as application/json.")
    length = request.content_length or 0
    if length > desk.site.web.max_upload_bytes or request.environ.get(CUT):
        raise Wrong(413, f"At most {desk.site.web.max_upload_bytes} bytes fit in one request.")
    raw = request.environ["wsgi.input"].read(length)
    try:
        return shape.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        broken = first["type"] == "json_invalid"
        where = ".".join(map(str, first["loc"])) or "the body"
        raise Wrong(400 if broken else 422, f"{where}: {first['msg']}.") from None


def _once(desk: Desk, token: ApiToken, what: str) -> FormToken:
    """What the idempotency key stands for; without one, every call is a new one."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return desk.tokens.fresh()
    if not 8 <= len(key) <= 128 or not key.isascii() or not all(one.isalnum() or one in "._:-" for one in key):
        raise Wrong(422, "Idempotency-Key: 8 to 128 letters, digits or . _ : -")
    nonce = sha256("\x1f".join((token.id, what, key)).encode()).hexdigest()[:32]
    return FormToken(nonce, desk.tokens.key)


def _filled(said: Words) -> Filled:
    files = tuple(one.uploaded() for one in said.files)
    if not isinstance(said, Submission):
        return Filled("api", said.language, said.text, files=files)
    return Filled(
        form=said.form,
        language=said.language,
        text=said.text,
        name=said.name,
        email=said.email,
        subject=said.subject,
        fields=dict(said.fields),
        files=files,
        concerns=tuple(said.concerns),
        keep_from=tuple(said.keep_from),
        keep_from_managers=said.keep_from_managers,
    )


def _store(desk: Desk, once: FormToken, reader: "LinkReader", payload: bytes, door: Channel = Channel.API) -> str:
    """Store it once: the same key with other words is refused, before or after triage."""
    wanted = desk.tokens.api_envelope_id(once, payload, reader.lookup)
    if any(one != wanted for one in desk.site.record.stored(wanted[:24])):
        raise Wrong(409, "This idempotency key was used with another body.")
    return desk.store(Delivery(door, payload), wanted)


def _visit(desk: Desk) -> Visit:
    found = by_receipt(desk, request.headers.get("Heed-Receipt", ""))
    if found is None:
        if desk.limiter.failed():
            raise Wrong(429, "Too many wrong receipts; try again in a minute.")
        raise Wrong(404, "This receipt opens nothing.")
    return found


def _standing(visit: Visit) -> Standing:
    case = visit.case
    if case is None:
        return Standing(reference="", status="received")
    return Standing(
        reference=case.reference,
        status=case.status.value,
        received_at=case.received_at.isoformat(),
        closed_at=case.closed_at.isoformat() if case.closed_at else None,
        deadlines=[Deadline(kind=one.kind, state=one.state, due=one.due.isoformat()) for one in case.clocks],
        messages=[
            Said(
                number=one.number,
                from_reporter=one.from_reporter,
                at=one.at.isoformat(),
                text=one.text,
                files=[file.name for file in one.files],
            )
            for one in case.messages
        ],
    )


def _json(status: int, shape: Any) -> Response:
    return Response(shape.model_dump_json(), status, mimetype=JSON)
