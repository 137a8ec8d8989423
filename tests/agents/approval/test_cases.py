"""Which case a run belongs to: told by a header from run to run."""

from types import SimpleNamespace
from typing import Any, cast

from restate.server_context import ServerInvocationContext

from agents.approval.cases import case_headers, case_of
from restate_bridge.contract import CASE_HEADER, MAX_CASE_NAME

RUN = "inv_1" + "a" * 33


class _Context:
    """As much of a handler's context as a case needs."""

    def __init__(self, headers: dict[str, str] | None = None, *, key: str | None = "d-17", run: str = RUN) -> None:
        self.handler = SimpleNamespace(service_tag=SimpleNamespace(name="Dispute"))
        self._request, self._key = SimpleNamespace(id=run, headers=headers or {}), key

    def request(self) -> Any:
        return self._request

    def key(self) -> str | None:
        return self._key


def context(*args: Any, **more: Any) -> ServerInvocationContext:
    return cast(ServerInvocationContext, _Context(*args, **more))


def test_a_run_that_calls_nobody_is_no_case() -> None:
    assert case_of(context()) == {"case_run": "", "case_name": ""}


def test_one_that_calls_others_leads_a_case_that_they_are_told() -> None:
    leading = context(key="d-17 é;x")
    headers = case_headers(leading)
    assert headers[CASE_HEADER].isascii()
    assert case_of(leading) == {"case_run": RUN, "case_name": "Dispute/d-17 é;x"}
    assert case_of(context(headers, run="inv_1" + "b" * 33)) == case_of(leading)


def test_those_who_are_told_of_a_case_tell_of_the_same() -> None:
    told = {CASE_HEADER.title(): f"{RUN};Dispute/d-17"}
    assert case_headers(context(told, run="inv_1" + "b" * 33)) == {CASE_HEADER: f"{RUN};Dispute/d-17"}


def test_a_header_that_is_none_counts_as_none() -> None:
    for odd in ("", "inv_1;x", "nonsense", f"{RUN}"):
        assert case_of(context({CASE_HEADER: odd})) == {"case_run": "", "case_name": ""}


def test_a_name_is_as_long_as_the_inbox_takes() -> None:
    assert len(case_of(context({CASE_HEADER: f"{RUN};{'x' * 2000}"}))["case_name"]) == MAX_CASE_NAME


def test_a_service_without_a_key_is_named_alone() -> None:
    leading = context(key=None)
    case_headers(leading)
    assert case_of(leading)["case_name"] == "Dispute"
