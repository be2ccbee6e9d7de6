"""Renders an evaluation as one HTML page with its plots drawn in SVG: no script, no outside resource."""

from html import escape
from math import sqrt

from classifier.evaluation import ClassFigures, CurvePoint, Evaluation
from classifier.report import figure_name, in_order

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1c2127 }
table { border-collapse: collapse; margin: 1rem 0 } td, th { padding: .2rem .7rem; text-align: right }
td:first-child, th:first-child { text-align: left } tr:nth-child(even) { background: #f4f6f8 }
svg { background: #fff; border: 1px solid #d5dae0 } .row { display: flex; flex-wrap: wrap; gap: 2rem }
.wide { overflow-x: auto }
.confusion td { padding: .1rem .35rem; font-size: 12px } .confusion th { font-size: 11px; font-weight: normal }
.confusion thead th { writing-mode: vertical-rl }
"""
_SIZE, _EDGE = 320, 36


def render(result: Evaluation, title: str) -> str:
    """The whole page."""
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>",
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f"<h1>{escape(title)}</h1><p>Model {escape(result.model)}, {result.rows} messages.</p>",
        _figures(result),
        "<div class='row'><div><h2>Calibration</h2>",
        _plot(result.calibration, "confidence", "share right", diagonal=True),
        "</div><div><h2>Abstention</h2>",
        _plot(_answered(result), "share answered", "share right", diagonal=False),
        "</div></div><h2>Categories</h2>",
        _classes(result.by_class),
        "<h2>Confusion</h2><p>Rows are the truth, columns the answer; an acceptable answer counts as right.</p>",
        _confusion(result),
        "</html>",
    ]
    return "\n".join(parts)


def _answered(result: Evaluation) -> tuple[CurvePoint, ...]:
    return tuple(CurvePoint(point.count / result.rows, point.right, point.count) for point in result.abstention)


def _figures(result: Evaluation) -> str:
    lines = [
        f"<tr><td>{escape(figure_name(key))}</td><td>{item.value:.3f}</td><td>{item.low:.3f} to {item.high:.3f}</td>"
        f"<td>{item.count}</td></tr>"
        for key, item in in_order(result.figures)
    ]
    head = "<tr><th>figure</th><th>value</th><th>95% interval</th><th>messages</th></tr>"
    return f"<div class='wide'><table>{head}{''.join(lines)}</table></div>"


def _plot(points: tuple[CurvePoint, ...], across: str, up: str, *, diagonal: bool) -> str:
    inner = _SIZE - 2 * _EDGE

    def place(x: float, y: float) -> str:
        return f"{_EDGE + x * inner:.1f},{_SIZE - _EDGE - y * inner:.1f}"

    most = max((point.count for point in points), default=1)
    line = " ".join(place(point.at, point.right) for point in points)
    dots = "".join(_dot(place(point.at, point.right), point.count, most) for point in points)
    ideal = f"<polyline points='{place(0, 0)} {place(1, 1)}' stroke='#b8c0c8' fill='none'/>" if diagonal else ""
    ticks = "".join(
        f"<text x='{_EDGE + share * inner:.0f}' y='{_SIZE - 20}' font-size='10' text-anchor='middle'>{share:.1f}</text>"
        f"<text x='{_EDGE - 6}' y='{_SIZE - _EDGE - share * inner + 3:.0f}' font-size='10' text-anchor='end'>"
        f"{share:.1f}</text>"
        for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    frame = f"<rect x='{_EDGE}' y='{_EDGE}' width='{inner}' height='{inner}' fill='none' stroke='#d5dae0'/>"
    names = (
        f"<text x='{_SIZE / 2}' y='{_SIZE - 5}' font-size='11' text-anchor='middle'>{escape(across)}</text>"
        f"<text x='{_EDGE}' y='{_EDGE - 8}' font-size='11'>{escape(up)}</text>"
    )
    curve = f"<polyline points='{line}' stroke='#2463a8' fill='none' stroke-width='2'/>"
    return f"<svg width='{_SIZE}' height='{_SIZE}' role='img'>{frame}{ideal}{curve}{dots}{ticks}{names}</svg>"


def _dot(where: str, count: int, most: int) -> str:
    """As large as the number of messages behind it."""
    x, y = where.split(",")
    size = 2 + 6 * sqrt(count / most)
    return f"<circle cx='{x}' cy='{y}' r='{size:.1f}' fill='#2463a8'><title>{count} messages</title></circle>"


def _classes(figures: tuple[ClassFigures, ...]) -> str:
    lines = [
        f"<tr><td>{escape(item.name)}</td><td>{item.rows}</td><td>{item.top_1:.3f}</td><td>{item.top_3:.3f}</td>"
        f"<td>{item.precision:.3f}</td></tr>"
        for item in figures
    ]
    head = "<tr><th>category</th><th>messages</th><th>top 1</th><th>top 3</th><th>right when given</th></tr>"
    return f"<div class='wide'><table>{head}{''.join(lines)}</table></div>".replace("nan", "-")


def _confusion(result: Evaluation) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in result.classes)
    lines = []
    for name, counts in zip(result.classes, result.confusion, strict=True):
        total = max(1, sum(counts))
        cells = "".join(
            f"<td style='background: rgba(36, 99, 168, {count / total:.2f})"
            f"{'; color: #fff' if count * 2 > total else ''}'>{count or ''}</td>"
            for count in counts
        )
        lines.append(f"<tr><th>{escape(name)}</th>{cells}</tr>")
    table = f"<table class='confusion'><thead><tr><th></th>{head}</tr></thead>{''.join(lines)}</table>"
    return f"<div class='wide'>{table}</div>"
