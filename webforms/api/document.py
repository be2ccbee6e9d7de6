"""The API's OpenAPI 3.1 document, made from the shapes."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webforms.api.shapes import Accepted, Problem, Standing, Stored, Submission, Words

RECEIPT = {
    "name": "Heed-Receipt",
    "in": "header",
    "required": True,
    "description": "The receipt that the submission was answered with.",
    "schema": {"type": "string", "maxLength": 40},
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body again is the same submission, and gets the same answer.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,128}$"},
}
FAILURES = {
    "400": "The body is no JSON object as described.",
    "401": "The token is missing or wrong.",
    "403": "The token lacks the scope.",
    "413": "It is too large.",
    "415": "The body is not application/json.",
    "422": "A value is not as described.",
    "429": "Too many requests; try again later.",
    "503": "It could not be stored or looked up now; try again later.",
}
OPENS_NOTHING = {"404": "The receipt opens nothing."}
TWICE = {"409": "The idempotency key was used with another body."}


def openapi(organisation: str) -> dict[str, Any]:
    """The document as JSON values."""
    shapes: list[tuple[type[BaseModel], Any]] = [(one, "validation") for one in (Submission, Words)]
    shapes += [(one, "serialization") for one in (Accepted, Stored, Standing, Problem)]
    _, schemas = models_json_schema(shapes, ref_template="#/components/schemas/{model}")
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{organisation}: intake", "version": "1"},
        "paths": {
            "/api/v1/submissions": {"post": _post("submit", "Say something to HR.", Submission, Accepted, TWICE)},
            "/api/v1/messages": {
                "post": _post("message", "Add to a case.", Words, Stored, TWICE | OPENS_NOTHING, receipt=True)
            },
            "/api/v1/status": {"get": _status()},
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _post(
    name: str,
    summary: str,
    takes: type[BaseModel],
    gives: type[BaseModel],
    failures: dict[str, str],
    *,
    receipt: bool = False,
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [IDEMPOTENCY, *([RECEIPT] if receipt else [])],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(takes)}}},
        "responses": {"201": _answer("It is on disk.", gives), **_failures(FAILURES | failures)},
    }


def _status() -> dict[str, Any]:
    failures = {code: words for code, words in FAILURES.items() if code not in {"400", "413", "415", "422"}}
    return {
        "operationId": "status",
        "summary": "How a case stands, and what was said in it.",
        "parameters": [RECEIPT],
        "responses": {"200": _answer("How it stands.", Standing), **_failures(failures | OPENS_NOTHING)},
    }


def _ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _answer(words: str, shape: type[BaseModel]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _ref(shape)}}}


def _failures(known: dict[str, str]) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref(Problem)}}
    return {code: {"description": words, "content": content} for code, words in sorted(known.items())}
