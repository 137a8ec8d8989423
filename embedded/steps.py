"""One line a step, with its time. Standard library only: the installer uses it too."""

import sys
import time
from collections.abc import Callable

from embedded.errors import SetupError


def say(text: str = "") -> None:
    """Print a line now, also where the terminal has no UTF-8."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def done(name: str, seconds: float) -> None:
    """Report a finished step and how long it took, in seconds."""
    say(f"  ✓ {name:<26} {seconds:6.1f} s")


def already(name: str) -> None:
    """Report a step that had nothing to do."""
    say(f"  ✓ {name:<26} already there")


def step(name: str, work: Callable[[], object]) -> None:
    """Do the work and report it."""
    started = time.monotonic()
    work()
    done(name, time.monotonic() - started)


def sentence_or_exit(main: Callable[[], int]) -> int:
    """Run a command; a problem becomes one sentence on stderr and exit code 1, an interruption 130."""
    try:
        return main()
    except SetupError as error:
        print(f"\n  ✗ {error}\n", file=sys.stderr)
        return 1
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"\n  ✗ {error.strerror or error}{where}; put that right and run the command again.\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n  Stopped half-way; the same command goes on from here.\n", file=sys.stderr)
        return 130
