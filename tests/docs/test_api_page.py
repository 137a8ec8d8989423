"""The examples in docs/api.md are what the intake API takes and gives."""

import json
from typing import Any, Final

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from approvals.api import api
from approvals.models import AgentService, ApprovalRequest
from approvals.selectors.agents import hash_token
from restate_bridge import contract
from tests.docs.pages import ROOT, blocks

_PAGE: Final = ROOT / "docs" / "api.md"
_EXAMPLES: Final = {block.mark: json.loads(block.text) for block in blocks(_PAGE, "json")}
_TOKEN: Final = "a-token-for-the-examples-of-the-documentation"


@pytest.fixture
def headers(db: None) -> dict[str, str]:
    """What an agent service sends."""
    AgentService.objects.create(name="documented", token_hash=hash_token(_TOKEN))
    return {"authorization": f"Bearer {_TOKEN}"}


@pytest.mark.parametrize("name", _EXAMPLES)
def test_an_example_fits_the_openapi_schema(name: str) -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    assert [error.message for error in Draft202012Validator(root).iter_errors(_EXAMPLES[name])] == []


@pytest.mark.parametrize("name", [name for name in _EXAMPLES if hasattr(contract, name)])
def test_an_example_fits_the_contract(name: str) -> None:
    getattr(contract, name).model_validate(_EXAMPLES[name])


def test_every_body_and_every_answer_has_an_example() -> None:
    named = {
        "Announcement",
        "Receipt",
        "Rebinding",
        "Acknowledgement",
        "Verdict",
        "Report",
        "Withdrawal",
        "InvalidAnswer",
        "Batch",
        "Answers",
    }
    assert named | {"Problems", "RequestState"} == set(_EXAMPLES)


def test_every_call_is_documented() -> None:
    page = _PAGE.read_text()
    calls = [
        (method.upper(), path) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
    ]
    assert [f"{method} {path}" for method, path in calls if f"`{method} {path}`" not in page] == []


@pytest.mark.usefixtures("finance")
def test_the_examples_are_taken_one_after_the_other(client: Client, headers: dict[str, str]) -> None:
    def call(method: str, path: str, body: Any) -> int:
        answer = client.generic(method, path, json.dumps(body), "application/json", headers=headers)
        return answer.status_code

    path = f"/api/requests/{_EXAMPLES['Receipt']['announcement_id']}"
    assert call("PUT", path, _EXAMPLES["Announcement"]) == 201
    assert call("PUT", path, _EXAMPLES["Announcement"]) == 200
    assert call("POST", f"{path}/report", _EXAMPLES["Report"]) == 409
    assert call("POST", f"{path}/acknowledge", _EXAMPLES["Acknowledgement"]) == 200
    assert call("POST", f"{path}/rebind", _EXAMPLES["Rebinding"]) == 503, "the tests of this page have no engine"
    assert call("POST", f"{path}/invalid-answer", _EXAMPLES["InvalidAnswer"]) == 204
    assert call("POST", f"{path}/withdraw", _EXAMPLES["Withdrawal"]) == 204
    assert ApprovalRequest.objects.get().status == "withdrawn"


def test_what_is_not_json_and_who_has_no_token_are_answered_as_the_page_says(
    client: Client, headers: dict[str, str]
) -> None:
    path = f"/api/requests/{_EXAMPLES['Receipt']['announcement_id']}"
    unreadable = client.generic("PUT", path, "{", "application/json", headers=headers)
    stranger = client.generic("PUT", path, "{}", "application/json")
    assert (unreadable.status_code, set(unreadable.json())) == (400, {"problems"})
    assert (stranger.status_code, set(stranger.json())) == (401, {"problems"})
