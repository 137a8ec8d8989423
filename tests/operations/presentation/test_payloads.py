"""What steps hold, decoded: entries that the engine wrote, and what could stand there instead."""

import json
from typing import Any

import pytest
from google.adk.models.llm_response import LlmResponse
from google.genai import types

from operations.presentation.model_turns import model_turn
from operations.presentation.payloads import contents_of, decoded
from operations.presentation.signed import without_tokens
from operations.presentation.step_kinds import StepKind
from operations.selectors.payloads import Payloads
from restate_bridge.contract import Outcome
from tests.operations.presentation.captured import held, step


def test_a_model_call_shows_its_answer_and_which_tools_it_wants_with_which_arguments() -> None:
    turn = contents_of(step(StepKind.MODEL, 6, 7), held("approve")).turn
    assert turn is not None
    assert turn.texts[0].startswith("The employee claims 1,650.00 USD for lodging")
    (call,) = turn.calls
    assert call.name == "reimburse"
    assert json.loads(call.arguments)["claim"]["pay_to"] == "DE02120300000000202051"
    assert (turn.tokens, turn.problem, turn.others) == ([], "", [])


def test_a_step_shows_its_result_and_a_run_its_input() -> None:
    (result,) = contents_of(step(StepKind.STEP, 4, 5), held("approve")).values
    assert json.loads(result.text) == {"eligible": True, "objections": [], "needs_approval": True}
    (given,) = contents_of(step(StepKind.INPUT, 0), held("approve")).values
    assert json.loads(given.text)["user"] == "requester"
    (nothing,) = contents_of(step(StepKind.STEP, 15, 16), held("approve")).values
    assert nothing.form == "nothing"


def test_the_headers_of_a_call_are_not_shown() -> None:
    """They may hold whatever opens the door to somewhere."""
    (given,) = contents_of(step(StepKind.INPUT, 0), held("approve")).values
    assert "user-agent" not in given.text


@pytest.mark.parametrize(("journal", "outcome"), [("approve", Outcome.APPROVED), ("reject", Outcome.REJECTED)])
def test_a_decision_is_shown_as_what_was_decided_and_by_whom(journal: str, outcome: Outcome) -> None:
    contents = contents_of(step(StepKind.WAIT, 10, 10), held(journal))
    decision = contents.decision
    assert decision is not None
    assert (decision.outcome, decision.decided_by, decision.note) == (outcome, "reviewer", "The receipt is there.")
    assert (decision.arguments is None) == (outcome is Outcome.REJECTED)
    assert contents.values == ()


def answered(result: Any) -> Payloads:
    return Payloads({3: {"result": result}})


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({"Success": list(b'{"ok": true}')}, '{\n  "ok": true\n}'),
        ({"Success": list(b"not json")}, "not json"),
        ({"Success": list(b'"eyJ.no.token"')}, '"eyJ.no.token"'),
        ({"Failure": {"code": 500, "message": "no, thanks"}}, "no, thanks"),
    ],
)
def test_what_else_reaches_an_awakeable_is_shown_as_it_is(result: Any, text: str) -> None:
    contents = contents_of(step(StepKind.WAIT, 3, 3), answered(result))
    assert contents.decision is None
    assert [value.text for value in contents.values] == [text]


@pytest.mark.parametrize("result", ["Void", None, {}, {"Success": ["x", 999]}, {"Failure": "x"}, {"Success": "x"}])
@pytest.mark.parametrize("kind", list(StepKind))
def test_no_result_is_too_odd_to_be_shown(kind: StepKind, result: Any) -> None:
    contents = contents_of(step(kind, 3, 3), answered(result))
    assert [value for value in contents.values if value.text] == []


@pytest.mark.parametrize(
    ("raw", "form", "text"),
    [
        (b"", "nothing", ""),
        (b"\x00\xff\xfe", "bytes", ""),
        ("plain, 한국어".encode(), "text", "plain, 한국어"),
        (b"[1,2]", "json", "[\n  1,\n  2\n]"),
        (b"[" * 100_000, "text", "[" * 100_000),
        (b"1" * 5_000, "text", "1" * 5_000),
    ],
)
def test_bytes_are_json_or_text_or_counted(raw: bytes, form: str, text: str) -> None:
    value = decoded("Result", raw)
    assert (value.form, value.text, value.size) == (form, text, len(raw))


def test_what_is_too_large_among_others_is_said_with_its_size() -> None:
    contents = contents_of(step(StepKind.STEP, 3, 4), Payloads({3: {}}, left_out={4: 70_000}))
    assert (contents.left_out, contents.values) == (70_000, [])


def journaled(**response: Any) -> bytes:
    """Return an answer of a model as the ADK's plugin journals it."""
    return LlmResponse(**response).model_dump_json().encode()


def test_tokens_thoughts_and_the_model_are_told_where_it_tells() -> None:
    usage = types.GenerateContentResponseUsageMetadata(
        prompt_token_count=1200, candidates_token_count=34, thoughts_token_count=56, total_token_count=1290
    )
    parts = [types.Part(text="hm", thought=True), types.Part(text="Yes.")]
    content = types.Content(role="model", parts=parts)
    turn = model_turn(journaled(content=content, usage_metadata=usage, model_version="gemini-x"))
    assert turn is not None
    assert (turn.texts, turn.thoughts, turn.model) == (["Yes."], ["hm"], "gemini-x")
    assert [(str(word), number) for word, number in turn.tokens] == [
        *(("prompt", 1200), ("answer", 34), ("thoughts", 56), ("together", 1290)),
    ]


def test_what_kept_a_model_from_answering_is_told() -> None:
    turn = model_turn(journaled(error_code="429", error_message="too many requests"))
    assert turn is not None
    assert turn.problem == "429: too many requests"
    cut = model_turn(journaled(content=types.Content(parts=[]), finish_reason=types.FinishReason.MAX_TOKENS))
    assert cut is not None
    assert cut.problem == "MAX_TOKENS"


def test_what_a_model_sent_beside_text_is_shown_as_json() -> None:
    part = types.Part(executable_code=types.ExecutableCode(code="1 + 1", language=types.Language.PYTHON))
    turn = model_turn(journaled(content=types.Content(parts=[part])))
    assert turn is not None
    assert "1 + 1" in turn.others[0]


@pytest.mark.parametrize("answer", [b"", b"{}", b"[]", b'"text"', b"\xff", b"[" * 100_000])
def test_what_is_no_answer_of_a_model_is_shown_like_any_result(answer: bytes) -> None:
    assert model_turn(answer) is None


@pytest.mark.parametrize(
    "content", ["x", 1, {"parts": 7}, {"parts": [1, None, {"function_call": {}}, {"function_call": "x"}, {"text": 5}]}]
)
def test_an_answer_of_an_odd_shape_breaks_nothing(content: Any) -> None:
    assert model_turn(json.dumps({"content": content, "usage_metadata": "?"}).encode()) is not None


def test_a_failure_is_shown_without_the_token_in_it() -> None:
    (row,) = [body for body in held("reject").bodies.values() if "result" in body]
    message = row["result"]["Failure"]["message"]
    assert without_tokens(message) == "Rejected by reviewer: The receipt is there.\n(signed token)"
    assert without_tokens("[500] it is over") == "[500] it is over"
