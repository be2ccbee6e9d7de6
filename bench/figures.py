"""A measured figure: what it is, what it was measured against, its floor and its aim; and how it is printed."""

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the bench. `at_least` says which side of `floor` and `aim` is the good one."""

    name: str
    value: float
    unit: str
    against: str
    floor: float | None = None
    aim: float | None = None
    at_least: bool = True

    @property
    def verdict(self) -> str:
        """Whether it reaches its aim, its floor, or neither."""
        if self._reaches(self.aim):
            return "ok"
        if self.floor is None:
            return "misses the aim" if self.aim is not None else ""
        return "above the floor" if self._reaches(self.floor) else "BELOW THE FLOOR"

    @property
    def failed(self) -> bool:
        """Whether a floor, or an aim that has no floor below it, is missed."""
        bar = self.aim if self.floor is None else self.floor
        return bar is not None and not self._reaches(bar)

    def _reaches(self, bar: float | None) -> bool:
        return bar is not None and (self.value >= bar if self.at_least else self.value <= bar)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "verdict": self.verdict}

    def __str__(self) -> str:
        bars = [f"{word} {bar:g}" for word, bar in (("floor", self.floor), ("aim", self.aim)) if bar is not None]
        return (
            f"{self.name:<44} {self.value:>9.3g} {self.unit:<6} {', '.join(bars):<22} {self.verdict:<16} {self.against}"
        )


def ratio(name: str, measured: list[float], baseline: list[float], *, floor: float, aim: float) -> Figure:
    """The median of the ratios of neighbouring rounds, so that a machine's slow minute hits both sides."""
    ratios = [one / base for one, base in zip(measured, baseline, strict=True)]
    against = f"{median(measured):.0f}/s against {median(baseline):.0f}/s of bare aiosmtpd, {len(ratios)} rounds"
    return Figure(name, median(ratios), "ratio", against, floor, aim)


def percentile(values: list[float], percent: float) -> float:
    """The value below which `percent` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
