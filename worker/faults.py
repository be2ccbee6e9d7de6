"""Saying where something went wrong without quoting what it was about."""


def where_of(error: Exception) -> str:
    """The innermost place of an error as module:line; its words may quote content and stay unwritten."""
    trace = error.__traceback__
    if trace is None:
        return "an unknown place"
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
