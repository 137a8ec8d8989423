"""Several calls of an agent service in one: what is as it mostly is goes together, the rest one by one."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from prometheus_client import Counter

from approvals.models import AgentService, ApprovalRequest
from approvals.outages import DATABASE_AWAY
from approvals.receipts import receipt_for
from approvals.refusals import REFUSED, Problem, Problems, refusal_of
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.announce import announce_request
from approvals.services.batches import acknowledge_standing, announce_plain, report_results
from approvals.services.patience import impatient
from approvals.services.report import report_result
from restate_bridge.contract import (
    AcknowledgeCall,
    Acknowledgement,
    AnnounceCall,
    Announcement,
    Answer,
    BatchCall,
    Report,
    Verdict,
    logged_about,
)
from restate_bridge.ids import MalformedId, run_of

logger = logging.getLogger(__name__)

_CALLS: Final = Counter(
    "countersign_batched_calls", "Calls that came in batches, each by its own answer.", ["verb", "status"]
)
_REPORTED: Final = Answer(status=204)
_GO: Final = Answer(status=200, body=Verdict(go=True).model_dump())
# For what goes one by one, in seconds: agents wait five for the whole.
_PATIENCE: Final = 2.0

type _Key = tuple[str, str]


def answers_to(agent_service: AgentService, calls: Sequence[BatchCall]) -> list[Answer]:
    """Carry out each call as if it had come by itself, and return the answers in their order.

    A call that fails costs no other its answer. What could not be tried in time is answered with 503.
    """
    first: dict[_Key, BatchCall] = {}
    for call in calls:
        first.setdefault(_key(call), call)
    together = _together(agent_service, list(first.values()))
    until = time.monotonic() + _PATIENCE
    answers = []
    for call in calls:
        answer = together.get(_key(call)) if first[_key(call)] is call else None
        answers.append(answer or _alone(agent_service, call, until))
        _note(call, answers[-1])
    return answers


def _key(call: BatchCall) -> _Key:
    return call.verb, call.awakeable_id


def _note(call: BatchCall, answer: Answer) -> None:
    _CALLS.labels(call.verb, answer.status).inc()
    with suppress(MalformedId), logged_about(run_id=run_of(call.awakeable_id)):
        logger.info("%s in a batch %s", call.verb, answer.status, extra={"status": answer.status})


def _together(agent_service: AgentService, calls: Sequence[BatchCall]) -> dict[_Key, Answer]:
    answers: dict[_Key, Answer] = {}
    for verb, carry_out in _VERBS.items():
        bodies = {call.awakeable_id: call.body for call in calls if call.verb == verb}
        try:
            done = carry_out(agent_service, bodies) if bodies else {}
        except Exception:
            # Nothing was changed; one by one it shows whose fault it is.
            logger.exception("%s of %s together failed", verb, len(bodies))
            done = {}
        answers |= {(verb, awakeable_id): answer for awakeable_id, answer in done.items()}
    return answers


def _announce(agent_service: AgentService, announcements: Mapping[str, Announcement]) -> dict[str, Answer]:
    announced = announce_plain(agent_service=agent_service, announcements=announcements)
    return {key: _announced(key, request, is_new=is_new) for key, (request, is_new) in announced.items()}


def _acknowledge(agent_service: AgentService, acknowledged: Mapping[str, Acknowledgement]) -> dict[str, Answer]:
    return dict.fromkeys(acknowledge_standing(agent_service=agent_service, acknowledged=acknowledged), _GO)


def _report(agent_service: AgentService, reports: Mapping[str, Report]) -> dict[str, Answer]:
    return dict.fromkeys(report_results(agent_service=agent_service, reports=reports), _REPORTED)


_VERBS: Final[Mapping[str, Callable[[AgentService, Mapping[str, Any]], dict[str, Answer]]]] = {
    "announce": _announce,
    "acknowledge": _acknowledge,
    "report": _report,
}


def _announced(awakeable_id: str, request: ApprovalRequest, *, is_new: bool) -> Answer:
    receipt = receipt_for(request, awakeable_id, is_new=is_new)
    return Answer(status=201 if is_new else 200, body=receipt.model_dump(mode="json"))


def _alone(agent_service: AgentService, call: BatchCall, until: float) -> Answer:
    if time.monotonic() > until:
        return _no(503, Problem(message="there was no time left for this: send it again"))
    try:
        return _carried_out(agent_service, call)
    except REFUSED as error:
        return _no(*refusal_of(error))
    except DATABASE_AWAY:
        logger.warning("%s could not be carried out now", call.verb, exc_info=True)
        return _no(503, Problem(message="the database is away, or busy with this request: send it again"))
    except Exception:
        logger.exception("%s failed", call.verb)
        return _no(500, Problem(message="the inbox failed; its log says why"))


def _no(status: int, problem: Problem) -> Answer:
    return Answer(status=status, body=Problems(problems=[problem]).model_dump())


def _carried_out(agent_service: AgentService, call: BatchCall) -> Answer:
    awakeable_id = call.awakeable_id
    if isinstance(call, AnnounceCall):
        request, is_new = impatient(announce_request)(
            agent_service=agent_service, awakeable_id=awakeable_id, announcement=call.body
        )
        return _announced(awakeable_id, request, is_new=is_new)
    if isinstance(call, AcknowledgeCall):
        verdict = impatient(acknowledge_decision)(
            agent_service=agent_service, awakeable_id=awakeable_id, acknowledgement=call.body
        )
        return Answer(status=200, body=verdict.model_dump())
    impatient(report_result)(agent_service=agent_service, awakeable_id=awakeable_id, report=call.body)
    return _REPORTED
