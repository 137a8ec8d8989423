"""Several calls of an agent service in one: what is as it mostly is goes together, the rest one by one."""

from collections.abc import Sequence
from typing import Final

from pydantic import JsonValue

from approvals.models import AgentService
from approvals.receipts import receipt_for
from approvals.refusals import REFUSED, Problems, refusal_of
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.announce import announce_request
from approvals.services.batches import acknowledge_standing, announce_new, report_results
from approvals.services.report import report_result
from restate_bridge.contract import AcknowledgeCall, AnnounceCall, Answer, BatchCall, ReportCall, Verdict

_REPORTED: Final = Answer(status=204)

type _Key = tuple[str, str]


def answers_to(agent_service: AgentService, calls: Sequence[BatchCall]) -> list[Answer]:
    """Carry out each call as if it had come by itself, and return the answers in their order."""
    first: dict[_Key, BatchCall] = {}
    for call in calls:
        first.setdefault(_key(call), call)
    together = _together(agent_service, list(first.values()))
    return [
        together[_key(call)] if first[_key(call)] is call and _key(call) in together else _alone(agent_service, call)
        for call in calls
    ]


def _key(call: BatchCall) -> _Key:
    return call.verb, call.awakeable_id


def _together(agent_service: AgentService, calls: Sequence[BatchCall]) -> dict[_Key, Answer]:
    announcements = {call.awakeable_id: call.body for call in calls if isinstance(call, AnnounceCall)}
    acknowledged = {call.awakeable_id: call.body for call in calls if isinstance(call, AcknowledgeCall)}
    reports = {call.awakeable_id: call.body for call in calls if isinstance(call, ReportCall)}
    new = announce_new(agent_service=agent_service, announcements=announcements) if announcements else {}
    standing = acknowledge_standing(agent_service=agent_service, acknowledged=acknowledged) if acknowledged else set()
    told = report_results(agent_service=agent_service, reports=reports) if reports else set()
    receipts = {key: receipt_for(request, key, is_new=True).model_dump(mode="json") for key, request in new.items()}
    return (
        {("announce", key): Answer(status=201, body=receipt) for key, receipt in receipts.items()}
        | {("acknowledge", key): Answer(status=200, body=_verdict(Verdict(go=True))) for key in standing}
        | {("report", key): _REPORTED for key in told}
    )


def _alone(agent_service: AgentService, call: BatchCall) -> Answer:
    try:
        return _carried_out(agent_service, call)
    except REFUSED as error:
        status, problem = refusal_of(error)
        return Answer(status=status, body=Problems(problems=[problem]).model_dump())


def _carried_out(agent_service: AgentService, call: BatchCall) -> Answer:
    awakeable_id = call.awakeable_id
    if isinstance(call, AnnounceCall):
        request, is_new = announce_request(
            agent_service=agent_service, awakeable_id=awakeable_id, announcement=call.body
        )
        receipt = receipt_for(request, awakeable_id, is_new=is_new)
        return Answer(status=201 if is_new else 200, body=receipt.model_dump(mode="json"))
    if isinstance(call, AcknowledgeCall):
        verdict = acknowledge_decision(
            agent_service=agent_service, awakeable_id=awakeable_id, acknowledgement=call.body
        )
        return Answer(status=200, body=_verdict(verdict))
    report_result(agent_service=agent_service, awakeable_id=awakeable_id, report=call.body)
    return _REPORTED


def _verdict(verdict: Verdict) -> JsonValue:
    said: JsonValue = verdict.model_dump()
    return said
