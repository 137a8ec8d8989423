"""The operators' list of runs, with many that wait: how long a page takes, and that nobody keeps the engine busy.

Everything that answers a page is real and whole: browser's HTTP, Django, the engine's introspection. The answers that
operators share for two seconds are not counted: each page here asks anew.
"""

import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from bench.figures import percentile
from restate_bridge.listed_run import RunState
from restate_bridge.run_counts import count_runs
from restate_bridge.run_filters import RunFilter
from tests.house.house import House, eventually
from tests.house.people import Person

_ADDRESSES: Final = (
    "/runs/",
    "/runs/?state=waiting",
    "/runs/?state=waiting&service=Patient&age=hour",
    "/runs/?q=patient%2Fwait",
    "/runs/?state=ended",
)
_PAGES: Final = 60
_SHARED_FOR: Final = 2.1  # s
_IDLE: Final = 20  # s


def measure(runs: int, results: Path) -> None:
    """Have ``runs`` runs wait, open pages, and then nothing; print the figures and write them to ``results`` (JSON)."""
    with tempfile.TemporaryDirectory() as name, House(Path(name), agents="bench.waiting") as house:
        _start(house, runs)
        engine = psutil.Process(house.engine["restate"].pid)
        before = _busy(engine)
        with Person(house, "operator") as operator:
            pages, asked = _open(operator, engine)
        after = _busy(engine)
    figures = {
        "runs": runs,
        "pages": len(pages),
        "list_p50_ms": round(percentile(pages, 50), 1),
        "list_p95_ms": round(percentile(pages, 95), 1),
        "engine_ms_per_page": round(asked * 1000 / len(pages), 1),
        "engine_busy_before_percent": before,
        "engine_busy_after_percent": after,
    }
    results.write_text(json.dumps(figures, indent=2) + "\n")
    print(
        f"the list of {runs} waiting runs: p50 {figures['list_p50_ms']} ms, p95 {figures['list_p95_ms']} ms; "
        f"the engine is busy {before} % before anybody looks, {after} % after"
    )


def _start(house: House, runs: int) -> None:
    ingress = httpx.Client(base_url=house.env["RESTATE_INGRESS_URL"], trust_env=False, timeout=60)
    with ingress as client, ThreadPoolExecutor(8) as pool:
        for answer in pool.map(lambda _: client.post("/Patient/wait/send"), range(runs)):
            answer.raise_for_status()

    def waiting() -> bool:
        return count_runs(house.admin, RunFilter()).get(RunState.WAITING, 0) == runs

    eventually(waiting, within=300, what=f"{runs} runs to wait")


def _open(operator: Person, engine: psutil.Process) -> tuple[list[float], float]:
    """Return how long each page took (ms), and how long the engine worked for them all (s)."""
    for address in _ADDRESSES:
        operator.get(address)
    took, worked = [], _worked(engine)
    for number in range(_PAGES):
        time.sleep(_SHARED_FOR)
        started = time.perf_counter()
        operator.get(_ADDRESSES[number % len(_ADDRESSES)]).raise_for_status()
        took.append((time.perf_counter() - started) * 1000)
    return took, _worked(engine) - worked


def _busy(engine: psutil.Process) -> float:
    """Return how much of a core the engine takes while nobody asks it anything, in percent."""
    time.sleep(5)
    started, worked = time.monotonic(), _worked(engine)
    time.sleep(_IDLE)
    return round(100 * (_worked(engine) - worked) / (time.monotonic() - started), 1)


def _worked(engine: psutil.Process) -> float:
    times: Any = engine.cpu_times()
    return float(times.user + times.system)
