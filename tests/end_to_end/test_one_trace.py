"""One trace from the reviewer's POST through the courier and Restate to the agent's tool."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.house.collector import CollectedSpan, Collector
from tests.house.house import House, eventually
from tests.house.people import Person

APPROVE = "POST /requests/<int:request_id>/approve/"
TOOL = "reimburse"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        yield collector


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[House]:
    """A house that traces, and logs as in production."""
    folder = tmp_path_factory.mktemp("traced")
    with House(
        folder,
        COUNTERSIGN_LOG_FORMAT="json",
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        OTEL_BSP_SCHEDULE_DELAY="200",
        RESTATE_TRACING_ENDPOINT=collector.url,
    ) as house:
        yield house


@pytest.fixture(scope="module")
def settled(house: House) -> str:
    """The run of a claim that was approved and paid."""
    run = house.ask("Please reimburse 1,450 USD for a train.", session="traced")
    request = house.request_of(run)
    with Person(house, "reviewer") as person:
        person.decide(request["id"], "approve", note="a private word")
    house.wait_for_delivery(request["id"], "done")
    return run


def test_the_tool_runs_in_the_trace_of_the_decision(house: House, collector: Collector, settled: str) -> None:
    tool = only(collector, TOOL)
    approve, deliver, acknowledge = (
        only(collector, name) for name in (APPROVE, "deliver decision", f"acknowledge decision: {TOOL}")
    )
    assert {approve.trace_id, deliver.trace_id, acknowledge.trace_id} == {tool.trace_id}
    assert approve.parent_id == ""
    assert deliver.parent_id == approve.span_id
    assert acknowledge.parent_id == deliver.span_id
    assert tool.parent_id == deliver.span_id
    services = [span.service for span in (approve, deliver, tool)]
    assert services == ["countersign-web", "countersign-courier", "countersign-agents"]


def test_the_tool_points_at_restates_own_span_of_the_attempt(house: House, collector: Collector, settled: str) -> None:
    def attempt() -> list[CollectedSpan]:
        return [span for span in collector.spans() if span.span_id == linked]

    [linked] = only(collector, TOOL).linked
    [found] = eventually(attempt, what="Restate's span of the attempt")
    assert (found.service, found.name) == ("Restate", "invocation-attempt Claims/{key}/ask")
    assert found.attributes["restate.invocation.id"] == settled


def test_what_the_agent_tells_the_inbox_meanwhile_belongs_to_it(
    house: House, collector: Collector, settled: str
) -> None:
    told = only(collector, "POST /api/requests/<awakeable_id>/acknowledge")
    step = only(collector, f"acknowledge decision: {TOOL}")
    assert (told.trace_id, told.parent_id) == (step.trace_id, step.span_id)


def test_a_call_from_the_playground_is_in_the_trace_of_its_post(house: House, collector: Collector) -> None:
    told = {
        "key": "traced",
        "raw": '{"user": "requester", "message": "What is the weather in Lisbon?"}',
        "reason": "why",
    }
    with Person(house, "operator") as person:
        page = person.send("/playground/call/?service=Weather&handler=ask&raw=1", told)
    run = page.url.path.removeprefix("/runs/").rstrip("/")

    def attempts() -> list[CollectedSpan]:
        named = collector.spans("invocation-attempt Weather/{key}/ask")
        return [span for span in named if span.attributes["restate.invocation.id"] == run]

    attempt, *_ = eventually(attempts, what=f"Restate's span of the call of the agent, for {run}")
    assert attempt.trace_id == only(collector, "POST /playground/call/").trace_id


def test_no_span_holds_what_was_decided_or_said(house: House, collector: Collector, settled: str) -> None:
    only(collector, TOOL)
    words = json.dumps([[span.name, span.attributes] for span in collector.spans()])
    assert "private word" not in words
    assert "train" not in words
    assert "1,450" not in words


def test_lines_of_all_processes_are_json_and_name_run_and_trace(
    house: House, collector: Collector, settled: str
) -> None:
    trace = only(collector, TOOL).trace_id
    for name in ("web", "courier", "agents"):
        lines = [json.loads(line) for line in house.processes[name].log.splitlines() if line.startswith("{")]
        assert lines, f"{name} has logged nothing"
        assert all({"at", "level", "logger", "message"} <= set(line) for line in lines)
    web = [json.loads(line) for line in house.processes["web"].log.splitlines() if line.startswith("{")]
    acknowledged = [line for line in web if line.get("route", "").endswith("acknowledge")]
    assert [(line["run_id"], line["trace_id"]) for line in acknowledged] == [(settled, trace)]
    assert all(line["request_id"] for line in acknowledged)
    assert "private word" not in house.processes["web"].log


def test_an_answer_names_the_call_that_the_lines_are_about(house: House) -> None:
    answer = httpx.get(f"{house.url}/sign-in/", headers={"x-request-id": "a-proxys-own-id"}, trust_env=False)
    assert answer.headers["x-request-id"] == "a-proxys-own-id"
    eventually(lambda: '"request_id": "a-proxys-own-id"' in house.processes["web"].log, what="its line")


def only(collector: Collector, name: str) -> CollectedSpan:
    """Wait for the span of this name, and return it."""
    [span] = eventually(lambda: collector.spans(name), what=f"a span {name}")
    return span
