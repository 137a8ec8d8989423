"""Entries of a journal as the engine wrote it for the sample agent that reimburses claims."""

import json
from pathlib import Path
from typing import Any

from operations.presentation.step_kinds import StepKind
from operations.presentation.timeline import Step
from operations.selectors.payloads import Payloads
from restate_bridge.journal import unwrapped

_JOURNALS: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("claims_journal.json").read_text())


def held(journal: str) -> Payloads:
    """Return what all entries of a journal (``approve`` or ``reject``) hold."""
    return Payloads({row["index"]: unwrapped(row["entry_json"]) for row in _JOURNALS[journal]})


def step(kind: StepKind, entry: int, *answers: int) -> Step:
    """Return a step of which only its entries matter."""
    return Step(kind, entry, answers=answers)
