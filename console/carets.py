"""A finding in a ruleset with the place it stands in: an excerpt that is narrow enough for a column, and a caret."""

from rules.language.problems import Problem

WIDTH = 44
"""Characters of the excerpt."""


def excerpt(problem: Problem) -> str:
    """Two lines: the part of the line around the finding, and carets under it; "" where there is no line to show."""
    text = problem.text.replace("\t", " ")
    if not text.strip():
        return ""
    start = 0 if len(text) <= WIDTH else max(0, min(problem.column - 1 - WIDTH // 3, len(text) - WIDTH))
    shown, place = text[start : start + WIDTH], problem.column - 1 - start
    if start:
        shown = "…" + shown[1:]
    if start + WIDTH < len(text):
        shown = shown[:-1] + "…"
    carets = "^" * max(1, min(problem.length, len(shown) - place))
    return f"{shown}\n{' ' * place}{carets}"
