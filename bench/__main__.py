"""``make bench``: measure, print, and write the figures below ``var/bench/``."""

import argparse
import sys
from pathlib import Path
from typing import Final

from bench import decision_latency, inbox_scale, lighthouse, live, runs, sessions
from embedded.errors import SetupError

_ROOT: Final = Path(__file__).resolve().parent.parent
_ALL: Final = ("decision_latency", "live", "lighthouse", "runs", "sessions", "inbox_scale")


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--decisions", type=int, default=300, help="how many of each kind (default: 300)")
    parser.add_argument("--clients", type=int, default=500, help="how many pages are open (default: 500)")
    parser.add_argument("--announcements", type=int, default=50, help="how many they are told of (default: 50)")
    parser.add_argument("--runs", type=int, default=3, help="how often Lighthouse looks at each page (default: 3)")
    parser.add_argument("--waiting", type=int, default=10_000, help="how many runs wait (default: 10000)")
    parser.add_argument("--sessions", type=int, default=10_000, help="how many sessions pause (default: 10000)")
    parser.add_argument("--requests", type=int, default=1_000_000, help="how full the inbox is (default: 1000000)")
    parser.add_argument("--only", choices=_ALL, default=_ALL, nargs="*", help="which (default: all)")
    arguments = parser.parse_args()
    folder = _ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    if "decision_latency" in arguments.only:
        decision_latency.measure(arguments.decisions, folder / "decision_latency.json")
    if "live" in arguments.only:
        live.measure(arguments.clients, arguments.announcements, folder / "live.json")
    if "lighthouse" in arguments.only:
        lighthouse.measure(arguments.runs, folder / "lighthouse.json")
    if "runs" in arguments.only:
        runs.measure(arguments.waiting, folder / "runs.json")
    if "sessions" in arguments.only:
        sessions.measure(arguments.sessions, folder / "waiting.json")
    if "inbox_scale" in arguments.only:
        inbox_scale.measure(arguments.requests, folder / "inbox_scale.json")


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        sys.exit(f"\n  ✗ {error}\n")
