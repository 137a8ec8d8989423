"""``make bench``: measure, print, and write the figures below ``var/bench/``."""

import argparse
from pathlib import Path
from typing import Final

from bench import decision_latency

_ROOT: Final = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--decisions", type=int, default=300, help="how many of each kind (default: 300)")
    arguments = parser.parse_args()
    folder = _ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    decision_latency.measure(arguments.decisions, folder / "decision_latency.json")


if __name__ == "__main__":
    main()
