"""What several people ask the engine at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Barrier, Event

import pytest
from django.core.cache import cache

from operations.selectors.engine import shared
from operations.selectors.health.endpoints import endpoints_health
from operations.selectors.health.engine import engine_health
from restate_bridge.errors import EngineAway

MANY = 12
PATIENCE = 20


class Slow:
    """An engine that answers, or fails, only when it is told to, and counts how often it was asked."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.begun, self.may_answer, self.failure = Event(), Event(), failure

    def ask(self, *arguments: object) -> str:
        self.asked.append(arguments)
        self.begun.set()
        assert self.may_answer.wait(PATIENCE)
        if self.failure:
            raise self.failure
        return f"answer to {arguments}"


@pytest.fixture(autouse=True)
def threads() -> Iterator[ThreadPoolExecutor]:
    """People, who begin with nothing known."""
    cache.clear()
    with ThreadPoolExecutor(MANY) as threads:
        yield threads
    cache.clear()


def all_at_once(threads: ThreadPoolExecutor, slow: Slow) -> list[Future[str]]:
    """Have many ask the same thing at once, of whom all but one have nothing left but to wait."""
    together = Barrier(MANY)

    def ask() -> str:
        together.wait(PATIENCE)
        return shared(slow.ask, "x")

    asking = [threads.submit(ask) for _ in range(MANY)]
    assert slow.begun.wait(PATIENCE)
    # Whoever would ask by themselves has time to; whoever comes later still gets what the first was told.
    assert not wait(asking, 0.3).done
    slow.may_answer.set()
    return asking


def test_many_who_ask_at_once_ask_once(threads: ThreadPoolExecutor) -> None:
    slow = Slow()
    answers = [asking.result(PATIENCE) for asking in all_at_once(threads, slow)]
    assert answers == ["answer to ('x',)"] * MANY
    assert slow.asked == [("x",)]


def test_all_of_them_hear_of_a_failure_and_who_comes_later_asks_anew(threads: ThreadPoolExecutor) -> None:
    slow = Slow(EngineAway("no answer"))
    for asking in all_at_once(threads, slow):
        with pytest.raises(EngineAway, match="no answer"):
            asking.result(PATIENCE)
    assert len(slow.asked) == 1
    slow.failure = None
    assert shared(slow.ask, "x") == "answer to ('x',)"


def test_who_asks_something_else_waits_for_nobody(threads: ThreadPoolExecutor) -> None:
    slow = Slow()
    other = threads.submit(shared, slow.ask, "x")
    assert slow.begun.wait(PATIENCE)
    assert shared(lambda: "at once") == "at once"
    slow.may_answer.set()
    assert other.result(PATIENCE) == "answer to ('x',)"


def test_nobody_waits_for_ever_for_what_somebody_else_has_asked(
    threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.selectors.engine._PATIENCE", 0.05)
    slow = Slow()
    first = threads.submit(shared, slow.ask, "x")
    assert slow.begun.wait(PATIENCE)
    with pytest.raises(EngineAway, match="not answered yet"):
        shared(slow.ask, "x")
    slow.may_answer.set()
    assert first.result(PATIENCE) == "answer to ('x',)"


def test_that_there_is_nothing_is_an_answer_too() -> None:
    asked: list[None] = []
    for _ in range(3):
        assert shared(asked.append, None) is None
    assert asked == [None]


@pytest.mark.parametrize(
    ("health", "part"), [(engine_health, "engine._engine_health"), (endpoints_health, "endpoints._endpoints_health")]
)
def test_the_page_of_health_says_so_when_it_has_waited_too_long(
    threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, health: Callable[[], object], part: str
) -> None:
    monkeypatch.setattr("operations.selectors.engine._PATIENCE", 0.05)
    slow = Slow()
    monkeypatch.setattr(f"operations.selectors.health.{part}", slow.ask)
    first = threads.submit(health)
    assert slow.begun.wait(PATIENCE)
    assert "not answered yet" in str(health())
    slow.may_answer.set()
    first.result(PATIENCE)
