"""The checks see what is wrong: each broken row is complained about, and the sound one is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.utils import timezone

from approvals.services.escalate import carry_out_next_escalation
from tests.approvals.protocol.changes import wrong_changes
from tests.approvals.protocol.invariants import violations
from tests.approvals.protocol.records import Records, Row, differences, read_records
from tests.approvals.protocol.verdicts import Go, broken_promises
from tests.approvals.protocol.world import DAY, World


@dataclass(frozen=True)
class Sound:
    """Records in which two people approved a request, the agent has the decision, and a stage was carried out."""

    records: Records
    go: Go


@pytest.fixture
def sound(world: World) -> Sound:
    asked = world.announce(quorum=2)
    carry_out_next_escalation(now=timezone.now() + DAY / 2)
    world.approve(asked, "reviewer")
    decision = world.approve(asked, "second-reviewer")
    assert world.acknowledge(asked, str(decision.pk))
    return Sound(read_records(), world.told[0])


def with_changed(records: Records, table: str, changes: Mapping[str, Any]) -> Records:
    """Return the records with the latest row of a table changed."""
    rows = getattr(records, table)
    key = list(rows)[-1]
    return replace(records, **{table: {**rows, key: {**rows[key], **changes}}})


def without_the_latest(records: Records, table: str) -> Records:
    """Return the records without the latest row of a table."""
    return replace(records, **{table: dict(list(getattr(records, table).items())[:-1])})


def test_sound_records_are_not_complained_about(sound: Sound) -> None:
    assert violations(sound.records) == []
    assert wrong_changes(sound.records, sound.records) == []
    assert differences(sound.records, sound.records) == []
    assert list(broken_promises([sound.go], sound.records)) == []


@pytest.mark.parametrize(
    ("table", "changes", "complaint"),
    [
        ("requests", {"status": "rejected"}, "a decision that says approved"),
        ("requests", {"status": "pending"}, "1 settling decisions"),
        ("requests", {"status": "expired"}, "its record leads to"),
        ("requests", {"settled_at": None}, "settled at None"),
        ("requests", {"quorum": 3}, "2 of 3 people"),
        ("decisions", {"settles": False}, "0 settling decisions"),
        ("decisions", {"digest": "sha256:another"}, "1 of 2 people"),
        ("decisions", {"taken_back_at": 1}, "taken back and still counts"),
        ("deliveries", {"decision_id": 1}, "of another decision"),
        ("deliveries", {"received_at": None}, "received at None"),
        ("deliveries", {"state": "done"}, "finished at None"),
        ("deliveries", {"due_at": None}, "nobody looks after"),
        ("events", {"status_from": "rejected"}, "its record leads to"),
        ("events", {"code": "request.reminded"}, "the record has 2"),
        ("escalations", {"carried_out_at": 1}, "2 stages were carried out"),
    ],
)
def test_a_broken_row_is_complained_about(sound: Sound, table: str, changes: Row, complaint: str) -> None:
    # The line that settles it is the last but one in the record.
    base = without_the_latest(sound.records, "events") if table == "events" else sound.records
    assert complaint in "\n".join(violations(with_changed(base, table, changes)))


@pytest.mark.parametrize("table", ["decisions", "deliveries"])
def test_a_missing_row_is_complained_about(sound: Sound, table: str) -> None:
    assert violations(without_the_latest(sound.records, table)) != []


def test_a_stage_that_was_left_out_is_complained_about(sound: Sound) -> None:
    stages = sound.records.escalations
    turned = {key: {**row, "carried_out_at": None if row["carried_out_at"] else 1} for key, row in stages.items()}
    assert "a stage was left out" in "\n".join(violations(replace(sound.records, escalations=turned)))


@pytest.mark.parametrize("link", ["superseded_by_id", "restarted_from_id"])
def test_a_request_that_waits_though_another_was_asked_is_complained_about(world: World, link: str) -> None:
    first, second = world.announce(), world.announce()
    linked = {"superseded_by_id": (first.pk, second.pk), "restarted_from_id": (second.pk, first.pk)}
    key, other = linked[link]
    records = read_records()
    requests = {**records.requests, key: {**records.requests[key], link: other}}
    assert "another was asked" in "\n".join(violations(replace(records, requests=requests)))


@pytest.mark.parametrize(
    ("table", "changes", "complaint"),
    [
        ("requests", {"status": "expired"}, "went from approved to expired"),
        ("requests", {"status": "pending"}, "the record does not say so"),
        ("requests", {"status": "pending"}, "the agent acts on what it was"),
        ("requests", {"tool": "another"}, "has other {'tool'}"),
        ("decisions", {"outcome": "rejected"}, "has other {'outcome'}"),
        ("deliveries", {"state": "sent"}, "went from received to sent"),
        ("deliveries", {"decision_id": 1}, "carries another decision"),
        ("deliveries", {"received_at": None}, "the agent has delivery"),
        ("events", {"actor": "nobody"}, "and is"),
        ("escalations", {"due_at": 1}, "stage"),
    ],
)
def test_a_change_that_no_verb_may_make_is_complained_about(
    sound: Sound, table: str, changes: Row, complaint: str
) -> None:
    changed = with_changed(sound.records, table, changes)
    assert complaint in "\n".join(wrong_changes(sound.records, changed))
    assert len(differences(sound.records, changed)) == 1


@pytest.mark.parametrize("table", ["requests", "decisions", "deliveries", "events", "escalations", "asked"])
def test_a_row_that_is_gone_is_complained_about(sound: Sound, table: str) -> None:
    assert wrong_changes(sound.records, without_the_latest(sound.records, table)) != []


def test_acting_on_what_does_not_stand_is_complained_about(sound: Sound) -> None:
    break_it: list[Callable[[Records], Records]] = [
        lambda records: with_changed(records, "decisions", {"settles": False}),
        lambda records: with_changed(records, "decisions", {"taken_back_at": 1}),
        lambda records: with_changed(records, "deliveries", {"received_at": None}),
    ]
    for broken in break_it:
        assert list(broken_promises([sound.go], broken(sound.records))) != []
    assert list(broken_promises([Go(sound.go.request, "another")], sound.records)) != []
