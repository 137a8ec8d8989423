"""Two inboxes of different size, asked the same in turns; `bench.inbox_scale` runs this in Django's shell."""

import json
import secrets
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from approvals.services.agents import register_agent_service
from approvals.services.saved_views import save_view
from bench.crowd import gather
from bench.figures import percentile
from bench.filling import fill
from bench.inbox_questions import PEOPLE, Question, questions
from bench.plans import statements_of, tables_read_whole, whole_reads

SMALL: Final = 1_000
#: One request in so many waits.
ONE_PENDING_IN: Final = 10
_WARM_UP: Final = 2
_VIEWS: Final = {"risky": "risk=high", "hotels of the team": "queue=teams&q=hotel"}

#: By size, then by question: milliseconds.
type Samples = dict[str, dict[Question, list[float]]]


def main(requests: int, rounds: int, results: str) -> None:
    """Fill, ask ``rounds`` times, and write the figures to the file ``results``."""
    filled = {name: _filled(name, number) for name, number in (("small", SMALL), ("large", requests))}
    whole = _read_whole()
    with inbox("large"):
        before = whole_reads()
    samples = _samples(rounds)
    with inbox("large"):
        # What ran, apart from what was planned: a prepared statement may have another plan.
        whole |= {"while measuring": [f"{whole_reads() - before} times"]} if whole_reads() > before else {}
    figures = {"requests": requests, "pending": requests // ONE_PENDING_IN, "fill_seconds": filled["large"]}
    Path(results).write_text(json.dumps({**figures, **_figures(samples), "read_whole": whole}, indent=2) + "\n")
    for name in connections.settings:
        connections[name].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one


@contextmanager
def inbox(name: str) -> Iterator[None]:
    """Work on one of the databases as if it were the only one."""
    kept = connections["default"]
    if name not in connections.settings:
        connections.settings[name] = {**connections.settings["default"], "NAME": name}
    connections["default"] = connections[name]
    try:
        yield
    finally:
        connections["default"] = kept


def _filled(name: str, requests: int) -> float:
    with inbox(name):
        call_command("migrate", verbosity=0)
        crowd, service = gather(), register_agent_service(name="bench", token=secrets.token_hex(32))
        for user in _people():
            for title, query in _VIEWS.items():
                save_view(owner=user, name=title, query=query)
        started = time.monotonic()
        with connections["default"].cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            fill(requests, requests // ONE_PENDING_IN, crowd, service=service.pk)
            cursor.execute("RESET session_replication_role")
        return round(time.monotonic() - started, 1)


def _people() -> list[User]:
    return list(User.objects.filter(username__in=PEOPLE).order_by("username"))


def _read_whole() -> dict[str, list[str]]:
    """Return which questions would read which large tables from end to end."""
    found: dict[str, set[str]] = defaultdict(set)
    with inbox("large"):
        for question in questions():
            for user in _people():
                statements = statements_of(lambda: question.ask(user, timezone.now()))  # noqa: B023 - called at once
                if tables := tables_read_whole(statements):
                    found[f"{question.kind}: {question.name}, {user.username}"] |= tables
    return {name: sorted(tables) for name, tables in found.items()}


def _samples(rounds: int) -> Samples:
    samples: Samples = {name: defaultdict(list) for name in ("small", "large")}
    people, begins, now = {}, {}, timezone.now()
    for name in samples:
        with inbox(name):
            people[name] = _people()
            begins[name] = {(q, user): q.begins(user, now) for q in questions() for user in people[name]}
    for turn in range(rounds + _WARM_UP):
        for question in questions():
            for number in range(len(PEOPLE)):
                for name, taken in samples.items():
                    user = people[name][number]
                    with inbox(name):
                        started = time.perf_counter()
                        question.ask(user, now, begins[name][question, user])
                        if turn >= _WARM_UP:
                            taken[question].append((time.perf_counter() - started) * 1000)
    return samples


def _figures(samples: Samples) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for kind in ("list", "counts", "search"):
        taken = {size: [ms for q, all_ in by.items() if q.kind == kind for ms in all_] for size, by in samples.items()}
        figures |= {f"{kind}_{name}": value for name, value in _compared(taken["small"], taken["large"]).items()}
    detail = {
        f"{q.kind}: {q.name}{', page 20' if q.far else ''}": _compared(taken, samples["large"][q])
        for q, taken in samples["small"].items()
    }
    return {**figures, "detail": detail}


def _compared(small: list[float], large: list[float]) -> dict[str, float | int]:
    figures: dict[str, float | int] = {"calls": len(small)}
    for size, samples in (("small", small), ("large", large)):
        figures[f"{size}_p50_ms"] = round(statistics.median(samples), 2)
        figures[f"{size}_p95_ms"] = round(percentile(samples, 95), 2)
    figures["p50_ratio"] = round(statistics.median(large) / statistics.median(small), 2)
    figures["p95_ratio"] = round(percentile(large, 95) / percentile(small, 95), 2)
    return figures
