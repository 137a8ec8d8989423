"""`make lock`: makes every lock anew from the short lists of what we need directly."""

import subprocess
import sys

from embedded.errors import SetupError
from embedded.install import ROOT
from embedded.steps import sentence_or_exit, step

# One lock for every platform and for each Python from 3.12 on. Where things were downloaded from is left out: it is
# each machine's own business.
UV = ["-m", "uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.12"]
UV += ["--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "make lock"]
LISTS = ("requirements", "requirements-dev", "requirements-node")  # in this order: the second builds on the first


def main() -> int:
    """Make the locks; an upgrade is whatever the registries have now."""
    for name in LISTS:
        step(f"{name}.txt", lambda name=name: _run(sys.executable, *UV, f"{name}.in", "-o", f"{name}.txt"))  # type: ignore[misc]
    step("package-lock.json", lambda: _run("npm", "update", "--package-lock-only", "--ignore-scripts"))
    return 0


def _run(*command: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SetupError(f"The locks were not made anew: {' '.join(command[:5])} … failed.")


if __name__ == "__main__":
    sys.exit(sentence_or_exit(main))
