"""How fast the pages are by Lighthouse's measure, on a desktop and on the slow phone with a slow line that it plays.

Each figure is the median of several runs, because one run hangs on what else the machine does.
"""

import json
import statistics
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.browser.lighthouse import examine, main_pages, missing, score
from tests.house.house import House

_DEVICES: Final = {"desktop": ["--preset=desktop"], "phone": []}
_TIMES: Final = {
    "first_contentful_paint_ms": "first-contentful-paint",
    "largest_contentful_paint_ms": "largest-contentful-paint",
    "total_blocking_ms": "total-blocking-time",
    "layout_shift": "cumulative-layout-shift",
}


def measure(runs: int, results: Path) -> None:
    """Look at each page ``runs`` times; print the scores and write them with their times to ``results`` (JSON)."""
    if reason := missing():
        print(f"Lighthouse is left out: {reason}")
        return
    with tempfile.TemporaryDirectory() as folder, House(Path(folder)) as house:
        pages = main_pages(house)
        figures = {
            device: {name: _of_page(house, name, path, options, runs) for name, path in pages.items()}
            for device, options in _DEVICES.items()
        }
    results.write_text(json.dumps({"runs": runs, **figures}, indent=2) + "\n")
    for device, by_page in figures.items():
        scores = ", ".join(f"{name} {of_page['performance']}" for name, of_page in by_page.items())
        print(f"Lighthouse's performance on a {device} (median of {runs}): {scores}")


def _of_page(house: House, name: str, path: str, options: list[str], runs: int) -> dict[str, float]:
    username = "" if name == "sign-in" else "reviewer"
    reports = [
        examine(house, path, username=username, categories=["performance"], options=options) for _ in range(runs)
    ]
    times = {label: _median(reports, audit) for label, audit in _TIMES.items()}
    return {"performance": statistics.median(score(report, "performance") for report in reports), **times}


def _median(reports: list[dict[str, Any]], audit: str) -> float:
    middle: float = statistics.median(report["audits"][audit]["numericValue"] for report in reports)
    return round(middle, 3)
