"""From what is to be done to the verbs that do it."""

from datetime import datetime

from approvals.courier.comparing import Finding
from approvals.rules.reconciling import Flag, Step
from approvals.services.arriving import (
    note_going_on,
    note_kept,
    note_never_reported,
    note_read_back,
    note_undeliverable,
    queue_again,
    take_over_report,
)
from approvals.services.reconciling import note_found, note_missing, withdraw_ended
from approvals.services.restarts import link_restart


def act_on(finding: Finding, now: datetime) -> None:
    """Carry out a finding: nothing is written when nothing has changed."""
    if finding.flag is Flag.MISSING:
        note_missing(request_id=finding.request_id, at=now)
    elif finding.flag is Flag.FOUND:
        note_found(request_id=finding.request_id, at=now)
    if finding.delivery_id is None:
        _act_on_request(finding, now)
    else:
        _act_on_delivery(finding.delivery_id, finding, now)


def _act_on_request(finding: Finding, now: datetime) -> None:
    if finding.verdict.step is Step.WITHDRAW:
        withdraw_ended(request_id=finding.request_id, at=now, reason=finding.verdict.reason)
    elif finding.verdict.step is Step.LINK:
        link_restart(request_id=finding.request_id, parent_invocation_id=finding.parent)


def _act_on_delivery(delivery_id: int, finding: Finding, now: datetime) -> None:
    reason = finding.verdict.reason
    match finding.verdict.step:
        case Step.KEEP:
            note_kept(delivery_id=delivery_id, at=now)
        case Step.GO_ON:
            note_going_on(delivery_id=delivery_id, at=now)
        case Step.QUEUE_AGAIN:
            queue_again(delivery_id=delivery_id, at=now)
        case Step.GIVE_UP:
            note_undeliverable(delivery_id=delivery_id, at=now, reason=reason)
        case Step.CALL_FAILED:
            note_never_reported(delivery_id=delivery_id, at=now, reason=reason)
        case Step.TAKE_OVER:
            take_over_report(delivery_id=delivery_id, at=now)
        case Step.RECEIVE:
            note_read_back(delivery_id=delivery_id, at=now)
