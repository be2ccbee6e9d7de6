"""axe-core in a real browser: what a page does wrong for people who cannot see, hear or point well (WCAG 2.2 AA)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from selenium import webdriver

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a page breaks, and the first places where it does."""

    rule: str
    impact: str
    help: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}): {self.help} at {'; '.join(self.places)}"


@cache
def script() -> str:
    """axe.min.js as the package axe_core_python brings it."""
    import axe_core_python

    return next(Path(axe_core_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")


def violations(driver: webdriver.Chrome, rules: tuple[str, ...] = RULES) -> list[Violation]:
    """What the page that is shown breaks. Works where the page's own scripts are forbidden: the driver's are not."""
    driver.execute_script(script())
    found: dict[str, Any] = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}, resultTypes: ['violations']})"
        ".then(done, (error) => done({error: String(error)}));",
        list(rules),
    )
    assert "error" not in found, found["error"]
    return [
        Violation(
            one["id"],
            str(one["impact"]),
            one["help"],
            tuple(node["html"][:160] for node in one["nodes"][:3]),
        )
        for one in found["violations"]
    ]
