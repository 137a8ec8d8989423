"""Gathering the facts: from the database, the engine, the ledger and the storm's own diary."""

import json
from pathlib import Path
from typing import Any

import httpx

from chaos.diary import Diary
from chaos.facts import Decision, Delivery, Event, Facts, Finding, Payment, Request, Run
from restate_bridge.introspection import read_journal
from tests.house.house import House

_REQUESTS = """
    SELECT id, invocation_id AS run, kind, status, arguments, announced_at, settled_at,
           superseded_by_id AS superseded_by
    FROM approvals_approvalrequest
"""
_DECISIONS = """
    SELECT decision.id::text, request_id, COALESCE(person.username, '') AS by, outcome, settles, answer, arguments,
           taken_back_at IS NOT NULL AS taken_back
    FROM approvals_decision decision LEFT JOIN auth_user person ON person.id = decision.reviewer_id
    ORDER BY decided_at
"""
_DELIVERIES = "SELECT request_id, state, due_at IS NOT NULL AS due FROM approvals_delivery"
_EVENTS = "SELECT request_id, code, status_to, data FROM approvals_auditevent"
_RUNS = (
    "SELECT id, target_service_key, status, completion_result, completion_failure FROM sys_invocation "
    "WHERE target_service_name = 'Claims' AND target_handler_name = 'ask'"
)


def gathered(house: House, diary: Diary, *, with_answers: bool = True) -> Facts:
    """Return the facts as they are now; ``with_answers`` also asks the engine what each run said at its end.

    Raises:
        BridgeError, psycopg.OperationalError: the engine or the database is away.
    """
    return Facts(
        asked=list(diary.asked),
        acknowledged=list(diary.acknowledged),
        second_thoughts=list(diary.second_thoughts),
        refused=list(diary.refused),
        runs=_runs(house, with_answers=with_answers),
        requests=[Request(**row) for row in house.rows(_REQUESTS)],
        decisions=[Decision(**row) for row in house.rows(_DECISIONS)],
        deliveries=[Delivery(**row) for row in house.rows(_DELIVERIES)],
        events=[_event(row) for row in house.rows(_EVENTS)],
        payments=_payments(house.ledger),
    )


def keep_stories(house: House, found: list[Finding], folder: Path) -> None:
    """Write the journal of every run that a finding names to ``<run>.journal.txt`` below ``folder``."""
    for run in sorted({str(finding.ids["run"]) for finding in found if "run" in finding.ids}):
        lines = [
            f"{entry.index:4} {entry.at} {entry.kind:32} {entry.name} {str(entry.body)[:300]}"
            for entry in read_journal(house.admin, run)
        ]
        (folder / f"{run}.journal.txt").write_text("\n".join(lines) + "\n")


def _runs(house: House, *, with_answers: bool) -> list[Run]:
    rows = house.admin.query(_RUNS)
    with httpx.Client(base_url=house.env["RESTATE_INGRESS_URL"], trust_env=False, timeout=10) as client:
        return [_run(row, client if with_answers else None) for row in rows]


def _run(row: dict[str, Any], client: httpx.Client | None) -> Run:
    answer = ""
    if client is not None and row.get("completion_result") == "success":
        answer = str(client.get(f"/restate/invocation/{row['id']}/output").raise_for_status().json()["answer"])
    return Run(
        id=row["id"],
        session=row["target_service_key"],
        status=row["status"],
        answer=answer,
        failure=row.get("completion_failure", ""),
    )


def _event(row: dict[str, Any]) -> Event:
    # The inbox's own lines say "decision", what an agent sends says "decision_id".
    data = row.pop("data")
    return Event(**row, decision=str(data.get("decision") or data.get("decision_id") or ""))


def _payments(ledger: Path) -> list[Payment]:
    entries = [json.loads(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []
    return [
        Payment(id=entry["id"], run=entry["run"], approved_by=entry["approved_by"], claim=entry["claim"])
        for entry in entries
    ]
