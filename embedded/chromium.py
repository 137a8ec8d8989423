"""Finds a Chromium for the browser tests: the one installed, else Debian's package, else Playwright's.

`python -m embedded.chromium COMMAND…` runs a command with CHROMIUM_PATH set to it or, where none can be had,
NO_CHROMIUM_REASON. Without a command it prints the path.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from embedded.steps import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find() -> str | None:
    """The browser that is installed, if one is and it runs."""
    candidates = [os.environ.get("CHROMIUM_PATH"), *map(shutil.which, NAMES), str(ON_MACOS), _playwrights_own()]
    return next((path for path in candidates if path and _run(path, "--version")), None)


def find_or_install() -> str | None:
    """The installed browser, or one that we install now."""
    if path := find():
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("  · installing Chromium with apt-get")
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        _run("apt-get", "update") and _run("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
    if not (path := find()):
        say("  · installing Chromium with Playwright")
        _run(sys.executable, "-m", "playwright", "install", "chromium")
        path = find()
    return path


def _playwrights_own() -> str | None:
    caches = [os.environ.get("PLAYWRIGHT_BROWSERS_PATH"), "~/.cache/ms-playwright", "~/Library/Caches/ms-playwright"]
    programs = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    folders = [Path(cache).expanduser() for cache in caches if cache]
    found = [path for folder in folders for program in programs for path in folder.glob(program)]
    return str(max(found)) if found else None


def _run(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=600, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def main() -> int:
    """Print the path, or become the command with the browser in its environment."""
    path = find_or_install()
    reason = "no Chromium is installed, and neither apt-get nor Playwright could install one"
    if len(sys.argv) == 1:
        say(path or reason)
        return 0 if path else 1
    browser = {"CHROMIUM_PATH": path} if path else {"NO_CHROMIUM_REASON": reason}
    say(f"  · browser: {path or reason}")
    os.execvpe(sys.argv[1], sys.argv[1:], os.environ | browser)


if __name__ == "__main__":
    sys.exit(main())
