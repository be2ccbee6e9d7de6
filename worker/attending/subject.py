"""Somebody asked what is known about them: cases are searched in steps, readers of sealed ones are asked to search theirs."""

from cases.model.wording import phrase
from cases.store.outbox import OutboxEntry, promise_to_attend
from cases.subjects import requests, searching
from worker.attending.desk import Desk


def attend(desk: Desk, _entry: OutboxEntry) -> None:
    """Search some hundred cases and promise the next ones; at first ask the readers, at the end say that it is done."""
    request_id, after, run = (*desk.subject, "", "")[:3]
    keys = desk.shop.keys
    request = requests.get(desk.connection, request_id, keys.service)
    if not after and (readers := searching.ask_readers(desk.connection, request)):
        desk.tell("notice_subject_search", readers, phrase("line.subject_search"))
    last = searching.search_some(desk.connection, request, keys.service, keys.index, after)
    if last:
        promise_to_attend(desk.connection, [(f"subject:{request_id}:{last}:{run}", None, False)], desk.now)
        return
    searching.finish(desk.connection, request)
    desk.tell("notice_subject", (request.opened_by,), phrase("line.subject"))
