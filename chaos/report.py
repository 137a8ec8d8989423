"""What a storm leaves: a table, ``latest.json``, and on failure all that an investigation needs."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chaos.counting import findings, totals
from chaos.diary import Diary
from chaos.facts import Facts
from chaos.options import Options

BAD = ("lost", "doubled", "wrong", "stuck")


def summary(options: Options, facts: Facts, diary: Diary) -> dict[str, Any]:
    """Return what stands in ``latest.json``."""
    found = findings(facts)
    return {
        **totals(facts),
        "kills": sum(diary.kills.values()),
        "kills_by_process": dict(sorted(diary.kills.items())),
        "also": dict(sorted(diary.others.items())) | _recorded(facts),
        "seed": options.seed,
        "minutes": options.minutes,
        "cluster": options.nodes,
        "seconds": round(diary.seconds, 1),
        "findings": {kind: [{"what": one.what, **one.ids} for one in found[kind]] for kind in BAD},
        "story": [asdict(happening) for happening in diary.happenings],
    }


def is_clean(result: Mapping[str, Any]) -> bool:
    """Whether nothing is lost, doubled, wrong or stuck."""
    return all(result[kind] == 0 for kind in BAD)


def write(result: Mapping[str, Any], folder: Path) -> None:
    """Write ``latest.json`` below ``folder``."""
    (folder / "latest.json").write_text(json.dumps(result, indent=2) + "\n")


def table(result: Mapping[str, Any]) -> str:
    """Return the figures as lines for people, every finding included."""
    by_process = ", ".join(f"{name} {count}" for name, count in result["kills_by_process"].items())
    lines = [f"  {name:<10} {result[name]:>6}" for name in ("requests", "decisions", "effects", "kills")]
    lines[-1] += f"   {by_process}"
    lines += [f"  {kind:<10} {result[kind]:>6}" for kind in BAD]
    lines += [f"  {count:>6} {what}" for what, count in result["also"].items()]
    for kind in BAD:
        lines += [f"  ✗ {kind}: {_line(finding)}" for finding in result["findings"][kind]]
    return "\n".join(lines)


def _line(finding: Mapping[str, Any]) -> str:
    ids = ", ".join(f"{name} {value}" for name, value in finding.items() if name != "what")
    return f"{finding['what']} ({ids})"


def _recorded(facts: Facts) -> dict[str, int]:
    return {
        "decisions that were taken back": sum(decision.taken_back for decision in facts.decisions),
        "answers that agents found invalid": sum(event.code == "decision.invalid" for event in facts.events),
        "requests asked again after one": sum(request.superseded_by is not None for request in facts.requests),
    }
