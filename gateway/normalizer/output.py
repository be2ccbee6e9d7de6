"""Writes a submission as the JSON object that `heed parse` prints."""

from typing import Any

from cases.model.submission import Address, Attachment, Automatic, Submission


def submission_to_json(submission: Submission, file: str) -> dict[str, Any]:
    """The fields of docs/mail.md for one submission, ready for json.dumps. `file` is the name it was read from."""
    return {
        "file": file,
        "message_id": submission.message_id,
        "in_reply_to": submission.in_reply_to,
        "references": list(submission.references),
        "from": _address(submission.sender),
        "reply_to": _address(submission.reply_to) if submission.reply_to else None,
        "to": [_address(each) for each in submission.to],
        "cc": [_address(each) for each in submission.cc],
        "subject": _clean(submission.subject),
        "date": submission.date.isoformat() if submission.date else None,
        "text": _clean(submission.text),
        "new_text": _clean(submission.new_text),
        "language": submission.language,
        "automatic": _automatic(submission.automatic),
        "attachments": [_attachment(each) for each in submission.attachments],
        "authenticity": submission.authenticity.value,
        "problems": [_clean(each) for each in submission.problems],
    }


def _clean(text: str) -> str:
    """Without lone surrogates, which no UTF-8 output can carry."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _address(address: Address) -> dict[str, str]:
    return {"name": _clean(address.name), "address": _clean(address.address)}


def _attachment(attachment: Attachment) -> dict[str, Any]:
    return {
        "filename": _clean(attachment.filename),
        "content_type": _clean(attachment.content_type),
        "size": attachment.size,
        "sha256": attachment.sha256,
    }


def _automatic(automatic: Automatic) -> dict[str, Any]:
    bounce = automatic.bounce
    return {
        "kind": automatic.kind.value,
        "reason": _clean(automatic.reason),
        "bounce": None
        if bounce is None
        else {
            "recipient": _clean(bounce.recipient),
            "status": bounce.status,
            "original_message_id": _clean(bounce.original_message_id),
        },
    }
