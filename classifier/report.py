"""Shows an evaluation in the terminal: tables of figures, categories, calibration, abstention and worst confusions."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from classifier.evaluation import CurvePoint, Evaluation, Interval

NAMES = {
    "top_1": "top answer acceptable",
    "top_3": "acceptable among the top three",
    "answered": "answered (did not abstain)",
    "top_1_answered": "top answer acceptable where answered",
    "high_risk_recall": "high-risk recall",
    "false_alarms": "false alarms, all others",
    "false_alarms_routine": "false alarms, routine",
    "false_alarms_harmless": "false alarms, looks like a report but is none",
    "caution_recall": "high-risk recall at the caution threshold",
    "caution_rate": "messages at the caution threshold",
    "calibration_error": "calibration error",
}


def show(result: Evaluation, console: Console | None = None) -> None:
    """Prints the report."""
    out = console or Console()
    out.print(f"model {result.model}, {result.rows} messages")
    out.print(_figures(result))
    out.print(_classes(result))
    out.print(_curve("calibration", "confidence", result.calibration))
    out.print(_curve("abstention", "answer from", result.abstention))
    out.print(_confusions(result))


def figure_name(key: str) -> str:
    """A figure's name for people."""
    return NAMES.get(key) or f"top answer acceptable, {key.removeprefix('top_1_')}"


def in_order(figures: Mapping[str, Interval]) -> list[tuple[str, Interval]]:
    """The figures in the order in which people ask for them."""
    return [(key, figures[key]) for key in (*NAMES, *sorted(figures.keys() - NAMES.keys())) if key in figures]


def worst_confusions(result: Evaluation, most: int = 12) -> list[tuple[str, str, int]]:
    """Truth, answer, count: the commonest mistakes first."""
    pairs = [
        (truth, answer, count)
        for truth, line in zip(result.classes, result.confusion, strict=True)
        for answer, count in zip(result.classes, line, strict=True)
        if truth != answer and count
    ]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:most]


def _figures(result: Evaluation) -> Table:
    table = Table("figure", "value", "95% interval", "messages")
    for key, item in in_order(result.figures):
        table.add_row(figure_name(key), f"{item.value:.3f}", f"{item.low:.3f} to {item.high:.3f}", str(item.count))
    return table


def _classes(result: Evaluation) -> Table:
    table = Table("category", "messages", "top 1", "top 3", "right when given")
    for item in result.by_class:
        table.add_row(item.name, str(item.rows), _share(item.top_1), _share(item.top_3), _share(item.precision))
    return table


def _curve(title: str, what: str, points: tuple[CurvePoint, ...]) -> Table:
    table = Table(what, "right", "messages", title=title)
    for point in points:
        table.add_row(f"{point.at:.2f}", f"{point.right:.3f}", str(point.count))
    return table


def _confusions(result: Evaluation) -> Table:
    table = Table("is", "was called", "times", title="commonest mistakes")
    for truth, answer, count in worst_confusions(result):
        table.add_row(truth, answer, str(count))
    return table


def _share(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"  # noqa: PLR0124 -- the test for not-a-number
