"""Ten thousand sessions that wait: what they cost the agents, and what the inbox costs beside the raw engine.

The same small agent in two forms, one after the other: `Raw` waits for a bare awakeable, `Gated` behind
`requires_approval`, announced to the inbox over HTTP and approved there by reviewers, fifty at a time. Whole processes
on one machine, which Restate, PostgreSQL, the inbox, the courier and the agents share.
"""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from pathlib import Path
from typing import Final

import httpx
import psutil

from restate_bridge.listed_run import ENDED, RunState
from restate_bridge.run_counts import count_runs
from restate_bridge.run_filters import RunFilter
from tests.house.house import House, eventually
from tests.house.people import Person
from tests.house.processes import scratch

#: So many sessions come and go before anything is measured: what the first of them need stays in memory for all.
_WARM_UP: Final = 1_000
_AT_ONCE: Final = 8
#: Of what is begun at once the engine keeps the rest in line. With its default, 1000, one process of agents is so busy
#: with all of them that none gets on within its second, and each is suspended and replayed over and over.
_RUNNING_AT_ONCE: Final = "100"
_REVIEWERS: Final = 2
_TOGETHER: Final = 50
_PATIENCE: Final = 3_600.0
_LOOK_EACH: Final = 0.5


def measure(sessions: int, results: Path) -> None:
    """Pause and wake ``sessions`` sessions of each form; print the figures and write them to ``results`` (JSON)."""
    with tempfile.TemporaryDirectory() as name:
        folder = scratch(Path(name))
        steps, awakeables = folder / "steps", folder / "awakeables"
        house = House(
            folder,
            agents="bench.agent",
            BENCH_STEPS_FILE=str(steps),
            BENCH_AWAKEABLES_FILE=str(awakeables),
            RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT=_RUNNING_AT_ONCE,
        )
        with house:
            crowd = _Crowd(house, awakeables)
            for service in ("Raw", "Gated"):
                crowd.pause(service, "warm", _WARM_UP)
                crowd.wake(service)
            idle = crowd.memory()
            raw_paused = crowd.pause("Raw", "raw", sessions)
            raw_memory = crowd.memory()
            raw_woken = crowd.wake("Raw")
            gated_paused = crowd.pause("Gated", "gated", sessions)
            gated_memory = crowd.memory()
            gated_woken = crowd.wake("Gated")
    figures = {
        "sessions": sessions,
        "agents_memory_idle_mib": round(idle / 2**20, 1),
        "agents_memory_growth": round(gated_memory / idle - 1, 4),
        "agents_memory_growth_of_raw": round(raw_memory / idle - 1, 4),
        "raw_pausing_seconds": round(raw_paused, 1),
        "pausing_seconds": round(gated_paused, 1),
        "pausing_share_of_raw": round(raw_paused / gated_paused, 3),
        "raw_waking_seconds": round(raw_woken, 1),
        "waking_seconds": round(gated_woken, 1),
        "waking_share_of_raw": round(raw_woken / gated_woken, 3),
    }
    results.write_text(json.dumps(figures, indent=2) + "\n")
    print(
        f"{sessions} sessions: paused in {figures['pausing_seconds']} s ({figures['pausing_share_of_raw']} of the raw "
        f"rate), woken in {figures['waking_seconds']} s ({figures['waking_share_of_raw']}); the agents' memory grew by "
        f"{100 * gated_memory / idle - 100:.1f} %"
    )


class _Crowd:
    """Sessions of a house, many at a time."""

    def __init__(self, house: House, awakeables: Path) -> None:
        self._house, self._awakeables = house, awakeables
        self._ingress = httpx.Client(base_url=house.env["RESTATE_INGRESS_URL"], trust_env=False, timeout=60)
        self._agents = psutil.Process(house.programs["agents"].pid)

    def memory(self) -> int:
        """Return what the agents' process holds, in bytes, once it has come to rest."""
        time.sleep(5)
        return int(self._agents.memory_info().rss)

    def pause(self, service: str, prefix: str, number: int) -> float:
        """Begin sessions; return how long it took until all of them waited, suspended, in seconds."""
        self._awakeables.write_text("")
        started = time.perf_counter()

        def begin(one: int) -> None:
            said = {"user": "requester", "message": f"{prefix}-{one}"}
            self._ingress.post(f"/{service}/{prefix}-{one}/ask/send", json=said).raise_for_status()

        _for_each(begin, range(number))
        self._until(lambda: self._count(service, RunState.WAITING) == number, f"{number} of {service} wait")
        return time.perf_counter() - started

    def wake(self, service: str) -> float:
        """Settle all that waits; return how long it took until every run had ended, in seconds."""
        started = time.perf_counter()
        if service == "Raw":
            _for_each(self._resolve, [line.split(" ")[1] for line in self._awakeables.read_text().splitlines()])
        else:
            self._approve_all()
        self._until(lambda: not self._count(service), f"all of {service} end")
        return time.perf_counter() - started

    def _resolve(self, awakeable_id: str) -> None:
        self._ingress.post(f"/restate/awakeables/{awakeable_id}/resolve", json="go").raise_for_status()

    def _approve_all(self) -> None:
        sql = "SELECT id, digest FROM approvals_approvalrequest WHERE status = 'pending' ORDER BY id"
        picks = [f"{row['id']}:{row['digest']}@" for row in self._house.rows(sql)]
        everybody = [Person(self._house, "reviewer", patience=120) for _ in range(_REVIEWERS)]
        with ThreadPoolExecutor(_REVIEWERS) as pool:
            shares = [picks[number::_REVIEWERS] for number in range(_REVIEWERS)]
            list(pool.map(_approve, everybody, shares))

    def _count(self, service: str, state: RunState | None = None) -> int:
        counts = count_runs(self._house.admin, RunFilter(service=service))
        wanted = set(RunState) - ENDED if state is None else {state}
        return sum(number for one, number in counts.items() if one in wanted)

    def _until(self, reached: Callable[[], bool], what: str) -> None:
        def look() -> bool:
            time.sleep(_LOOK_EACH)
            return reached()

        eventually(look, within=_PATIENCE, what=what)


def _approve(person: Person, picks: Sequence[str]) -> None:
    with person:
        for some in batched(picks, _TOGETHER):
            person.send("/bulk/", {"verb": "approve", "pick": list(some)}).raise_for_status()


def _for_each[T](action: Callable[[T], None], things: Sequence[T]) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(action, things):
            pass
