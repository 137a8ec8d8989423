"""From the decision's POST to the agent's next step, against the same agent woken by a raw call to Restate.

A form posted by a signed-in reviewer passes through Django, PostgreSQL, the courier and Restate to the agent, which
verifies and acknowledges before its tool runs; the raw call is ``resolve`` at Restate's ingress and nothing else.
The two kinds take turns, so that both see the same machine. The undo window is off.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bench.figures import percentile
from tests.house.house import House, eventually
from tests.house.people import Person
from tests.house.processes import scratch

_WARM_UP = 20
# Seconds between two decisions: what the one before still does (reports, answers) is not measured with the next.
_REST = 0.05


def measure(decisions: int, results: Path) -> None:
    """Measure ``decisions`` of each kind, print the figures and write them to ``results`` (JSON, milliseconds)."""
    with tempfile.TemporaryDirectory() as name:
        folder = scratch(Path(name))
        steps, awakeables = folder / "steps", folder / "awakeables"
        house = House(folder, agents="bench.agent", BENCH_STEPS_FILE=str(steps), BENCH_AWAKEABLES_FILE=str(awakeables))
        with house, Person(house, "reviewer") as reviewer:
            raw, gated = _take_turns(house, reviewer, decisions + _WARM_UP, steps, awakeables)
    figures = _figures(raw[_WARM_UP:], gated[_WARM_UP:])
    results.write_text(json.dumps(figures, indent=2) + "\n")
    print(
        f"decision to next step, {decisions} each: raw {figures['raw_median_ms']} ms, "
        f"inbox {figures['inbox_median_ms']} ms, ratio {figures['ratio']} (p99 {figures['p99_ratio']})"
    )


def _take_turns(
    house: House, reviewer: Person, count: int, steps: Path, awakeables: Path
) -> tuple[list[float], list[float]]:
    names = [f"n{number}" for number in range(count)]
    for name in names:
        house.ask(f"raw-{name}", session=name, service="Raw")
        house.ask(f"gated-{name}", session=name, service="Gated")
    ids = _awakeable_ids(house, awakeables, names)
    requests = _requests(house, count)
    # Every waiting run has suspended by then: both kinds are woken from the same state.
    eventually(lambda: not house.admin.query("SELECT id FROM sys_invocation WHERE status <> 'suspended' LIMIT 1"))
    poster = reviewer.poster(next(iter(requests.values()))[0])
    ingress = httpx.Client(base_url=house.env["RESTATE_INGRESS_URL"], trust_env=False)
    started: dict[str, float] = {}
    steps.touch()
    for name in names:
        size = steps.stat().st_size
        started[f"raw-{name}"] = time.time()
        ingress.post(f"/restate/awakeables/{ids[f'raw-{name}']}/resolve", json="go").raise_for_status()
        _wait_for(steps, size)
        time.sleep(_REST)
        request_id, digest = requests[f"gated-{name}"]
        size = steps.stat().st_size
        started[f"gated-{name}"] = time.time()
        poster(request_id, seen=digest)
        _wait_for(steps, size)
        time.sleep(_REST)
    ended = dict(_lines(steps))
    took = {name: (float(ended[name]) - start) * 1000 for name, start in started.items()}
    return [took[f"raw-{name}"] for name in names], [took[f"gated-{name}"] for name in names]


def _awakeable_ids(house: House, awakeables: Path, names: list[str]) -> dict[str, str]:
    eventually(lambda: awakeables.exists() and len(dict(_lines(awakeables))) == len(names), within=120)
    return dict(_lines(awakeables))


def _requests(house: House, count: int) -> dict[str, tuple[int, str]]:
    sql = "SELECT id, digest, arguments->>'name' AS name FROM approvals_approvalrequest"
    eventually(lambda: len(house.rows(sql)) == count, within=120)
    return {row["name"]: (row["id"], row["digest"]) for row in house.rows(sql)}


def _wait_for(steps: Path, before: int) -> None:
    """Wait for one more step, looking at the file's length each 2 ms: that takes next to nothing from who works."""
    until = time.monotonic() + 30
    while steps.stat().st_size == before:
        assert time.monotonic() < until, "the agent never went on"
        time.sleep(0.002)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    if path.exists():
        for line in path.read_text().splitlines():
            name, _, value = line.partition(" ")
            yield name, value


def _figures(raw: list[float], gated: list[float]) -> dict[str, float | int]:
    raw_median, inbox_median = statistics.median(raw), statistics.median(gated)
    return {
        "decisions": len(gated),
        "raw_median_ms": round(raw_median, 2),
        "inbox_median_ms": round(inbox_median, 2),
        "ratio": round(inbox_median / raw_median, 2),
        "raw_p99_ms": round(percentile(raw, 99), 2),
        "inbox_p99_ms": round(percentile(gated, 99), 2),
        "p99_ratio": round(percentile(gated, 99) / percentile(raw, 99), 2),
    }
