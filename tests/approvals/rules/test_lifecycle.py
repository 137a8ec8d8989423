"""The lifecycle table."""

import pytest

from approvals.rules.lifecycle import (
    DELIVERY_TABLE,
    STATUS_TABLE,
    DeliveryState,
    IllegalTransition,
    Status,
    check_delivery,
    check_status,
)


def test_every_status_and_state_stands_in_its_table() -> None:
    assert set(STATUS_TABLE) == set(Status)
    assert set(DELIVERY_TABLE) == set(DeliveryState)


def test_pending_leads_everywhere_and_what_a_person_decided_leads_back_alone() -> None:
    back = {status for status, following in STATUS_TABLE.items() if following == {Status.PENDING}}
    assert back == {Status.APPROVED, Status.REJECTED, Status.ANSWERED}
    assert not STATUS_TABLE[Status.EXPIRED] | STATUS_TABLE[Status.WITHDRAWN]
    for status in set(Status) - {Status.PENDING}:
        check_status(Status.PENDING, status)
        with pytest.raises(IllegalTransition):
            check_status(status, Status.EXPIRED)


def test_what_was_received_cannot_become_undeliverable() -> None:
    with pytest.raises(IllegalTransition):
        check_delivery(DeliveryState.RECEIVED, DeliveryState.UNDELIVERABLE)


def test_done_is_final_and_a_failure_leads_to_what_is_reported_after_all_alone() -> None:
    assert not DELIVERY_TABLE[DeliveryState.DONE]
    assert DELIVERY_TABLE[DeliveryState.FAILED] == {DeliveryState.DONE, DeliveryState.FAILED}


def test_nothing_is_done_before_it_was_received() -> None:
    leading_to_done = [state for state, following in DELIVERY_TABLE.items() if DeliveryState.DONE in following]
    assert leading_to_done == [DeliveryState.RECEIVED, DeliveryState.FAILED]
    leading_to_failed = [state for state, following in DELIVERY_TABLE.items() if DeliveryState.FAILED in following]
    assert leading_to_failed == leading_to_done
