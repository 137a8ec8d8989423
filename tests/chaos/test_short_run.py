"""A short storm, as ``make chaos`` raises a longer one."""

import json
from pathlib import Path

from chaos.options import Options
from chaos.session import run


def test_in_a_short_storm_nothing_is_lost_doubled_wrong_or_stuck(tmp_path: Path) -> None:
    results = tmp_path / "chaos"
    status = run(Options(requests=12, minutes=0.4, nodes=1, seed="a short run"), results)
    found = json.loads((results / "latest.json").read_text())
    assert {kind: found[kind] for kind in found["findings"]} == {"lost": 0, "doubled": 0, "wrong": 0, "stuck": 0}
    assert status == 0
    assert set(found["kills_by_process"]) == {"postgres", "restate", "web", "courier", "courier-2", "agents"}
    assert found["requests"] >= 12
    assert found["decisions"] >= 12
    assert found["effects"] > 0
