"""Lighthouse, in a browser of its own, on the pages of a house as somebody sees them who is signed in."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from embedded.settings import ROOT
from tests.house.house import House
from tests.house.people import Person

HOTEL: Final = "Please reimburse 1,640 USD for a hotel, two nights during the audit."
_PROGRAM: Final = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
_FLAGS: Final = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage"]


def missing() -> str:
    """Return what Lighthouse lacks here, as a sentence; empty when it can run."""
    if not os.environ.get("CHROMIUM_PATH"):
        return os.environ.get("NO_CHROMIUM_REASON", "CHROMIUM_PATH is not set; `make test` finds a browser")
    if not shutil.which("node"):
        return "Lighthouse needs Node.js, which is not on the path"
    return "" if _PROGRAM.exists() else "Lighthouse is not there; `make install-dev` brings it"


def main_pages(house: House) -> dict[str, str]:
    """Ask for something, and return the paths of the pages that people work with, by name."""
    request = house.request_of(house.ask(HOTEL, session="lighthouse"))["id"]
    return {
        "inbox": "/",
        "request": f"/requests/{request}/",
        "editing": f"/requests/{request}/?edit=1",
        "record": f"/requests/{request}/record/",
        "sign-in": "/sign-in/",
    }


def examine(
    house: House, path: str, *, username: str = "", categories: Sequence[str], options: Sequence[str] = ()
) -> dict[str, Any]:
    """Return Lighthouse's report on a page.

    Args:
        username: who is signed in; nobody when empty.
        categories: such as ``accessibility``.
        options: more of Lighthouse's own.
    """
    with tempfile.TemporaryDirectory() as folder:
        report, headers = Path(folder) / "report.json", Path(folder) / "headers.json"
        headers.write_text(json.dumps(_cookie(house, username) if username else {}))
        command = [
            "node", str(_PROGRAM), house.url + path, "--quiet", "--output=json", f"--output-path={report}",
            "--no-enable-error-reporting", f"--only-categories={','.join(categories)}", f"--extra-headers={headers}",
            f"--chrome-flags={' '.join(_flags())}", *options,
        ]  # fmt: skip
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False, timeout=180)
        assert report.exists(), f"Lighthouse made no report on {path}:\n{done.stdout}\n{done.stderr}"
        found: dict[str, Any] = json.loads(report.read_text())
    assert found["finalDisplayedUrl"] == house.url + path, found["finalDisplayedUrl"]
    return found


def score(report: Mapping[str, Any], category: str) -> int:
    """Return a category's score, 0 to 100."""
    of_one: float = report["categories"][category]["score"]
    return round(of_one * 100)


def complaints(report: Mapping[str, Any], category: str) -> list[str]:
    """Return which audits of a category were not passed, and where."""
    audits = [report["audits"][reference["id"]] for reference in report["categories"][category]["auditRefs"]]
    return [
        f"{audit['id']}: {[item.get('node', item) for item in audit.get('details', {}).get('items', [])][:5]}"
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]


def _cookie(house: House, username: str) -> dict[str, str]:
    with Person(house, username) as person:
        return {"Cookie": person.cookie}


def _flags() -> list[str]:
    return [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else _FLAGS


def _environment() -> dict[str, str]:
    return {**os.environ, "CHROME_PATH": os.environ["CHROMIUM_PATH"]}
