"""``make chaos``: kill everything at random while agents ask and people decide, then count.

What the figures mean is said in `chaos.lost`, `chaos.doubled`, `chaos.wrong` and `chaos.stuck`.
"""

import argparse
import sys
from typing import Final

from chaos.options import Options
from chaos.session import run
from embedded.errors import SetupError
from embedded.settings import ROOT

_INTERRUPTED: Final = 130


def main() -> int:
    """Return the exit status: 0 when nothing is lost, doubled, wrong or stuck."""
    try:
        return run(Options.read(_arguments()), ROOT / "var" / "chaos")
    except SetupError as error:
        print(f"\n  ✗ {error}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  Interrupted: everything was stopped, and nothing was counted.\n", file=sys.stderr)
        return _INTERRUPTED


def _arguments() -> dict[str, str]:
    parser = argparse.ArgumentParser(prog="python -m chaos", description="What make chaos runs.")
    parser.add_argument("--requests", default="100", help="how many messages to agents (default: 100)")
    parser.add_argument("--minutes", default="3", help="for how long processes are killed (default: 3)")
    parser.add_argument("--cluster", default="1", help="how many Restate servers, 1 or 3 (default: 1)")
    parser.add_argument("--seed", default="", help="of the random choices (default: another one each time)")
    return vars(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
