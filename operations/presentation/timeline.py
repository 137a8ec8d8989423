"""A run's journal as a timeline: what each step was, when it began and how long it took. Nothing that steps hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from approvals.models import ApprovalRequest
from operations.presentation.moments import moment_of
from operations.presentation.scale import Bar, Scale
from operations.presentation.step_kinds import StepKind, kind_of
from operations.selectors.run_page import RunPage
from restate_bridge.ids import FIRST_AWAKEABLE_INDEX, MalformedId, awakeable_id, signal_index
from restate_bridge.journal import JournalLine, JournalStretch
from restate_bridge.listed_run import ENDED, ListedRun


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    Attributes:
        entry: its place in the journal; None for a wait that goes on, of which nothing stands there yet.
        name: what the run calls it: of a step its name, of state its key, of a call what it calls; may be empty.
        state: ``done``, ``failed``, ``open``, or ``unfinished`` when the run ended before it.
        began, ended: None where the journal does not tell, or it has not ended.
        failure: what it failed with.
        unread: the size in bytes of what it failed with, if that is too long to be read here.
        bar: when within the run it was; None where nobody knows.
        until: of a sleep or a delayed call, the time that it waits for.
        called: the id of the run that it calls.
        failed_attempts: how often it failed and was tried again, at least.
        answers: the entries that completed it, in which its results stand.
        request: what a wait waits for, if the viewer may see that.
        awakeable_id: of a wait that was answered, what was completed.
    """

    kind: StepKind
    entry: int | None = None
    name: str = ""
    state: str = "done"
    began: datetime | None = None
    ended: datetime | None = None
    failure: str = ""
    unread: int = 0
    bar: Bar | None = None
    until: datetime | None = None
    called: str = ""
    failed_attempts: int = 0
    answers: Sequence[int] = ()
    request: ApprovalRequest | None = None
    awakeable_id: str = ""

    @property
    def took(self) -> timedelta | None:
        """How long it took; None while it goes on, and for what takes no time."""
        return self.ended - self.began if self.began and self.ended and self.answers else None


@dataclass(frozen=True, slots=True)
class _Around:
    """What the steps of a stretch need to know beside their lines."""

    page: RunPage
    run: ListedRun
    scale: Scale
    failed: Mapping[int, int]
    requests: Mapping[int, ApprovalRequest]


def timeline_of(page: RunPage, now: datetime) -> list[Step]:
    """Return the steps of the stretch that a page shows, oldest first; waits that go on stand behind the last one."""
    if page.run is None:
        return []
    failed = Counter(attempt.step for attempt in page.attempts if attempt.step is not None)
    around = _Around(page, page.run, _scale(page.run, page.stretch, now), failed, _requests_by_index(page.requests))
    steps = [_step(line, around) for line in page.stretch.lines]
    return steps if page.stretch.after is not None else [*steps, *_open_waits(around)]


def _step(line: JournalLine, around: _Around) -> Step:
    kind = kind_of(line)
    if kind in (StepKind.WAIT, StepKind.CANCELLED):
        return _signal(line, kind, around)
    answers = [found for known in line.completion_ids if (found := around.page.stretch.completions.get(known))]
    # Of a call's two completions the later one is its result.
    has_ended = not line.completion_ids or _last(line) in around.page.stretch.completions
    ended = answers[-1].at if answers and has_ended else (line.at if has_ended else None)
    failure = next((answer.failure for answer in (*answers, line) if answer.failure), "")
    is_failure = line.is_failure or any(answer.is_failure for answer in answers)
    return Step(
        kind,
        line.index,
        _name(line),
        "failed" if is_failure else ("done" if has_ended else _not_done(around.run)),
        line.at,
        ended,
        failure,
        sum(found.size for found in (*answers, line) if found.has_unread_failure),
        around.scale.bar(line.at, ended, is_open=not has_ended),
        _until(line),
        str(line.outline.get("invocation_id") or ""),
        around.failed.get(line.index, 0),
        tuple(answer.index for answer in answers),
    )


def _signal(line: JournalLine, kind: StepKind, around: _Around) -> Step:
    if kind is StepKind.CANCELLED:
        return Step(kind, line.index, state="failed", began=line.at, bar=around.scale.bar(line.at, line.at))
    index = line.signal or 0
    # A run that was answered at once was not suspended, nor is one for an answer that was copied along in a restart: it
    # waited from the entry in front of the answer on.
    began = _waits_since(index, line.index, around.page) or _last_before(line.index, around.page.stretch) or line.at
    return Step(
        kind,
        line.index,
        began=began,
        ended=line.at,
        bar=around.scale.bar(began, line.at),
        answers=(line.index,),
        request=around.requests.get(index),
        awakeable_id=awakeable_id(around.run.id, index),
    )


def _open_waits(around: _Around) -> Iterator[Step]:
    goes_on = around.run.state not in ENDED
    for index in sorted(_unanswered(around)):
        request = around.requests.get(index)
        began = _waits_since(index, None, around.page) or (request.announced_at if request else around.run.modified_at)
        # A restart has taken along when the first run began to wait.
        began = max(began, around.run.created_at)
        bar = around.scale.bar(began, None if goes_on else around.run.modified_at, is_open=goes_on)
        yield Step(StepKind.WAIT, state=_not_done(around.run), began=began, bar=bar, request=request)


def _unanswered(around: _Around) -> set[int]:
    """Return the indexes of the awakeables that the run waits for, or waited for when it ended."""
    answered = {line.signal for line in around.page.stretch.lines}
    if around.run.state in ENDED:
        return {index for index in around.page.waits if index >= FIRST_AWAKEABLE_INDEX and index not in answered}
    # Before it is suspended, which takes a while, only its requests tell that it waits.
    asked = {index for index, request in around.requests.items() if request.is_pending and index not in answered}
    return {*around.run.awakeables, *asked}


def _waits_since(index: int, answer: int | None, page: RunPage) -> datetime | None:
    suspended = page.waits.get(index)
    if suspended is None or (answer is not None and suspended.after >= answer):
        return None
    return _last_before(suspended.after + 1, page.stretch) or suspended.at


def _last_before(entry: int, stretch: JournalStretch) -> datetime | None:
    """Return when the last entry before another one was appended, as far as the stretch knows."""
    earlier = [line for line in (*stretch.lines, *stretch.completions.values()) if line.index < entry]
    return max(earlier, key=lambda line: line.index).at if earlier else None


def _scale(run: ListedRun, stretch: JournalStretch, now: datetime) -> Scale:
    known = [line.at for line in (*stretch.lines, *stretch.completions.values()) if line.at]
    # What was copied along in a restart is older than the run.
    begin = min([run.created_at, *known])
    if run.state in ENDED:
        return Scale.from_to(begin, max([run.modified_at, *known]))
    return Scale.still_open(begin, max([now, *known]))


def _not_done(run: ListedRun) -> str:
    return "unfinished" if run.state in ENDED else "open"


def _last(line: JournalLine) -> int:
    return int(line.outline.get("result_completion_id") or line.completion_ids[-1])


def _name(line: JournalLine) -> str:
    target = line.outline.get("invocation_target")
    if isinstance(target, dict):
        return _target(target)
    return line.name or str(line.outline.get("key") or "")


def _target(target: Mapping[str, Any]) -> str:
    inside = next((value for value in target.values() if isinstance(value, dict)), target)
    return " / ".join(str(inside[part]) for part in ("name", "key", "handler") if inside.get(part))


def _until(line: JournalLine) -> datetime | None:
    at = line.outline.get("wake_up_time") or line.outline.get("invoke_time")
    # A run may sleep for longer than the calendar goes.
    return moment_of(at / 1000) if isinstance(at, int) and at else None


def _requests_by_index(requests: Sequence[ApprovalRequest]) -> dict[int, ApprovalRequest]:
    return {index: request for request in requests if (index := _index_of(request))}


def _index_of(request: ApprovalRequest) -> int:
    try:
        return signal_index(request.awakeable_id)
    except MalformedId:
        return 0
