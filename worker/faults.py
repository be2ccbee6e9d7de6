"""Saying that and where something went wrong without quoting what it was about."""

import logging
from collections.abc import Sequence

from cases.model.words import Channel
from gateway.inbox.states import Leased


def where_of(error: Exception) -> str:
    """The innermost place of an error as module:line; its words may quote content and stay unwritten."""
    trace = error.__traceback__
    if trace is None:
        return "an unknown place"
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"


def say(log: logging.Logger, leased: Sequence[Leased], words: str) -> None:
    """A line for each, but for anonymous ones: a line has a time. What became of those their rows tell."""
    for one in leased:
        if one.channel is not Channel.ANONYMOUS:
            log.warning("envelope %s %s", one.id, words)
