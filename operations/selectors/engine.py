"""What all operators who look at the same moment ask the engine, asked once."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from hashlib import sha256
from threading import Lock
from typing import Any, Final

from django.core.cache import cache

from restate_bridge.errors import EngineAway

_SECONDS: Final = 2
# Whoever asks gives up on each question after 1.5 seconds; no answer that is shared takes more than four in a row.
_PATIENCE: Final = 6.0
_NOTHING: Final = object()
# What this process asks now. Nobody stays in it for longer than it takes to ask.
_UNDER_WAY: Final[dict[str, Future[Any]]] = {}
_LOCK: Final = Lock()


def shared[Answer](
    ask: Callable[..., Answer], *arguments: Any, seconds: float = _SECONDS, breath: float = 0.0
) -> Answer:
    """Return what ``ask`` answers to these arguments, or answered somebody else a moment ago: ``seconds``, at most.

    A list is asked for again every few seconds by each page that is looked at, and the engine reads all runs for it.
    Who comes while somebody asks the same waits for that answer, or for what is raised instead: a slow engine is not
    asked more often than a quick one.

    Args:
        breath: an answer is good for so many times as long as it took, where that is longer.

    Raises:
        EngineAway: what somebody else has asked takes too long.
    """
    asked = f"{ask.__module__}.{ask.__qualname__}{arguments!r}"
    key = f"engine-{sha256(asked.encode()).hexdigest()}"
    answer: Answer = cache.get(key, _NOTHING)
    if answer is not _NOTHING:
        return answer
    return _together(key, lambda: ask(*arguments), lambda took: max(seconds, breath * took))


def _together[Answer](key: str, ask: Callable[[], Answer], good_for: Callable[[float], float]) -> Answer:
    mine: Future[Answer] = Future()
    with _LOCK:
        first: Future[Answer] = _UNDER_WAY.setdefault(key, mine)
    if first is not mine:
        return _awaited(first)
    try:
        # Somebody may have had it answered since the cache was looked into.
        answer: Answer = cache.get(key, _NOTHING)
        if answer is _NOTHING:
            began = time.monotonic()
            answer = ask()
            cache.set(key, answer, good_for(time.monotonic() - began))
        mine.set_result(answer)
    except BaseException as error:
        mine.set_exception(error)
        raise
    finally:
        with _LOCK:
            del _UNDER_WAY[key]
    return answer


def _awaited[Answer](first: Future[Answer]) -> Answer:
    if not wait([first], _PATIENCE).done:
        raise EngineAway("What somebody else has asked Restate a moment ago is not answered yet")
    return first.result()
