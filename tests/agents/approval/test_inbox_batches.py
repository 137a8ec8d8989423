"""Calls of a crowd go together, and none suffers from another."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from agents.approval import InboxError
from agents.approval.inbox_batches import Batches, address_of
from restate_bridge.contract import MAX_CALLS, AcknowledgeCall, Acknowledgement, Batch, Report, ReportCall

#: As many as are on their way by themselves before others have to go together.
_ALONE = 4


def call(number: int) -> AcknowledgeCall:
    return AcknowledgeCall(awakeable_id=f"sign_1{number:030d}", body=Acknowledgement(decision_id=str(number)))


def large(number: int) -> ReportCall:
    return ReportCall(awakeable_id=f"sign_1{number:030d}", body=Report(state="done", result="x" * 60_000))


class Inbox:
    """Takes calls when it is told to; `answer` says what comes for those in a batch."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.seen: list[tuple[str, list[str]]] = []
        self.whole: Callable[[], httpx.Response] | None = None
        self.away = False
        self.lost: set[str] = set()
        self.broken: set[str] = set()
        self.poison = ""
        self.trouble: type[httpx.HTTPError] = httpx.ReadTimeout

    async def send(self, method: str, path: str, content: bytes) -> httpx.Response:
        batch = Batch.model_validate_json(content) if path == "/api/batch" else None
        ids = [one.awakeable_id for one in batch.calls] if batch else [path.split("/")[3]]
        self.seen.append((path, ids))
        await self.open.wait()
        if self.poison in ids:
            raise InboxError("nothing came") from self.trouble("no")
        if self.away or (batch is None and set(ids) & self.lost):
            raise InboxError("it can't be reached")
        if batch is None and set(ids) & self.broken:
            raise ZeroDivisionError
        request = httpx.Request(method, f"http://inbox.test{path}")
        if batch and self.whole:
            answer = self.whole()
            answer.request = request
            return answer
        said: Any = {"answers": [{"status": 200, "body": {"of": one}} for one in ids]} if batch else {"of": ids[0]}
        return httpx.Response(200, json=said, request=request)

    @property
    def sizes(self) -> list[int]:
        return [len(ids) for _, ids in self.seen]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def batches(inbox: Inbox) -> Batches:
    return Batches(inbox.send)


async def begun(batches: Batches, calls: Sequence[Any]) -> list[asyncio.Task[httpx.Response]]:
    tasks = [asyncio.create_task(batches.carry(one)) for one in calls]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_a_call_that_comes_alone_sets_out_at_once_as_what_it_is(batches: Batches, inbox: Inbox) -> None:
    [task] = await begun(batches, [call(1)])
    assert inbox.seen == [(address_of(call(1))[1], [call(1).awakeable_id])]
    inbox.open.set()
    assert (await task).json() == {"of": call(1).awakeable_id}


async def test_what_comes_while_others_are_on_their_way_goes_together_and_each_gets_its_own_answer(
    batches: Batches, inbox: Inbox
) -> None:
    calls = [call(number) for number in range(_ALONE + MAX_CALLS + 7)]
    tasks = await begun(batches, calls)
    inbox.open.set()
    answers = await asyncio.gather(*tasks)
    assert [answer.json() for answer in answers] == [{"of": one.awakeable_id} for one in calls]
    assert inbox.sizes == [1] * _ALONE + [MAX_CALLS, 7]
    assert {answer.request.url.path for answer in answers} == {address_of(one)[1] for one in calls}


async def test_a_batch_is_never_larger_than_the_inbox_takes(batches: Batches, inbox: Inbox) -> None:
    tasks = await begun(batches, [large(number) for number in range(_ALONE + 9)])
    inbox.open.set()
    await asyncio.gather(*tasks)
    assert inbox.sizes == [1] * _ALONE + [4, 4, 1]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 500])
async def test_calls_that_are_refused_together_go_one_by_one(batches: Batches, inbox: Inbox, status: int) -> None:
    inbox.whole = lambda: httpx.Response(status, json={"problems": []})
    inbox.lost = {call(_ALONE + 1).awakeable_id}
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 3)])
    inbox.open.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(answers.pop(_ALONE + 1), InboxError)
    assert all(isinstance(answer, httpx.Response) and answer.is_success for answer in answers)
    assert inbox.sizes == [1] * _ALONE + [3, 1, 1, 1]


@pytest.mark.parametrize("said", ["no JSON", '{"answers": []}'])
async def test_answers_that_make_no_sense_are_asked_for_one_by_one(batches: Batches, inbox: Inbox, said: str) -> None:
    inbox.whole = lambda: httpx.Response(200, text=said)
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 2)])
    inbox.open.set()
    assert all(answer.is_success for answer in await asyncio.gather(*tasks))
    assert inbox.sizes == [1] * _ALONE + [2, 1, 1]


@pytest.mark.parametrize("status", [401, 429, 502, 503, 504])
async def test_what_would_be_said_to_each_alone_is_asked_for_once(batches: Batches, inbox: Inbox, status: int) -> None:
    inbox.whole = lambda: httpx.Response(status, text="no")
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 2)])
    inbox.open.set()
    answers = await asyncio.gather(*tasks)
    assert [answer.status_code for answer in answers[_ALONE:]] == [status] * 2
    assert inbox.sizes == [1] * _ALONE + [2]


async def test_an_inbox_that_is_away_is_away_for_each_and_the_next_may_find_it_back(
    batches: Batches, inbox: Inbox
) -> None:
    inbox.away = True
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 2)])
    inbox.open.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer) for answer in answers] == [InboxError] * (_ALONE + 2)
    inbox.away = False
    assert (await batches.carry(call(9))).is_success


async def tried_again(batches: Batches, calls: Sequence[Any]) -> None:
    """Let all come at once, and then, again and again, those of which nothing came."""
    tasks = await begun(batches, calls)
    for _ in range(6):
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        calls = [one for one, answer in zip(calls, answers, strict=True) if isinstance(answer, InboxError)]
        tasks = await begun(batches, calls)
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_call_that_breaks_the_inbox_is_soon_alone_and_stays_so(batches: Batches, inbox: Inbox) -> None:
    inbox.open.set()
    inbox.poison = call(_ALONE + 39).awakeable_id
    await tried_again(batches, [call(number) for number in range(_ALONE + 40)])
    companies = [len(ids) for _, ids in inbox.seen if inbox.poison in ids]
    assert companies == [40, 16, 4, 1, 1, 1, 1]
    assert {one for _, ids in inbox.seen for one in ids} == {call(number).awakeable_id for number in range(_ALONE + 40)}
    inbox.poison, inbox.seen = "", []
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 40)])
    assert all(answer.is_success for answer in await asyncio.gather(*tasks))
    assert 1 in inbox.sizes[_ALONE:]
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 40)])
    await asyncio.gather(*tasks)
    assert inbox.sizes[-1] == 40


async def test_an_inbox_that_can_not_be_reached_is_no_call_s_fault(batches: Batches, inbox: Inbox) -> None:
    inbox.open.set()
    inbox.poison, inbox.trouble = call(_ALONE + 39).awakeable_id, httpx.ConnectError
    await tried_again(batches, [call(number) for number in range(_ALONE + 40)])
    assert [len(ids) for _, ids in inbox.seen if inbox.poison in ids] == [40, 36, 32, 28, 24, 20, 16]


async def test_what_nobody_waits_for_any_more_is_not_sent_one_by_one_either(batches: Batches, inbox: Inbox) -> None:
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 3)])

    def give_up() -> httpx.Response:
        tasks[_ALONE + 1].cancel()
        return httpx.Response(404)

    inbox.whole = give_up
    inbox.open.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(answers[_ALONE + 1], asyncio.CancelledError)
    assert inbox.sizes == [1] * _ALONE + [3, 1, 1]


async def test_a_mistake_of_ours_with_one_call_costs_no_other_its_answer(batches: Batches, inbox: Inbox) -> None:
    inbox.whole = lambda: httpx.Response(404)
    inbox.broken = {call(_ALONE).awakeable_id}
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 3)])
    inbox.open.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(answers.pop(_ALONE), ZeroDivisionError)
    assert all(isinstance(answer, httpx.Response) and answer.is_success for answer in answers)


async def test_who_waits_in_line_for_long_tries_again_later(
    batches: Batches, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.approval.inbox_batches._PATIENCE", 0.05)
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 1)])
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert "has not answered this" in str(answers[_ALONE])
    inbox.open.set()
    await asyncio.sleep(0.01)
    assert inbox.sizes == [1] * _ALONE


async def test_what_nobody_waits_for_any_more_is_not_sent(batches: Batches, inbox: Inbox) -> None:
    tasks = await begun(batches, [call(number) for number in range(_ALONE + 3)])
    tasks[_ALONE + 1].cancel()
    await asyncio.sleep(0)
    inbox.open.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    gone = call(_ALONE + 1).awakeable_id
    assert all(gone not in ids for _, ids in inbox.seen)
    assert inbox.sizes == [1] * _ALONE + [2]
