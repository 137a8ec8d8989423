"""A second thought: a person takes back what they decided, as long as the courier has not taken it up."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from approvals.errors import NothingToTakeBack, OnItsWay
from approvals.models import ApprovalRequest, Decision, Delivery
from approvals.notify import wake_courier
from approvals.rules.lifecycle import Status
from approvals.selectors.decisions import counted_decision_of, decisions_of, has_set_out, is_replaced
from approvals.services.recording import by_user, change_status, lock, record


@transaction.atomic
def take_back_decision(*, request_id: int, reviewer: User) -> Decision:
    """Take back what ``reviewer`` decided: it never counts again, and the request is pending.

    An approval that the quorum still waits on can be taken back as long as the request is pending.

    Raises:
        ApprovalRequest.DoesNotExist: there is no such request.
        NothingToTakeBack: no decision of theirs counts here, or the same was asked in another request since.
        OnItsWay: the courier has taken it up.
    """
    request = lock(request_id)
    decision = counted_decision_of(reviewer, request, decisions_of(request))
    if decision is None or is_replaced(request):
        raise NothingToTakeBack(f"{reviewer.username} has decided nothing on #{request_id} that counts")
    if decision.settles:
        _stop_delivery(decision)
    decision.settles, decision.taken_back_at = False, timezone.now()
    decision.save(update_fields=["settles", "taken_back_at"])
    _put_on_record(request, decision, actor=by_user(reviewer))
    return decision


def _stop_delivery(decision: Decision) -> None:
    # The courier's claim is an update of this very row. Whoever has it first wins: a claim skips a locked row, and
    # this waits for a claim and then sees it. No clock is compared.
    delivery = Delivery.objects.select_for_update().get(decision=decision)
    if has_set_out(decision, delivery):
        raise OnItsWay(f"the decision on #{decision.request_id} is {delivery.state}")
    delivery.delete()


def _put_on_record(request: ApprovalRequest, decision: Decision, *, actor: str) -> None:
    facts = {"decision": str(decision.pk), "outcome": decision.outcome}
    if request.is_pending:
        record(request, actor=actor, code="decision.taken_back", data=facts)
        return
    change_status(request, Status.PENDING, actor=actor, data=facts)
    # Its deadline and its stages are due times again.
    wake_courier()
