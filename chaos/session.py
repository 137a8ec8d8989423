"""One session of chaos: a house of its own, a storm over it, the report, and the logs when something is amiss."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from chaos.counting import findings
from chaos.diary import Diary
from chaos.evidence import keep_stories
from chaos.options import Options
from chaos.report import is_clean, summary, table, write
from chaos.storm import Storm, reviewers
from embedded.steps import say
from tests.house.house import House
from tests.house.processes import scratch

_EVERY: Final = 10.0


def run(options: Options, results: Path) -> int:
    """Raise a storm over a house of its own and report below ``results``; return the exit status."""
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    servers = "one Restate server" if options.nodes == 1 else f"a cluster of {options.nodes} Restate servers"
    say(f"  {options.requests} requests, {options.minutes:g} minutes of kills, {servers}, seed {options.seed}")
    with tempfile.TemporaryDirectory() as folder, _house(Path(folder), options.nodes) as house:
        calm = False
        try:
            with reviewers(house) as people:
                diary = Diary()
                facts = Storm(house, people, options, diary, Lines()).rage()
            result = summary(options, facts, diary)
            write(result, results)
            say(table(result))
            calm = is_clean(result)
            if not calm:
                keep_stories(house, [one for found in findings(facts).values() for one in found], results)
        finally:
            if not calm:
                _keep_logs(house, results)
    return 0 if calm else 1


class Lines:
    """Prints a line of progress every ten seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic()

    def __call__(self, diary: Diary, doing: str) -> None:
        """Print it, if it is time."""
        if time.monotonic() < self._next:
            return
        self._next += _EVERY
        decided, kills = len(diary.acknowledged), sum(diary.kills.values())
        say(f"  {diary.seconds:5.0f} s: {len(diary.asked)} asked, {decided} decided, {kills} killed; {doing}")


def _house(folder: Path, nodes: int) -> House:
    often = {"COUNTERSIGN_DELIVERY_CHECK_SECONDS": "1", "COUNTERSIGN_UNDO_SECONDS": "1"}
    return House(scratch(folder), nodes=nodes, couriers=2, **often)


def _keep_logs(house: House, results: Path) -> None:
    for name in house.processes:
        house.keep_log(name, results)
    say(f"  The logs of all processes are in {results}.")
